import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { StorageError } from "../../src/store/kv/commits.ts";
import fc from "fast-check";
import type { MeterMessage, Reading, ReadingFilter } from "../../src/store/readings/readings.ts";
import { energies, message, NINE, TemporaryStore, upTo } from "./temporary_store.ts";

/** Messages to add: a connector, a minute, a session; the readings follow from the place in the list. */
const added = fc.record({
  connector_id: fc.integer({ min: 0, max: 2 }),
  minute: fc.integer({ min: 0, max: 200 }),
  transaction_id: fc.constantFrom(null, 7, 8),
  compact: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
});
const filters = fc.record({
  from: fc.integer({ min: 0, max: 200 }).map((minute) => NINE + minute * 60_000),
  to: fc.integer({ min: 0, max: 210 }).map((minute) => NINE + minute * 60_000),
  measurand: fc.constantFrom("Voltage", "energy.active.import.register"),
  connector_id: fc.integer({ min: 0, max: 2 }),
  transaction_id: fc.constantFrom(7, 8),
}, { requiredKeys: [] });

/** Returns the rows that a query must list, by the simplest means. */
function expected(messages: readonly MeterMessage[], filter: Partial<ReadingFilter>): (string | number)[][] {
  const { from = -Infinity, to = Infinity, measurand, connector_id, transaction_id } = filter;
  const wanted = messages.filter((one) =>
    one.at[0]! >= from && one.at[0]! < to &&
    one.connector_id === (connector_id ?? one.connector_id) &&
    one.transaction_id === (transaction_id ?? one.transaction_id)
  );
  wanted.sort((a, b) => a.at[0]! - b.at[0]! || a.connector_id - b.connector_id);
  const rows = wanted.flatMap((one) => [
    [new Date(one.at[0]!).toISOString(), one.connector_id, "Energy.Active.Import.Register", energyOf(one)],
    [new Date(one.at[0]!).toISOString(), one.connector_id, "Voltage", 230.5],
  ]);
  return rows.filter(([, , name]) => !measurand || String(name).toLowerCase() === measurand.toLowerCase());
}

function energyOf(one: MeterMessage): number {
  return Number(one.meter_value[0]!.sampledValue[0]!.value);
}

function short({ at, connector_id, measurand, value }: Reading): (string | number)[] {
  return [at, connector_id, measurand, value];
}

async function paged(store: TemporaryStore, filter: ReadingFilter): Promise<Reading[]> {
  const all: Reading[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.readings.query({ ...filter, ...(cursor ? { cursor } : {}) });
    assert(page.readings.length <= (filter.limit ?? 100));
    assert(page.next === null || page.readings.length === filter.limit);
    all.push(...page.readings);
    cursor = page.next;
  } while (cursor !== null);
  return all;
}

