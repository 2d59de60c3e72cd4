// Readings summed up by bucket, against the sums of the readings themselves.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type BucketSpan,
  bucketSpan,
  type MeterMessage,
  type Reading,
} from "../../src/store/readings/readings.ts";
import { NINE, TemporaryStore } from "./temporary_store.ts";

const SAMPLES = [
  { measurand: "Power.Active.Import", unit: "W" },
  { measurand: "power.active.import", unit: "W", context: "Sample.Clock" },
  { measurand: "Voltage", phase: "L1" },
  { measurand: "Energy.Active.Import.Register", unit: "kWh" },
  {},
] as const;
const values = fc.oneof(
  fc.integer({ min: -500, max: 50_000 }).map(String),
  fc.integer({ min: -99_999, max: 99_999 }).map((number) => (number / 100).toFixed(2)),
  fc.constantFrom("1e3", " 7 ", "NaN", "", "off"),
);
const added = fc.record({
  connector_id: fc.integer({ min: 0, max: 2 }),
  minute: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: -1500, max: 5000 })),
  transaction_id: fc.constantFrom(null, 7, 8),
  samples: fc.array(fc.record({ kind: fc.nat({ max: SAMPLES.length - 1 }), value: values }), {
    minLength: 1,
    maxLength: 4,
  }),
  then: fc.integer({ min: 0, max: 9 }).map((dice) => (["compact", "build", "reopen"] as const)[dice]),
});
const asked = fc.record({
  from: fc.oneof(fc.integer({ min: -90, max: 100 }), fc.integer({ min: -1600, max: 3000 })),
  minutes: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1000, max: 7000 })),
  points: fc.integer({ min: 1, max: 40 }),
  measurand: fc.constantFrom(undefined, "voltage", "Power.Active.Import"),
  connector_id: fc.constantFrom(undefined, 0, 1),
  transaction_id: fc.constantFrom(undefined, undefined, 7),
  built: fc.boolean(),
});

type Added = typeof added extends fc.Arbitrary<infer T> ? T : never;

function messageOf({ connector_id, minute, transaction_id, samples }: Added): MeterMessage {
  const at = NINE + minute * 60_000;
  const sampledValue = samples.map(({ kind, value }) => ({ ...SAMPLES[kind]!, value }));
  const meter_value = [{ timestamp: new Date(at).toISOString(), sampledValue }];
  return {
    charger_id: "CP1",
    connector_id,
    transaction_id,
    received: at,
    at: [at],
    meter_value,
    last: true,
  } as MeterMessage;
}

interface Sum {
  values: number[];
  last: { at: string; values: number[] };
}

/** Sums readings up one by one. */
function sumsOf(readings: readonly Reading[], { from, step, count }: BucketSpan): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const { at, connector_id, measurand, unit, phase, location, value } of readings) {
    const bucket = Math.floor((Date.parse(at) - from) / step);
    if (typeof value !== "number" || bucket < 0 || bucket >= count) continue;
    const key = [connector_id, measurand, unit, phase, location, bucket].join("|");
    const sum = sums.get(key) ?? { values: [], last: { at: "", values: [] } };
    sum.values.push(value);
    if (sum.last.at !== at) sum.last = { at, values: [] };
    sum.last.values.push(value);
    sums.set(key, sum);
  }
  return sums;
}

async function follow(store: TemporaryStore, then: Added["then"]): Promise<void> {
  if (then === "reopen") return await store.reopen();
  if (then !== undefined) await store.readings.compact();
  if (then === "build") await store.readings.buildDays();
}

Deno.test("readings.buckets has the least, mean and greatest of the readings, whatever is compacted or summed", async () => {
  const property = fc.asyncProperty(fc.array(added, { maxLength: 60 }), asked, async (messages, query) => {
    const store = await TemporaryStore.open();
    try {
      for (const one of messages) {
        await store.readings.add(messageOf(one));
        await follow(store, one.then);
      }
      const from = NINE + query.from * 60_000;
      const span = bucketSpan(from, from + query.minutes * 60_000, query.points);
      assert(span.count <= query.points);
      if (query.built) await follow(store, "build");
      const { measurand, connector_id, transaction_id } = query;
      const filter = {
        charger_id: "CP1",
        ...(measurand === undefined ? {} : { measurand }),
        ...(connector_id === undefined ? {} : { connector_id }),
        ...(transaction_id === undefined ? {} : { transaction_id }),
      };
      const sums = sumsOf((await store.readings.query({ ...filter, limit: 10_000 })).readings, span);
      let found = 0;
      for (const series of await store.readings.buckets(filter, span)) {
        assertEquals(series.min.length, span.count);
        for (let bucket = 0; bucket < span.count; bucket++) {
          const { connector_id, measurand, unit, phase, location } = series;
          const sum = sums.get([connector_id, measurand, unit, phase, location, bucket].join("|"));
          const [min, mean, max] = [series.min[bucket]!, series.mean[bucket]!, series.max[bucket]!];
          if (!sum) {
            assertEquals([min, mean, max, series.last[bucket]], [null, null, null, null], "a gap is a gap");
            continue;
          }
          found += sum.values.length;
          assertEquals([min, max], [Math.min(...sum.values), Math.max(...sum.values)]);
          if (measurand.endsWith(".Register")) assertEquals(mean, null);
          else assertAlmostEquals(mean, sum.values.reduce((a, b) => a + b) / sum.values.length, 1e-5);
          assert(sum.last.values.includes(series.last[bucket]!));
        }
      }
      assertEquals(found, [...sums.values()].reduce((count, sum) => count + sum.values.length, 0));
    } finally {
      await store[Symbol.asyncDispose]();
    }
  });
  await fc.assert(property, { numRuns: 150 });
});

Deno.test("bucketSpan makes whole hours of long intervals, and never more than the points", () => {
  assertEquals(bucketSpan(1000, 61_000, 600), { from: 1000, step: 100, count: 600 });
  const year = bucketSpan(Date.UTC(2025, 0, 1, 0, 20), Date.UTC(2026, 0, 1), 600);
  assertEquals([year.from, year.step / 3_600_000], [Date.UTC(2025, 0, 1), 15]);
  assert(year.count <= 600);
});
