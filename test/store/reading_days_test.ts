// The stored sums of days: they are read in place of chunks, change with these, and are never relied on.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { toBytes } from "../../src/store/kv/codec.ts";
import { DamagedError } from "../../src/store/kv/seal.ts";
import { decodeDay, encodeDay, type HourValues } from "../../src/store/readings/day_codec.ts";
import type { BucketSpan } from "../../src/store/readings/readings.ts";
import { energies, type Failure, message, NINE, TemporaryStore, upTo } from "./temporary_store.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CHARGER = { charger_id: "CP1", measurand: "Energy.Active.Import.Register" };
/** Three days, by the hour. */
const SPAN: BucketSpan = { from: NINE - 9 * HOUR, step: HOUR, count: 72 };

/** Returns the least and the newest energy of each hour of `SPAN` that has any, as the sums say. */
async function summed(store: TemporaryStore): Promise<(number | null)[][]> {
  const [energy] = await store.readings.buckets(CHARGER, SPAN);
  return (energy?.min ?? []).map((min, hour) => [hour, min, energy!.max[hour]!]).filter(([, min]) =>
    min !== null
  );
}

/** The same, as the readings say. */
async function listed(store: TemporaryStore): Promise<number[][]> {
  const hours = new Map<number, number[]>();
  for (const { at, value } of (await store.readings.query({ ...CHARGER, limit: 10_000 })).readings) {
    if (typeof value !== "number") continue;
    const hour = Math.floor((Date.parse(at) - SPAN.from) / HOUR);
    hours.set(hour, [...hours.get(hour) ?? [], value]);
  }
  return [...hours].map(([hour, values]) => [hour, Math.min(...values), Math.max(...values)]);
}

/** Adds a message for each quarter of an hour of some hours after nine. */
async function fill(store: TemporaryStore, hours: readonly number[], energy = 0): Promise<void> {
  const quarters = hours.flatMap((hour) => upTo(4).map((quarter) => hour * 60 + quarter * 15));
  await Promise.all(
    quarters.map((minute) => store.readings.add(message({ minute, energy: minute + energy }))),
  );
}

async function keysBelow(store: TemporaryStore, prefix: Deno.KvKey): Promise<Deno.KvKey[]> {
  return (await Array.fromAsync(store.read.list({ prefix: [...prefix] }))).map(({ key }) => key);
}

/** A store with a day that is built. */
async function withDay(): Promise<TemporaryStore> {
  const store = await TemporaryStore.open();
  await fill(store, upTo(8));
  await store.readings.compact();
  await store.readings.buildDays();
  return store;
}

const values = fc.oneof(
  fc.integer({ min: -1e9, max: 1e9 }),
  fc.integer({ min: -1e6, max: 1e6 }).map((number) => number / 1000),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
);
const hourValues = fc.record({
  connector_id: fc.constantFrom(0, 1, 7),
  ref: fc.oneof(fc.nat(), fc.constant(["Voltage", null, "L1", null, null, null])),
  hours: fc.uniqueArray(fc.nat({ max: 23 }), { minLength: 1 }).map((hours) => hours.sort((a, b) => a - b)),
  isRegister: fc.boolean(),
  of: fc.array(
    fc.record({ values: fc.array(values, { minLength: 1, maxLength: 5 }), ms: fc.nat(HOUR - 1) }),
    {
      minLength: 24,
      maxLength: 24,
    },
  ),
}).map(({ of, isRegister, hours, ...rest }): HourValues => {
  const some = hours.map((hour) => ({ ...of[hour]!, hour }));
  const each = (number: (one: { values: number[]; ms: number; hour: number }) => number) =>
    Float64Array.from(some, number);
  return {
    ...rest,
    hours,
    count: each(({ values }) => values.length),
    sum: isRegister ? null : each(({ values }) => values.reduce((sum, value) => sum + value, 0)),
    min: each(({ values }) => Math.min(...values)),
    max: each(({ values }) => Math.max(...values)),
    last: each(({ values }) => values.at(-1)!),
    last_at: each(({ hour, ms }) => (19_000 * 24 + hour) * HOUR + ms),
  };
});

Deno.test("decodeDay(encodeDay(day)) is the day, to the last digit", () => {
  fc.assert(fc.property(fc.array(hourValues, { maxLength: 6 }), (series) => {
    const upto = new Map(
      [0, 1, 7].map((connector) => [connector, new Float64Array(24).fill(connector * 1e9)]),
    );
    const read = decodeDay(encodeDay({ upto, series }, 19_000), 19_000);
    assertEquals(read.upto, upto);
    for (const [index, { sum, ...exact }] of series.entries()) {
      const { sum: read_sum, ...read_exact } = read.series[index]!;
      for (const name of ["count", "min", "max", "last", "last_at"] as const) {
        assertEquals(Array.from(read_exact[name], (value) => value + 0), Array.from(exact[name]), name);
      }
      assertEquals([read_exact.connector_id, read_exact.ref, read_exact.hours], [
        exact.connector_id,
        exact.ref,
        exact.hours,
      ]);
      assertEquals(read_sum === null, sum === null);
      sum?.forEach((value, hour) =>
        assertAlmostEquals(read_sum![hour]!, value, Math.max(1e-9, Math.abs(value) * 1e-9))
      );
    }
  }));
});