Deno.test("readings.query lists like the simplest model, whatever is compacted", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(added, { maxLength: 40 }),
      filters,
      fc.integer({ min: 1, max: 12 }),
      async (list, filter, limit) => {
        await using store = await TemporaryStore.open({ path: ":memory:" });
        const messages: MeterMessage[] = [];
        for (const { compact, ...rest } of list) {
          messages.push(message({ ...rest, energy: messages.length }));
          await store.readings.add(messages.at(-1)!);
          if (compact) await store.readings.compact();
        }
        await store.readings.add(message({ charger_id: "CP2", minute: 1, energy: -1 }));
        const rows = expected(messages, filter);
        const everything = { charger_id: "CP1", ...filter };
        assertEquals((await Array.fromAsync(store.readings.scan(everything))).map(short), rows);
        assertEquals((await paged(store, { ...everything, limit })).map(short), rows);
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("readings.query goes on from its cursor while samples come in and are compacted", async () => {
  await using store = await TemporaryStore.open();
  const minutes = upTo(50);
  for (const minute of minutes) await store.readings.add(message({ minute: minute * 3, energy: minute }));
  const seen: Reading[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.readings.query({ charger_id: "CP1", limit: 7, ...(cursor ? { cursor } : {}) });
    seen.push(...page.readings);
    cursor = page.next;
    await store.readings.add(message({ minute: 0, energy: 1000 + seen.length })); // late: before the cursor, or at it
    if (seen.length % 3 === 0) await store.readings.compact();
  } while (cursor !== null);
  assertEquals(energies(seen).filter((energy) => Number(energy) < 1000), minutes);
});

Deno.test("readings.scan sees every reading once during compactions", async () => {
  await using store = await TemporaryStore.open();
  const { readings } = store;
  let count = 0;
  for (const round of upTo(12)) {
    const more = upTo(40).map((index) =>
      readings.add(message({ minute: (round * 40 + index) / 3, energy: count + index }))
    );
    await Promise.all(more);
    count += 40;
    const compaction = readings.compact();
    const listings = await Promise.all(upTo(8).map(() => store.all("CP1")));
    for (const listing of listings) assertEquals(energies(listing), upTo(count));
    await compaction;
  }
});

Deno.test("readings.query refuses a cursor that is none", async () => {
  await using store = await TemporaryStore.open({ path: ":memory:" });
  await assertRejects(() => store.readings.query({ charger_id: "CP1", cursor: "7" }), RangeError, "cursor");
});

Deno.test("readings carry OCPP's words where the charger left them out or had its own", async () => {
  await using store = await TemporaryStore.open();
  const odd = message({ minute: 0, energy: 1 });
  odd.meter_value[0]!.sampledValue = [
    { value: " 12.50 " },
    { value: "30", measurand: "Temperature", unit: "Celcius", location: "Body" },
    { value: "50", measurand: "frequency", unit: "Hertz" },
    { value: "10", measurand: "Current.import", phase: "L2" },
    { value: "1,5", measurand: "Power.Active.Import", unit: "kW", context: "Transaction.Begin" },
    { value: "3045", format: "SignedData", measurand: "Vendor.Thing" },
    { value: "1e3", measurand: "constructor" },
    { value: "1e999" },
  ];
  const common = { at: "2024-07-25T09:00:00.000Z", charger_id: "CP1", connector_id: 1, transaction_id: 7 };
  const usual = { ...common, context: "Sample.Periodic", location: "Outlet", format: "Raw", phase: null };
  const energy = { measurand: "Energy.Active.Import.Register", unit: "Wh" };
  const wanted = [
    { ...usual, ...energy, value: 12.5 },
    { ...usual, measurand: "Temperature", unit: "Celsius", location: "Body", value: 30 },
    { ...usual, measurand: "Frequency", unit: "Hz", value: 50 },
    { ...usual, measurand: "Current.Import", unit: "A", phase: "L2", value: 10 },
    { ...usual, measurand: "Power.Active.Import", unit: "kW", context: "Transaction.Begin", value: "1,5" },
    { ...usual, measurand: "Vendor.Thing", unit: "", format: "SignedData", value: "3045" },
    { ...usual, measurand: "constructor", unit: "", value: 1000 },
    { ...usual, ...energy, value: "1e999" },
  ];
  await store.readings.add(odd);
  assertEquals<Reading[]>(await store.all("CP1"), wanted);
  await store.readings.compact();
  assertEquals<Reading[]>(await store.all("CP1"), wanted);
});

Deno.test("readings.lastMeterValues is the payload as received, before and after compactions and restarts", async () => {
  await using store = await TemporaryStore.open();
  const long = message({ minute: 2, energy: 1, transaction_id: null, request_transaction_id: -1 });
  const sampledValue = upTo(9_000).map((index) => ({ value: `${index}.00`, context: `C${index % 7}` }));
  long.meter_value = [{ timestamp: "2024-07-25T11:02:00+02:00", sampledValue }];
  const attached = message({ charger_id: "CP2", minute: 3, energy: 1, request_transaction_id: null });
  await Promise.all(
    [message({ minute: 0, energy: 0 }), long, attached].map((one) => store.readings.add(one)),
  );
  await store.readings.add(message({ minute: 4, energy: 1, last: false }));
  const check = () => {
    const payload = { connectorId: 1, transactionId: -1, meterValue: long.meter_value };
    assertEquals(store.readings.lastMeterValues("CP1"), payload);
    assertEquals(store.readings.lastMeterValues("CP2"), { connectorId: 1, meterValue: attached.meter_value });
    assertEquals(store.readings.lastMeterValues("CP3"), null);
  };
  check();
  await store.reopen();
  check();
  await store.readings.compact();
  check();
  await store.reopen();
  check();
});

Deno.test("readings.uncompacted gives the messages of the memtable, whole and in order, also after a restart", async () => {
  await using store = await TemporaryStore.open();
  await store.readings.add(message({ minute: 0, energy: 0 }));
  await store.readings.compact();
  const long = message({ charger_id: "CP2", minute: 1, energy: 1, last: false });
  const values = upTo(800).map((index) => ({
    timestamp: `t${index}`,
    sampledValue: [{ value: "x".repeat(index) }],
  }));
  long.meter_value = values;
  long.at = values.map((_, index) => NINE + index);
  const messages = [message({ minute: 1, energy: 1 }), long, message({ minute: 2, energy: 2 })];
  await Promise.all(messages.map((one) => store.readings.add(one)));
  for (const _ of upTo(2)) {
    const found = [...store.readings.uncompacted()];
    assertEquals(found.map(({ message }) => message), messages);
    assertEquals(found.at(-1)!.n, store.readings.sequence);
    assert(found[0]!.n === 2 && found[1]!.n > 3);
    await store.reopen();
  }
});

Deno.test("readings.sequence never goes back, whatever is compacted", async () => {
  await using store = await TemporaryStore.open();
  for (const minute of upTo(4)) {
    await store.readings.add(message({ minute, energy: minute }));
    if (minute > 1) await store.readings.compact();
    assertEquals(store.readings.sequence, minute + 1);
    await store.reopen();
    assertEquals(store.readings.sequence, minute + 1);
  }
});

Deno.test("readings.add rejects with its commit, and stores new dictionary entries again", async () => {
  await using store = await TemporaryStore.open();
  store.fail({ at: 1, kind: "lost", forever: false });
  await assertRejects(
    () => store.readings.add(message({ minute: 0, energy: 0 })),
    StorageError,
    "disk I/O error",
  );
  assertEquals(await store.all("CP1"), []);
  assertEquals(store.readings.lastMeterValues("CP1"), null);
  await store.readings.add(message({ minute: 1, energy: 1 }));
  await store.reopen();
  assertEquals(energies(await store.all("CP1")), [1]);
  assertEquals(store.damages, []);
});

Deno.test("readings.add throws for a sampled value that is too long, with nothing stored", async () => {
  await using store = await TemporaryStore.open({ path: ":memory:" });
  assertThrows(
    () => store.readings.add(message({ minute: 0, energy: "x".repeat(50_000) })),
    TypeError,
    "sampled value",
  );
  assertEquals(store.readings.sequence, 0);
});

Deno.test("readings.retain deletes the hours before", async () => {
  await using store = await TemporaryStore.open();
  const chargers = ["CP1", "CP1a", "CP2"];
  for (const charger_id of chargers) {
    for (const hour of upTo(3)) {
      await store.readings.add(message({ charger_id, minute: hour * 60, energy: hour }));
    }
  }
  await store.readings.add(message({ charger_id: "CP2", connector_id: 2, minute: 60, energy: 9 }));
  await store.readings.compact();
  assertEquals(await store.readings.retain(NINE + 2 * 3_600_000 + 1), 7);
  for (const charger_id of chargers) assertEquals(energies(await store.all(charger_id)), [2]);
  assertEquals(await store.readings.retain(NINE), 0);
});

Deno.test("readings.retain deletes more than one commit holds", async () => {
  await using store = await TemporaryStore.open();
  await Promise.all(
    upTo(600).map((hour) => store.readings.add(message({ minute: hour * 60, energy: hour }))),
  );
  await store.readings.compact();
  assertEquals(await store.readings.retain(NINE + 590 * 3_600_000), 590);
  assertEquals(energies(await store.all("CP1")), upTo(10).map((index) => 590 + index));
});
