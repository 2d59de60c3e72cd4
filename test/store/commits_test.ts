import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Commits } from "../../src/store/kv/commits.ts";
import { deleteMutation } from "../../src/store/kv/mutation.ts";
import { keysOf } from "../../src/store/tables.ts";
import { Readings } from "../../src/store/readings/readings.ts";
import { message, upTo } from "./temporary_store.ts";

/** A database whose commits end when the test says so. */
class HeldKv {
  readonly commits: { keys: string[]; done: PromiseWithResolvers<{ ok: boolean }> }[] = [];

  atomic(): Deno.AtomicOperation {
    const keys: string[] = [];
    const commit = () => {
      const done = Promise.withResolvers<{ ok: boolean }>();
      this.commits.push({ keys, done });
      return done.promise;
    };
    const atomic = {
      set: (key: Deno.KvKey) => keys.push(key.join("/")),
      delete: (key: Deno.KvKey) => keys.push(`-${key.join("/")}`),
      commit,
    };
    return atomic as unknown as Deno.AtomicOperation;
  }

  /** Ends the commit under way. */
  async end(error?: Error): Promise<void> {
    const { done } = this.commits.at(-1)!;
    if (error) done.reject(error);
    else done.resolve({ ok: true });
    await turn();
  }
}

const LATER = 3_600_000;

/** Lets what is due in this turn happen. */
async function turn(): Promise<void> {
  for (const _ of upTo(20)) await Promise.resolve();
}

function setup(options: { window_ms?: number; batch_size?: number } = {}) {
  const kv = new HeldKv();
  return { kv, commits: new Commits(kv, { window_ms: LATER, ...options }) };
}

function value(key: string, bytes = 1) {
  return { key: [key], value: new Uint8Array(bytes) };
}

Deno.test("Commits puts what comes while a commit is under way into the next one", async () => {
  const { kv, commits } = setup();
  const first = commits.put([value("a")]);
  await turn();
  const others = [commits.put([value("b"), value("c")]), commits.put([deleteMutation(["d"])])];
  await turn();
  assertEquals(kv.commits.map(({ keys }) => keys), [["a"]]);
  await kv.end();
  await first;
  assertEquals(kv.commits.map(({ keys }) => keys), [["a"], ["b", "c", "-d"]]);
  await kv.end();
  await Promise.all(others);
  assertEquals(commits.stats.commits, 2);
  assertEquals(commits.stats.mutations, 4);
});

Deno.test("Commits resolves a put only when its commit has", async () => {
  const { kv, commits } = setup();
  let done = false;
  const put = commits.put([value("a")]).then(() => done = true);
  await turn();
  assertEquals(done, false);
  await kv.end();
  await put;
});

Deno.test("Commits lets the last write of a key win", async () => {
  const { kv, commits } = setup();
  const puts = [commits.put([value("a")]), commits.put([deleteMutation(["a"])])];
  await turn();
  await kv.end();
  await Promise.all(puts);
  assertEquals(kv.commits.map(({ keys }) => keys), [["-a"]]);
});

Deno.test("Commits keeps deferred puts until others take them along", async () => {
  const { kv, commits } = setup();
  const deferred = commits.put([value("a")], { deferred: true });
  await turn();
  assertEquals(kv.commits.length, 0);
  const urgent = commits.put([value("b")]);
  await turn();
  assertEquals(kv.commits[0]!.keys, ["a", "b"]);
  await kv.end();
  await Promise.all([deferred, urgent]);
  await commits.close();
});

Deno.test("Commits lets deferred puts go when they are enough", async () => {
  const { kv, commits } = setup({ batch_size: 3 });
  const puts = upTo(3).map((index) => commits.put([value(`${index}`)], { deferred: true }));
  await turn();
  assertEquals(kv.commits[0]!.keys, ["0", "1", "2"]);
  await kv.end();
  await Promise.all(puts);
  await commits.close();
});

