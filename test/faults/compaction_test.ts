import { assert, assertEquals, assertRejects } from "@std/assert";
import { decodeChunk } from "../../src/store/readings/chunk.ts";
import { StorageError } from "../../src/store/kv/commits.ts";
import { putMutation } from "../../src/store/kv/mutation.ts";
import { energies, type Failure, message, NINE, TemporaryStore, upTo } from "../store/temporary_store.ts";

const CHARGERS = upTo(200).map((index) => `CP${String(index).padStart(3, "0")}`);

/** Two messages of each charger, in two commits. */
async function fill(store: TemporaryStore): Promise<void> {
  for (const minute of [0, 1]) {
    await Promise.all(
      CHARGERS.map((charger_id) => store.readings.add(message({ charger_id, minute, energy: minute }))),
    );
  }
}

async function assertWhole(store: TemporaryStore, expected: number[]): Promise<void> {
  for (const charger_id of CHARGERS) {
    assertEquals(energies(await store.all(charger_id)), expected, charger_id);
  }
}

async function keysBelow(store: TemporaryStore, prefix: Deno.KvKey): Promise<Deno.KvKey[]> {
  const entries = await Array.fromAsync(store.read.list({ prefix: [...prefix] }));
  return entries.map(({ key }) => key);
}

for (const kind of ["lost", "cut"] as const) {
  Deno.test(`Compaction neither loses nor doubles a reading when commit k is ${kind} and the power goes`, async () => {
    for (let k = 1, commits = Infinity; k <= commits; k++) {
      await using store = await TemporaryStore.open();
      await fill(store);
      store.fail({ at: k, kind, forever: true });
      const compacted = await store.readings.compact().then(() => true, () => false);
      if (compacted) commits = store.commitCount;
      await assertWhole(store, [0, 1]);
      await store.reopen();
      await assertWhole(store, [0, 1]);
      const last = store.readings.add(message({ charger_id: "CP000", minute: 2, energy: 2 }));
      await store.readings.add(message({ charger_id: "CP199", minute: 2, energy: 2 }));
      await last;
      await store.readings.compact();
      assertEquals(await keysBelow(store, store.keys.journal), []);
      assertEquals(energies(await store.all("CP000")), [0, 1, 2]);
      assertEquals(energies(await store.all("CP199")), [0, 1, 2]);
      assertEquals(energies(await store.all("CP100")), [0, 1]);
      assertEquals(store.readings.stats.memtable_messages, 0);
      assertEquals(store.damages, []);
    }
  });
}

Deno.test("Compaction goes on after failed commits while the program runs", async () => {
  for (const at of [1, 2, 3]) {
    await using store = await TemporaryStore.open();
    await fill(store);
    store.fail({ at, kind: "lost", forever: false });
    await assertRejects(() => store.readings.compact(), StorageError, "disk I/O error");
    await assertWhole(store, [0, 1]);
    await Promise.all(
      CHARGERS.map((charger_id) => store.readings.add(message({ charger_id, minute: 2, energy: 2 }))),
    );
    await store.readings.compact();
    await assertWhole(store, [0, 1, 2]);
    await store.reopen();
    await assertWhole(store, [0, 1, 2]);
    assertEquals([...store.readings.uncompacted()], []);
  }
});

Deno.test("Compaction of a charger with thousands of messages survives a crash at every commit", async () => {
  const failures: Failure[] = upTo(6).map((index) => ({ at: index + 1, kind: "cut", forever: true }));
  for (const failure of failures) {
    await using store = await TemporaryStore.open();
    const expected = upTo(3_500);
    await Promise.all(
      expected.map((index) => store.readings.add(message({ minute: index / 60, energy: index }))),
    );
    store.fail(failure);
    await store.readings.compact().catch(() => {});
    assertEquals(energies(await store.all("CP1")), expected);
    await store.reopen();
    assertEquals(energies(await store.all("CP1")), expected);
    await store.readings.compact();
    assertEquals(energies(await store.all("CP1")), expected);
    assertEquals(await keysBelow(store, store.keys.journal), []);
  }
});

