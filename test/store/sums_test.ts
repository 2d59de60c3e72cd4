// The spread of sessions over quarter-hours, and how the parts of a day are stored.
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { EnergyCurve } from "../../src/store/sums/energy_curve.ts";
import {
  decodeParts,
  encodeParts,
  QUARTER,
  type SessionPart,
  UTC_DAY,
} from "../../src/store/sums/session_part.ts";
import { partsOf } from "../../src/store/sums/spread.ts";
import { Store } from "../../src/store/store.ts";
import { transactionWith } from "../kit/transaction.ts";

const START = Date.UTC(2026, 2, 28, 22, 7, 30);

function iso(at: number): string {
  return new Date(at).toISOString();
}

function session(energy_wh: number | null, start: number, stop: number) {
  return transactionWith({ transaction_id: 1, start_time: iso(start), stop_time: iso(stop), energy_wh });
}

/** Returns the energy by quarter-hour since 1970, mWh. */
function quarters(parts: Map<number, SessionPart>): Map<number, number> {
  const all = [...parts].flatMap(([day, { first, energy }]) =>
    energy.map((milli, index): [number, number] => [day * 96 + first + index, milli])
  );
  return new Map(all);
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((all, each) => all + each, 0);

const anySession = fc.record({
  start: fc.integer({ min: 0, max: 4 * UTC_DAY }).map((at) => START + at),
  length: fc.oneof(fc.integer({ min: 0, max: QUARTER }), fc.integer({ min: 0, max: 3 * UTC_DAY })),
  energy: fc.oneof(
    fc.constant(null),
    fc.integer({ min: 0, max: 90_000 }),
    fc.integer({ min: 0, max: 90_000_000 }).map((milli) => milli / 1000),
  ),
  samples: fc.array(
    fc.record({
      after: fc.integer({ min: 0, max: 5_000_000 }),
      milli: fc.integer({ min: 0, max: 9_000_000 }),
    }),
    { maxLength: 40 },
  ),
});

Deno.test("partsOf gives exactly the session's energy and time, whatever its meter values were", () => {
  fc.assert(fc.property(anySession, ({ start, length, energy, samples }) => {
    const curve = new EnergyCurve();
    let [at, total] = [start, 0];
    curve.add(at, 0);
    for (const { after, milli } of samples) curve.add(at += after, total += milli);
    for (const known of [curve, null]) {
      const parts = partsOf(session(energy, start, start + length), known, 0);
      assertEquals(sum(quarters(parts).values()), Math.round((energy ?? 0) * 1000));
      assertEquals(sum([...parts.values()].map(({ from, to }) => to - from)), length);
      assertEquals([...parts.values()].filter(({ starts }) => starts).length, 1);
      for (const [quarter, milli] of quarters(parts)) {
        assert(milli >= 0);
        assert(quarter * QUARTER <= start + length && (quarter + 1) * QUARTER > start);
      }
      for (const { charging, from, to } of parts.values()) {
        assert(
          charging.every((each, index) => each >= from && each <= to && each >= (charging[index - 1] ?? 0)),
        );
      }
    }
  }));
});

Deno.test("partsOf puts energy where the meter counted it, and the rest behind the last sample", () => {
  const start = Date.UTC(2026, 2, 28, 23, 30);
  const curve = new EnergyCurve();
  for (const [minutes, wh] of [[0, 0], [10, 1000], [20, 3000], [45, 3000], [60, 3000], [70, 4000]] as const) {
    curve.add(start + minutes * 60_000, wh * 1000);
  }
  const parts = partsOf(session(5000, start, start + 80 * 60_000), curve, 0);
  const first = Math.floor(start / QUARTER);
  assertEquals(
    [...quarters(parts)].map(([quarter, milli]) => [quarter - first, milli / 1000]).filter(([, wh]) =>
      wh! > 0
    ),
    [[0, 2000], [1, 1000], [4, 1500], [5, 500]],
  );
  assertEquals([...parts.keys()], [Math.floor(start / UTC_DAY), Math.floor(start / UTC_DAY) + 1]);
  const charging = [...parts.values()].map((part) => part.charging.map((at) => at / 60_000));
  assertEquals(charging, [[23 * 60 + 30, 23 * 60 + 50], [30, 50]]);
});

Deno.test("partsOf spreads energy evenly where no meter values are known", () => {
  const start = Date.UTC(2026, 2, 28, 10);
  const parts = partsOf(session(1000, start, start + 45 * 60_000), null, 0);
  assertEquals([...quarters(parts).values()], [333_000, 333_000, 334_000]);
});

Deno.test("EnergyCurve bridges the steps of a coarse register, and keeps two points a quarter-hour", () => {
  const curve = new EnergyCurve();
  for (let second = 0; second <= 3600; second += 10) {
    curve.add(START + second * 1000, Math.floor(second / 40) * 100_000);
  }
  assertEquals(curve.charging.length, 2);
  assert(curve.at.length <= 10, String(curve.at.length));
  assertEquals(curve.total.at(-1), 90 * 100_000);
});

Deno.test("decodeParts(encodeParts(parts)) brings every part back, over several values", () => {
  const parts = Array.from({ length: 2000 }, (_, index) => ({
    ...partsOf(session(1234.567, START, START + 3_600_000), null, 0).values().next().value!,
    transaction_id: index,
    id_tag: index % 2 ? "ÄÖÜ漢字" : "04A1B2C3",
    simulated: index % 3 === 0,
    flags: index % 5 ? [] : ["no-stop", "outlier"],
  }));
  const values = encodeParts(parts);
  assert(values.length > 1 && values.every(({ length }) => length <= 65_536));
  assertEquals(values.flatMap(decodeParts), parts);
});

Deno.test("Sums.file replaces the parts of a session, also in days that it no longer touches", async () => {
  const store = await Store.open({ path: ":memory:", window_ms: 0 });
  const all = async () =>
    (await Array.fromAsync(store.sums.days(0, 99_999)))
      .flatMap(({ day, parts }) => parts.map(({ transaction_id, to }) => [day - 20_540, transaction_id, to]));
  const at = (day: number, hour: number) => (20_540 + day) * UTC_DAY + hour * 3_600_000;
  const filing = (transaction_id: number, start: number, stop: number) => ({
    transaction_id,
    parts: partsOf({ ...session(1000, start, stop), transaction_id }, null, 0),
  });
  await store.sums.file([{ ...filing(1, at(0, 20), at(2, 1)), days: null }, {
    ...filing(2, at(1, 1), at(1, 2)),
    days: null,
  }]);
  assertEquals(await all(), [[0, 1, UTC_DAY], [1, 1, UTC_DAY], [1, 2, 7_200_000], [2, 1, 3_600_000]]);
  await store.sums.file([{ ...filing(1, at(0, 20), at(0, 21)), days: [20_540, 20_542] }]);
  assertEquals(await all(), [[0, 1, 75_600_000], [1, 2, 7_200_000]]);
  await store.close();
});

Deno.test("Sums.file writes only the end of a long day, from where the sessions belong", async () => {
  const store = await Store.open({ path: ":memory:", window_ms: 0 });
  const day = Math.floor(START / UTC_DAY);
  const filing = (transaction_id: number, minutes: number, days: [number, number] | null = null) => {
    const parts = partsOf({ ...session(1000, START, START + minutes * 60_000), transaction_id }, null, 0);
    return { transaction_id, days, parts };
  };
  const written: number[] = [];
  const put = store.commits.put.bind(store.commits);
  store.commits.put = (mutations) => {
    written.push(mutations.length);
    return put(mutations);
  };
  const wanted = new Map<number, number>();
  const file = async (ids: number[], minutes: number, days: [number, number] | null = null) => {
    await store.sums.file(ids.map((id) => filing(id, minutes, days)));
    for (const id of ids) wanted.set(id, minutes * 60_000);
  };
  await file(Array.from({ length: 3000 }, (_, index) => 2 * index), 1);
  await file([6001, 6002], 2);
  await file([3999, 4001], 3);
  await file([0, 5998], 4, [day, day]);
  await file([4000], 5, [day, day]);
  const parts = (await Array.fromAsync(store.sums.days(day, day))).flatMap((each) => each.parts);
  assertEquals(
    parts.map(({ transaction_id, from, to }): [number, number] => [transaction_id, to - from]),
    [...wanted].sort(([a], [b]) => a - b),
  );
  const [all, end, middle, whole, late] = written as [number, number, number, number, number];
  assertEquals([end, whole], [1, all], `${written}`);
  assert(middle > 1 && middle < all && late === middle, `${written}`);
  await store.close();
});
