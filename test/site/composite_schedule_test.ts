import { assertEquals } from "@std/assert";
import {
  type Limit,
  limitAt,
  type Period,
  periodsOf,
} from "../../src/site/smart_charging/composite_schedule.ts";
import type { TimedProfile, Unit } from "../../src/site/smart_charging/profile_limit.ts";

const T0 = Date.UTC(2026, 2, 2, 12); // a Monday, noon
const wiring = { voltage: 230, phases: 3, amps: 32 };
const hour = 3600;

function iso(seconds: number): string {
  return new Date(T0 + seconds * 1000).toISOString();
}

interface Given extends Partial<Omit<TimedProfile["profile"], "chargingSchedule">> {
  connector?: number;
  periods: [number, number, number?][];
  unit?: Unit;
  duration?: number;
  start?: number;
}

let ids = 0;

function profile({ connector = 1, periods, unit = "A", duration, start, ...rest }: Given): TimedProfile {
  return {
    connector_id: connector,
    installed_at: T0,
    profile: {
      chargingProfileId: ++ids,
      stackLevel: 0,
      chargingProfilePurpose: "TxDefaultProfile",
      chargingProfileKind: "Absolute",
      ...rest,
      chargingSchedule: {
        chargingRateUnit: unit,
        ...(duration === undefined ? {} : { duration }),
        ...(start === undefined ? {} : { startSchedule: iso(start) }),
        chargingSchedulePeriod: periods.map(([startPeriod, limit, numberPhases]) => ({
          startPeriod,
          limit,
          ...(numberPhases === undefined ? {} : { numberPhases }),
        })),
      },
    },
  };
}

/** Returns `[startPeriod, limit]` at connector 1 from T0 on, for a session that started at T0. */
function composite(
  profiles: TimedProfile[],
  duration: number,
  { unit = "A" as Unit, connector = 1, begun = 0 } = {},
): [number, number][] {
  const session = { at: T0 + begun * 1000, transaction_id: 7 };
  const limitOf = (at: number): Limit =>
    limitAt(profiles, at, { connector_id: connector, wiring, begun: session });
  const periods = periodsOf(limitOf, { from: T0, duration, unit, voltage: 230 });
  return periods.map(({ startPeriod, limit }: Period) => [startPeriod, limit]);
}

Deno.test("composite schedule: without profiles the supply is the limit", () => {
  assertEquals(composite([], hour), [[0, 32]]);
  assertEquals(composite([], hour, { unit: "W" }), [[0, 22_080]]);
});

Deno.test("composite schedule: the periods of an absolute profile, then no limit", () => {
  const one = profile({ start: 600, duration: 1800, periods: [[0, 16], [900, 10]] });
  assertEquals(composite([one], hour), [[0, 32], [600, 16], [1500, 10], [2400, 32]]);
});

Deno.test("composite schedule: the highest stack level with a limit applies", () => {
  const low = profile({ stackLevel: 0, start: 0, periods: [[0, 10]] });
  const high = profile({ stackLevel: 3, start: 600, duration: 600, periods: [[0, 20]] });
  assertEquals(composite([low, high], hour), [[0, 10], [600, 20], [1200, 10]]);
  assertEquals(composite([high, low], hour), [[0, 10], [600, 20], [1200, 10]]);
});

Deno.test("composite schedule: TxProfile overrides TxDefaultProfile at any stack level", () => {
  const usual = profile({ stackLevel: 9, start: 0, periods: [[0, 10]] });
  const own = profile({
    chargingProfilePurpose: "TxProfile",
    transactionId: 7,
    start: 300,
    duration: 300,
    periods: [[0, 25]],
  });
  assertEquals(composite([usual, own], hour), [[0, 10], [300, 25], [600, 10]]);
});

Deno.test("composite schedule: a TxProfile for another transaction does not apply", () => {
  const other = profile({
    chargingProfilePurpose: "TxProfile",
    transactionId: 8,
    start: 0,
    periods: [[0, 6]],
  });
  assertEquals(composite([other], hour), [[0, 32]]);
});

Deno.test("composite schedule: ChargePointMaxProfile caps all others", () => {
  const max = profile({
    connector: 0,
    chargingProfilePurpose: "ChargePointMaxProfile",
    start: 0,
    periods: [[0, 20], [1200, 8], [2400, 20]],
  });
  const own = profile({
    chargingProfilePurpose: "TxProfile",
    chargingProfileKind: "Relative",
    periods: [[0, 16], [1800, 32]],
  });
  assertEquals(composite([max, own], hour), [[0, 16], [1200, 8], [2400, 20]]);
});