Deno.test("Compaction puts late samples into the chunk of their hour", async () => {
  await using store = await TemporaryStore.open();
  const { readings } = store;
  for (const minute of [10, 70, 30, 71, 20]) {
    await readings.add(message({ minute, energy: minute }));
    await readings.compact();
  }
  assertEquals(energies(await store.all("CP1")), [10, 20, 30, 70, 71]);
  const hour = NINE / 3_600_000;
  assertEquals(await keysBelow(store, store.keys.chunk), [
    [...store.keys.chunk, "CP1", hour, 1, 0],
    [...store.keys.chunk, "CP1", hour + 1, 1, 0],
  ]);
});

Deno.test("Compaction begins new parts for signed data that fills chunks", async () => {
  await using store = await TemporaryStore.open();
  const blobs = upTo(40).map((index) => `${index} `.repeat(3_000));
  for (const [index, energy] of blobs.entries()) await store.readings.add(message({ minute: index, energy }));
  await store.readings.compact();
  await store.readings.add(message({ minute: 50, energy: 1 }));
  await store.readings.compact();
  assertEquals(energies(await store.all("CP1")), [...blobs, 1]);
  const entries = await Array.fromAsync(store.read.list<Uint8Array>({ prefix: [...store.keys.chunk] }));
  assert(entries.length > 2);
  assert(entries.every(({ value }) => value.length <= 60_000 && decodeChunk(value).rows > 0));
});

Deno.test("Compaction stores what onCompaction gives, and the last meter values, with the charger's chunks", async () => {
  await using store = await TemporaryStore.open();
  const asked: string[] = [];
  store.readings.onCompaction = (charger_id) => {
    asked.push(charger_id);
    return [putMutation(["extra", charger_id], { energy: 5 })];
  };
  await store.readings.add(message({ charger_id: "B", minute: 0, energy: 1 }));
  await store.readings.add(message({ charger_id: "A", minute: 0, energy: 2 }));
  await store.readings.add(message({ charger_id: "A", minute: 1, energy: 3, last: false }));
  await store.readings.compact();
  assertEquals(asked, ["A", "B"]);
  assertEquals((await keysBelow(store, ["extra"])).length, 2);
  await store.reopen();
  const { connectorId, transactionId, meterValue } = store.readings.lastMeterValues("A")!;
  assertEquals([connectorId, transactionId], [1, 7]);
  assertEquals(meterValue, message({ minute: 0, energy: 2 }).meter_value);
});

Deno.test("Compaction skips a damaged chunk and a damaged record, and reports them", async () => {
  await using store = await TemporaryStore.open();
  await store.readings.add(message({ minute: 0, energy: 0 }));
  await store.readings.compact();
  await store.readings.add(message({ minute: 1, energy: 1 }));
  const [chunk] = await keysBelow(store, store.keys.chunk);
  await store.write.set(chunk!, new Uint8Array([1, 2, 3, 4, 5, 6, 7]));
  await store.write.set([...store.keys.journal, 3], new TextEncoder().encode("1 0\nCP1\t1\nrubbish\n"));
  await store.write.set([...store.keys.journal, 9], new TextEncoder().encode("rubbish"));
  await store.reopen();
  await store.readings.compact();
  assertEquals(energies(await store.all("CP1")), [1]);
  assertEquals(store.damages.slice(0, 2), ["journal/9", "message 3 of CP1"]);
  assert(store.readings.stats.damaged > 2);
  assertEquals(await keysBelow(store, store.keys.journal), [[...store.keys.journal, 9]]);
});

Deno.test("readings.start compacts the journal when it has grown large", async () => {
  await using store = await TemporaryStore.open();
  store.readings.start();
  const energy = "x".repeat(20_000);
  await Promise.all(upTo(260).map((minute) => store.readings.add(message({ minute, energy }))));
  await store.readings.stop();
  assertEquals(store.readings.stats.compactions, 1);
});
