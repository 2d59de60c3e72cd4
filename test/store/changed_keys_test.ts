// The noting of changed keys: in the commit of the change, each key once, and over crashes.
import { assertEquals } from "@std/assert";
import { ChangedKeys, MAX_WAITING } from "../../src/store/changes/changed_keys.ts";
import { Commits } from "../../src/store/kv/commits.ts";
import type { Mutation } from "../../src/store/kv/mutation.ts";
import { keysOf } from "../../src/store/tables.ts";

const SITE = "site1";

/** A database with its commit queue and the noting. */
async function open(kv: Deno.Kv, { failing = { now: false }, begin = true } = {}) {
  const atomic = () => {
    const operation = kv.atomic();
    const commit = operation.commit.bind(operation);
    operation.commit = async () => {
      if (failing.now) throw new TypeError("disk I/O error");
      return await commit();
    };
    return operation;
  };
  const commits = new Commits({ atomic }, { window_ms: 0 });
  const changes = new ChangedKeys({ commits, read: kv, now: () => 1000 }, keysOf(SITE));
  await changes.load();
  if (begin) await changes.begin();
  const put = (...keys: (string | number)[][]) =>
    commits.put(keys.map((rest): Mutation => ({ key: [SITE, ...rest], value: new Uint8Array(3) })));
  return { commits, changes, put };
}

/** Ends the walk, so that changes are noted one by one. */
async function noting(kv: Deno.Kv) {
  const opened = await open(kv);
  await opened.changes.remember({ walk: null });
  return opened;
}

function waiting(changes: ChangedKeys): string[] {
  return changes.take(1000).map(({ rest }) => rest.join("/"));
}

async function entries(kv: Deno.Kv): Promise<number> {
  return (await Array.fromAsync(kv.list({ prefix: [SITE, "change"] }))).length;
}

Deno.test("ChangedKeys notes each changed key once, oldest first, and what stays at the site not at all", async () => {
  using kv = await Deno.openKv(":memory:");
  const { changes, put } = await noting(kv);
  await put(["a", 1], ["session", "s"], ["journal", 9]);
  await put(["b", 1]);
  await put(["a", 1]);
  assertEquals(waiting(changes), ["a/1", "b/1"]);
  assertEquals(changes.oldest, 1000);
});

Deno.test("ChangedKeys costs nothing where no fleet is: no key is noted, nothing is written", async () => {
  using kv = await Deno.openKv(":memory:");
  const { changes, put } = await open(kv, { begin: false });
  await put(["a", 1]);
  assertEquals(changes.size, 0);
  assertEquals((await Array.fromAsync(kv.list({ prefix: [SITE] }))).length, 1);
});

Deno.test("ChangedKeys still knows after a crash what waits, and deletes the entries whose keys were sent", async () => {
  using kv = await Deno.openKv(":memory:");
  {
    const { changes, put } = await noting(kv);
    for (let index = 0; index < 60; index++) await put(["a", index]);
    await put(["b"]);
    changes.sent(changes.take(1000).filter(({ rest }) => rest[0] === "a" && Number(rest[1]) < 50));
    await put(["c"]);
    await put(["d"]);
  }
  const { changes } = await open(kv);
  const left = waiting(changes).sort();
  assertEquals(left, [
    "a/50",
    "a/51",
    "a/52",
    "a/53",
    "a/54",
    "a/55",
    "a/56",
    "a/57",
    "a/58",
    "a/59",
    "b",
    "c",
    "d",
  ]);
  assertEquals(await entries(kv), 13);
});

Deno.test("ChangedKeys keeps a key that has changed again while it was sent", async () => {
  using kv = await Deno.openKv(":memory:");
  const { changes, put } = await noting(kv);
  await put(["a"], ["b"]);
  const taken = changes.take(10);
  await put(["a"]);
  changes.sent(taken);
  assertEquals(waiting(changes), ["a"]);
});

Deno.test("ChangedKeys writes nothing for a key that waits already, until it is taken; then a crash does not lose it", async () => {
  using kv = await Deno.openKv(":memory:");
  {
    const { changes, put } = await noting(kv);
    for (let count = 0; count < 5; count++) await put(["a"]);
    assertEquals(await entries(kv), 1);
    const taken = changes.take(10);
    for (let count = 0; count < 5; count++) await put(["a"]);
    assertEquals(await entries(kv), 1, "the first one, whose key is in the second, is deleted");
    changes.sent(taken);
    await put(["b"]);
  }
  const { changes } = await open(kv);
  assertEquals(waiting(changes).sort(), ["a", "b"]);
});

Deno.test("ChangedKeys notes a key again whose commit failed: only a stored entry survives a crash", async () => {
  using kv = await Deno.openKv(":memory:");
  const failing = { now: false };
  {
    const { changes, put } = await open(kv, { failing });
    await changes.remember({ walk: null });
    failing.now = true;
    await put(["a"]).catch(() => {});
    failing.now = false;
    await put(["a"]);
  }
  const { changes } = await open(kv);
  assertEquals(waiting(changes), ["a"]);
});

Deno.test("ChangedKeys takes the keys of a failed commit for changed: it may be stored nevertheless", async () => {
  using kv = await Deno.openKv(":memory:");
  const failing = { now: false };
  const { changes, put } = await open(kv, { failing });
  await changes.remember({ walk: null });
  failing.now = true;
  await put(["a"]).catch(() => {});
  assertEquals(waiting(changes), ["a"]);
});

Deno.test("ChangedKeys notes nothing until the walk of all keys begins, and everything from then on", async () => {
  using kv = await Deno.openKv(":memory:");
  const { changes, put } = await open(kv);
  await put(["a"]);
  assertEquals(waiting(changes), []);
  await changes.remember({ walk: { after: [] } });
  await put(["b"]);
  assertEquals(waiting(changes), ["b"]);
  await changes.end();
  await put(["c"]);
  await changes.begin();
  assertEquals(changes.state.walk, { after: null });
});

Deno.test("ChangedKeys is bounded: with too many keys it drops them all for a walk", async () => {
  using kv = await Deno.openKv(":memory:");
  const { changes, commits } = await noting(kv);
  const value = new Uint8Array();
  changes.mutations(
    Array.from({ length: MAX_WAITING + 1 }, (_, index) => ({ key: [SITE, "x", index], value })),
  );
  changes.settled(true);
  await commits.flush();
  assertEquals([changes.size, changes.oldest, changes.state.walk], [0, null, { after: null }]);
});
