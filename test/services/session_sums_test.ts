// The sums follow the sessions: running, ended, corrected, closed, after a power cut, and those of an older program.
import { assertEquals } from "@std/assert";
import { SILENT } from "../../src/log.ts";
import { SessionSums } from "../../src/services/session_sums.ts";
import { Upgrades } from "../../src/services/upgrades.ts";
import { endSession } from "../../src/site/sessions/end_session.ts";
import { FILE_SITE_KEY } from "../../src/store/site.ts";
import { Store } from "../../src/store/store.ts";
import { keysOf } from "../../src/store/tables.ts";
import { NOON, TestCharger } from "../kit/charger.ts";
import { transactionWith } from "../kit/transaction.ts";

const MINUTE = 60_000;

function sumsOf(store: Store, now: () => number): SessionSums {
  return new SessionSums({ store, log: SILENT, now, every_ms: 60_000, rebuild: () => {} });
}

/** Returns the energy of each session by quarter-hour since noon, Wh, without those of none. */
async function energyIn(sums: SessionSums): Promise<Record<number, Record<number, number>>> {
  const found: Record<number, Record<number, number>> = {};
  for await (const { day, parts } of sums.days(0, 99_999)) {
    for (const { transaction_id, first, energy } of parts) {
      energy.forEach((milli, index) => {
        const quarter = day * 96 + first + index - NOON / 900_000;
        if (milli > 0) (found[transaction_id] ??= {})[quarter] = milli / 1000;
      });
    }
  }
  return found;
}

async function samples(charger: TestCharger, transactionId: number, ...registers: number[]): Promise<void> {
  for (const value of registers) {
    charger.clock += 15 * MINUTE;
    const timestamp = new Date(charger.clock).toISOString();
    const meterValue = [{ timestamp, sampledValue: [{ value: String(value) }] }];
    await charger.call("MeterValues", { connectorId: 1, transactionId, meterValue });
  }
}

async function stopped(charger: TestCharger, transactionId: number, meterStop: number): Promise<void> {
  const timestamp = new Date(charger.clock).toISOString();
  await charger.call("StopTransaction", { transactionId, meterStop, timestamp });
}

Deno.test("SessionSums has a running session by its meter values, and the same when it has ended and is filed", async () => {
  await using charger = await TestCharger.make();
  const sums = sumsOf(charger.store, () => charger.clock);
  const id = await charger.start();
  await samples(charger, id, 3000, 3500, 3500, 7000);
  const energy = { [id]: { 0: 2000, 1: 500, 3: 3500 } };
  assertEquals(await energyIn(sums), energy);
  await stopped(charger, id, 7000);
  assertEquals([charger.store.transactions.unfiled.size, await energyIn(sums)], [1, energy]);
  await sums.file();
  assertEquals([charger.store.transactions.unfiled.size, await energyIn(sums)], [0, energy]);
  assertEquals(charger.store.transactions.curves.size, 0);
});

Deno.test("SessionSums replaces a session that was closed by the late report of its end", async () => {
  await using charger = await TestCharger.make();
  const sums = sumsOf(charger.store, () => charger.clock);
  const id = await charger.start();
  await samples(charger, id, 3000);
  const ending = {
    stop_time: new Date(charger.clock).toISOString(),
    closed_by: "Ana",
    flags: ["closed-by-operator"],
  };
  const { commits, transactions } = charger.store;
  await endSession(transactions.activeById(id)!, ending, charger.context, (changes) => commits.put(changes));
  await sums.file();
  assertEquals(await energyIn(sums), { [id]: { 0: 2000 } });
  charger.clock += 30 * MINUTE;
  await stopped(charger, id, 6000);
  const corrected = { [id]: { 0: 2000, 1: 1500, 2: 1500 } };
  assertEquals(await energyIn(sums), corrected);
  await sums.file();
  assertEquals([transactions.unfiled.size, await energyIn(sums)], [0, corrected]);
});