Deno.test("composite schedule: all three purposes and stacked levels at once", () => {
  const profiles = [
    profile({
      connector: 0,
      chargingProfilePurpose: "ChargePointMaxProfile",
      stackLevel: 0,
      start: 0,
      periods: [[0, 30]],
    }),
    profile({
      connector: 0,
      chargingProfilePurpose: "ChargePointMaxProfile",
      stackLevel: 1,
      start: 900,
      duration: 600,
      periods: [[0, 12]],
    }),
    profile({ connector: 0, stackLevel: 0, start: 0, periods: [[0, 14]] }),
    profile({ stackLevel: 1, start: 1800, periods: [[0, 18]] }),
    profile({
      chargingProfilePurpose: "TxProfile",
      stackLevel: 0,
      start: 600,
      duration: 900,
      periods: [[0, 24]],
    }),
    profile({
      chargingProfilePurpose: "TxProfile",
      stackLevel: 1,
      start: 1200,
      duration: 100,
      periods: [[0, 6]],
    }),
  ];
  assertEquals(composite(profiles, hour), [[0, 14], [600, 24], [900, 12], [1200, 6], [1300, 12], [1500, 14], [
    1800,
    18,
  ]]);
});

Deno.test("composite schedule: a TxDefaultProfile of connector 0 applies to all connectors without one of their own", () => {
  const all = profile({ connector: 0, start: 0, periods: [[0, 10]] });
  const own = profile({ connector: 1, start: 0, duration: 600, periods: [[0, 13]] });
  assertEquals(composite([all, own], hour), [[0, 13], [600, 10]]);
  assertEquals(composite([all, own], hour, { connector: 2 }), [[0, 10]]);
});

Deno.test("composite schedule: Relative counts from the start of the session", () => {
  const relative = profile({ chargingProfileKind: "Relative", periods: [[0, 6], [1000, 16]] });
  assertEquals(composite([relative], hour), [[0, 6], [1000, 16]]);
  assertEquals(composite([relative], hour, { begun: -400 }), [[0, 6], [600, 16]]);
});

Deno.test("composite schedule: Daily recurs, also when it started days ago", () => {
  const night = { chargingProfileKind: "Recurring", recurrencyKind: "Daily" } as const;
  const daily = profile({
    ...night,
    start: -10 * 24 * hour - 12 * hour,
    duration: 24 * hour,
    periods: [[0, 32], [7 * hour, 10], [20 * hour, 32]],
  });
  assertEquals(composite([daily], 24 * hour), [[0, 10], [8 * hour, 32], [19 * hour, 10]]);
});

Deno.test("composite schedule: between two recurrences a lower stack level applies", () => {
  const base = profile({ stackLevel: 0, start: -hour, periods: [[0, 8]] });
  const weekly = profile({
    stackLevel: 1,
    chargingProfileKind: "Recurring",
    recurrencyKind: "Weekly",
    start: -7 * 24 * hour,
    duration: hour,
    periods: [[0, 20]],
  });
  assertEquals(composite([base, weekly], 8 * 24 * hour), [[0, 20], [hour, 8], [7 * 24 * hour, 20], [
    7 * 24 * hour + hour,
    8,
  ]]);
});

Deno.test("composite schedule: validFrom and validTo bound a profile", () => {
  const bounded = profile({ start: -hour, periods: [[0, 9]], validFrom: iso(300), validTo: iso(900) });
  assertEquals(composite([bounded], hour), [[0, 32], [300, 9], [900, 32]]);
});

Deno.test("composite schedule: watts are divided by the phases in use", () => {
  const watts = profile({ unit: "W", start: 0, periods: [[0, 6900], [600, 6900, 1], [1200, 2300, 1]] });
  assertEquals(composite([watts], 1800), [[0, 10], [600, 30], [1200, 10]]);
  assertEquals(composite([watts], 1800, { unit: "W" }), [[0, 6900], [600, 6900], [1200, 2300]]);
});

Deno.test("composite schedule: a limit of 0 applies", () => {
  const none = profile({ stackLevel: 1, start: 0, duration: 600, periods: [[0, 0]] });
  const some = profile({ stackLevel: 0, start: 0, periods: [[0, 16]] });
  assertEquals(composite([none, some], hour), [[0, 0], [600, 16]]);
});