Deno.test("Commits lets deferred puts go when the window is over", async () => {
  const kv = await Deno.openKv(":memory:");
  const commits = new Commits(kv, { window_ms: 1 });
  await commits.put([value("a")], { deferred: true });
  assertEquals((await kv.get(["a"])).value, new Uint8Array(1));
  kv.close();
});

Deno.test("Commits rejects exactly the puts of the commit that failed", async () => {
  const { kv, commits } = setup();
  const first = commits.put([value("a")]);
  const with_first = commits.put([value("b")]);
  await turn();
  const second = commits.put([value("c")]);
  await kv.end(new Error("disk full"));
  await assertRejects(() => first, Error, "disk full");
  await assertRejects(() => with_first, Error, "disk full");
  await kv.end();
  await second;
  assertEquals([commits.stats.commits, commits.stats.failures, commits.stats.last_error], [1, 1, null]);
});

Deno.test("Commits splits at the limits of one atomic", async () => {
  const { kv, commits } = setup();
  const many = commits.put(upTo(900).map((index) => value(`${index}`)));
  const one_more = commits.put([value("more")]);
  const large = upTo(11).map((index) => commits.put([value(`large${index}`, 65_536)]));
  const long = "k".repeat(600);
  const keys = upTo(50).map((index) => commits.put([value(`${long}${index}`)]));
  const all = Promise.all([many, one_more, ...large, ...keys]);
  await turn();
  while (commits.depth > 0) await kv.end();
  await kv.end();
  await all;
  assertEquals(kv.commits.map(({ keys }) => keys.length), [900, 11, 39, 12]);
});

Deno.test("Commits refuses what no commit can hold", () => {
  const { commits } = setup();
  assertThrows(
    () => commits.put([value("a", 65_537)]),
    TypeError,
    "Cannot store a: 65537 bytes are over 65536",
  );
  assertThrows(() => commits.put(upTo(901).map((index) => value(`${index}`))), TypeError, "so much");
  assertThrows(() => commits.put(upTo(12).map((index) => value(`${index}`, 65_000))), TypeError, "so much");
  assertThrows(
    () => commits.put(upTo(200).map((index) => value("k".repeat(500) + index))),
    TypeError,
    "so much",
  );
  assertEquals(commits.depth, 0);
});

Deno.test("Commits.flush commits what is deferred, close refuses what comes later", async () => {
  const kv = await Deno.openKv(":memory:");
  const commits = new Commits(kv, { window_ms: LATER });
  const deferred = commits.put([value("a")], { deferred: true });
  await commits.flush();
  await deferred;
  await commits.close();
  assertThrows(() => commits.put([value("b")]), Error, "the store is closed");
  kv.close();
});

Deno.test("Commits appends rows as one journal value a commit, with what the dictionary needs", async () => {
  const { kv, commits } = setup();
  const readings = new Readings({ commits, read: kv as unknown as Deno.Kv }, keysOf("s"));
  const first = readings.add(message({ minute: 0, energy: 0 }));
  const urgent = commits.put([value("a")]);
  await turn();
  assertEquals(kv.commits[0]!.keys, ["s/shape/0", "s/series/0", "s/series/1", "a", "s/journal/1"]);
  const more = upTo(40).map((minute) => readings.add(message({ minute, energy: minute })));
  assertEquals(readings.stats.memtable_messages, 0);
  await kv.end();
  await Promise.all([first, urgent]);
  assertEquals(readings.stats.memtable_messages, 1);
  assertEquals(kv.commits[1]!.keys, ["s/shape/0", "s/series/0", "s/series/1", "s/journal/2"]);
  await kv.end();
  await Promise.all(more);
  const later = upTo(32).map((minute) => readings.add(message({ minute, energy: minute })));
  await turn();
  assertEquals(kv.commits[2]!.keys, ["s/journal/42"]);
  await kv.end(new Error("disk full"));
  const results = await Promise.allSettled(later);
  assert(results.every(({ status }) => status === "rejected"));
  assertEquals(readings.stats.memtable_messages, 41);
});