Deno.test("SessionSums loses nothing at a power cut: what was not filed is read from the sessions and their readings", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/kv.db`;
  const store = await Store.open({ path, window_ms: 0 });
  const charger = await TestCharger.beside(store, { charger_id: "CP1" });
  const id = await charger.start();
  await samples(charger, id, 3000, 3500);
  await stopped(charger, id, 3500);
  const before = await energyIn(sumsOf(store, () => charger.clock));
  assertEquals(before, { [id]: { 0: 2000, 1: 500 } });
  await store.close();
  const again = await Store.open({ path, window_ms: 0 });
  assertEquals(again.transactions.unfiled.size, 1);
  const sums = sumsOf(again, () => charger.clock);
  assertEquals(await energyIn(sums), before);
  await sums.file();
  assertEquals([await energyIn(sums), again.transactions.unfiled.size], [before, 0]);
  await again.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("Upgrades files the sessions of an older program in slices, also after an interruption", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/kv.db`;
  let store = await Store.open({ path, window_ms: 0 });
  const ids = Array.from({ length: 450 }, (_, index) => index + 1);
  const sessions = ids.map((transaction_id) =>
    transactionWith({
      transaction_id,
      start_time: new Date(NOON + transaction_id * 37 * MINUTE).toISOString(),
    })
  );
  await Promise.all(sessions.map((transaction) => store.transactions.add(transaction)));
  const { unfiled } = keysOf(store.site.site_id);
  for await (const { key } of store.read.list({ prefix: [...unfiled] })) await store.write.delete(key);
  await store.write.set(
    FILE_SITE_KEY,
    new TextEncoder().encode(JSON.stringify({ ...store.site, schema: 1 })),
  );
  await store.close();
  store = await Store.open({ path, window_ms: 0 });
  assertEquals(await sumsOf(store, () => NOON).fileAfter(0), 200);
  await store.close(); // as a power cut does: the progress was not noted
  store = await Store.open({ path, window_ms: 0 });
  const sums = sumsOf(store, () => NOON);
  const indexes = (done: number) => store.transactions.indexAfter(done);
  const upgrades = new Upgrades({ store, log: SILENT }, { indexes, sums: (done) => sums.fileAfter(done) });
  assertEquals([sums.isComplete, upgrades.progress().length], [false, 2]);
  upgrades.start();
  await upgrades.finished;
  assertEquals([sums.isComplete, upgrades.progress()], [true, []]);
  const totals = Object.values(await energyIn(sums)).map((each) =>
    Object.values(each).reduce((a, b) => a + b)
  );
  assertEquals(totals, ids.map(() => 7000));
  await store.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("SessionSums has all sessions filed again when a day cannot be read", async () => {
  await using charger = await TestCharger.make();
  const { store } = charger;
  const upgrades = new Upgrades({ store, log: SILENT }, {
    indexes: (done) => store.transactions.indexAfter(done),
    sums: (done) => sums.fileAfter(done),
  });
  const rebuild = () => upgrades.begin("sums");
  const sums = new SessionSums({ store, log: SILENT, now: () => NOON, every_ms: 60_000, rebuild });
  sums.start();
  upgrades.start();
  await store.transactions.add(
    transactionWith({
      transaction_id: store.transactions.nextId(),
      start_time: new Date(NOON).toISOString(),
    }),
  );
  await sums.file();
  const whole = await energyIn(sums);
  const { sum_day } = keysOf(store.site.site_id);
  for await (const { key } of store.read.list({ prefix: [...sum_day] })) {
    await store.write.set(key, new Uint8Array(9));
  }
  assertEquals([await energyIn(sums), sums.isComplete], [{}, false]);
  await upgrades.finished;
  assertEquals([await energyIn(sums), sums.isComplete, Object.keys(whole)], [whole, true, ["1"]]);
  await upgrades.stop();
  await sums.stop();
});