Deno.test("decodeDay refuses a damaged day", () => {
  const bytes = encodeDay({ upto: new Map(), series: [] }, 1);
  for (const index of bytes.keys()) {
    assertThrows(() => decodeDay(bytes.map((byte, at) => at === index ? byte ^ 4 : byte), 1), DamagedError);
  }
});

Deno.test("readings.buckets reads no chunk of a day that is built", async () => {
  await using store = await withDay();
  const before = await summed(store);
  for (const key of await keysBelow(store, store.keys.chunk)) await store.write.delete(key);
  assertEquals(energies(await store.all("CP1")), []);
  assertEquals(await summed(store), before);
  assertEquals(before.length, 8);
});

Deno.test("readings.buckets reads chunks where buckets are parts of an hour, or of a transaction", async () => {
  await using store = await withDay();
  const [quarters] = await store.readings.buckets(CHARGER, { from: NINE, step: HOUR / 4, count: 8 });
  assertEquals(quarters!.last, [0, 15, 30, 45, 60, 75, 90, 105]);
  assertEquals(await store.readings.buckets({ ...CHARGER, transaction_id: 8 }, SPAN), []);
});

for (const kind of ["lost", "cut"] as const) {
  Deno.test(`Compaction of late samples changes a day once when commit k is ${kind} and the power goes`, async () => {
    for (let k = 1, commits = Infinity; k <= commits; k++) {
      await using store = await withDay();
      await fill(store, [0, 3, 20], 0.5);
      await store.readings.add(message({ minute: 200, energy: "x".repeat(40_000) }));
      await fill(store, [3, 7], -0.25);
      const failure: Failure = { at: k, kind, forever: true };
      store.fail(failure);
      if (await store.readings.compact().then(() => true, () => false)) commits = store.commitCount;
      assertEquals(await summed(store), await listed(store));
      await store.reopen();
      assertEquals(await summed(store), await listed(store));
      await store.readings.compact();
      assertEquals(await summed(store), await listed(store));
      const [energy] = await store.readings.buckets(CHARGER, SPAN);
      assertEquals(energy!.readings, 8 * 4 + 3 * 4 + 2 * 4);
    }
  });
}

Deno.test("readings.buildDays goes on where it was stopped, and leaves out the day that has not ended", async () => {
  await using store = await TemporaryStore.open();
  await fill(store, upTo(40).map((day) => day * 24));
  const minute = Math.floor((Date.now() - NINE) / 60_000);
  await store.readings.add(message({ minute, energy: 1 }));
  await store.readings.compact();
  const built = store.readings.buildDays();
  await store.readings.stop();
  await built;
  const some = (await keysBelow(store, store.keys.reading_day)).length;
  assert(some < 40, `${some} days are built`);
  assertEquals(
    await summed(store),
    await listed(store).then((hours) => hours.filter(([hour]) => hour! < 72)),
  );
  await store.reopen();
  await store.readings.buildDays();
  assertEquals((await keysBelow(store, store.keys.reading_day)).length, 40);
});

Deno.test("readings.load has days built again after an older program has compacted", async () => {
  await using store = await withDay();
  await store.write.set([...store.keys.fold], toBytes({ upto: 32, charger: null }));
  await store.reopen();
  assertEquals(await keysBelow(store, store.keys.reading_day), []);
  assertEquals(await summed(store), await listed(store));
  await store.readings.buildDays();
  await store.reopen();
  assertEquals((await keysBelow(store, store.keys.reading_day)).length, 1);
});

Deno.test("readings.buckets reads the chunks of a day whose sums are damaged, and compaction replaces these", async () => {
  await using store = await withDay();
  const before = await summed(store);
  const [key] = await keysBelow(store, store.keys.reading_day);
  await store.write.set(key!, new Uint8Array([1, 2, 3, 4, 5, 6]));
  assertEquals(await summed(store), before);
  assert(store.damages.length > 0);
  await fill(store, [2], 0.5);
  await store.readings.compact();
  for (const key of await keysBelow(store, store.keys.chunk)) await store.write.delete(key);
  const [energy] = await store.readings.buckets(CHARGER, SPAN);
  assertEquals(energy!.readings, 9 * 4);
});

Deno.test("readings.retain deletes the sums of a day with its first chunks", async () => {
  await using store = await withDay();
  await store.readings.retain(NINE + 2 * HOUR);
  assertEquals((await summed(store)).map(([hour]) => hour), [11, 12, 13, 14, 15, 16]);
  await store.readings.retain(NINE + DAY);
  assertEquals([await summed(store), await keysBelow(store, store.keys.reading_day)], [[], []]);
});
