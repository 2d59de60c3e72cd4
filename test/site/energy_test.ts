import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { addSample, beginEnergy, flagsOf, liveEnergy } from "../../src/site/energy/energy.ts";
import { currentLimitOf, powerOf } from "../../src/site/energy/meter_reading.ts";
import { ENERGY_FLAGS, type EnergyOptions, type FinishOptions } from "../../src/site/energy/energy_rules.ts";
import { finishEnergy, unaccountedEnergy } from "../../src/site/energy/energy_end.ts";
import type { RawMeterValue, RawSampledValue } from "../../src/store/readings/sample.ts";
import type { EnergyState } from "../../src/store/store.ts";

const START = Date.UTC(2026, 0, 1, 8);
const MINUTE = 60_000;

type Sampled = string | number | Partial<RawSampledValue>;

function meterValue(...samples: Sampled[]): RawMeterValue {
  return {
    timestamp: "2026-01-01T08:00:00Z",
    sampledValue: samples.map((sample) =>
      typeof sample === "object" ? { value: "0", ...sample } : { value: String(sample) }
    ),
  };
}

/** Adds a sample `minutes` after the start. */
function add(
  state: EnergyState,
  minutes: number,
  sampled: Sampled | Sampled[],
  options?: EnergyOptions,
): void {
  addSample(state, meterValue(...[sampled].flat()), START + minutes * MINUTE, options);
}

/** A session that has started and got a sample every ten minutes. */
function session(
  meter_start: number | null,
  samples: (Sampled | Sampled[])[],
  options?: EnergyOptions,
): EnergyState {
  const state = beginEnergy(meter_start, START);
  samples.forEach((sampled, index) => add(state, 10 * (index + 1), sampled, options));
  return state;
}

function assertLive(state: EnergyState, wh: number | null, flags: string[] = []): void {
  assertEquals(liveEnergy(state), wh);
  assertEquals(flagsOf(state), flags);
}

function assertFinal(
  state: EnergyState,
  meter_stop: number | null,
  energy_wh: number | null,
  flags: string[] = [],
  options?: FinishOptions,
): void {
  const before = JSON.stringify(state);
  assertEquals(finishEnergy(state, meter_stop, options), { energy_wh, flags });
  assertEquals(JSON.stringify(state), before, "finishEnergy leaves the state as it is");
}

const kWh = (value: string) => ({ value, unit: "kWh" });
const on = (phase: string, value: string) => ({ phase, value });
const interval = (value: string, unit = "Wh") => ({
  value,
  unit,
  measurand: "Energy.Active.Import.Interval",
});

// ---- ocpp16.md 5.2

Deno.test("start 1000, stop 13345: 12345 (E01)", () => assertFinal(session(1000, []), 13345, 12345));

Deno.test("start 0, stop 0: 0 (E02)", () => assertFinal(session(0, []), 0, 0));

Deno.test("a bare value is the register in Wh: live 500 (E03)", () =>
  assertLive(session(1000, ["1500"]), 500));

Deno.test("a register in kWh: live 2500 (E04)", () => assertLive(session(1000000, [kWh("1002.5")]), 2500));

Deno.test("a register per phase: live 3000 (E05)", () => {
  assertLive(session(0, [[on("L1", "1000"), on("L2", "1100"), on("L3", "900")]]), 3000);
});

Deno.test("Transaction.Begin beside a periodic sample: live 93 (E09)", () => {
  const bucket = [{ value: "93", context: "Sample.Periodic" }, { value: "0", context: "Transaction.Begin" }];
  assertLive(session(0, [bucket]), 93);
  assertLive(session(0, [bucket.toReversed()]), 93);
});

Deno.test("signed data is opaque: 5250 (E11)", () => {
  const blob = { value: 'OCMF|{"RV":99}|{"SD":"30"}', format: "SignedData", context: "Transaction.End" };
  const value = meterValue(blob, { ...kWh("15.25"), context: "Transaction.End" });
  const state = beginEnergy(10000, START);
  addSample(state, value, START + 10 * MINUTE);
  assertLive(state, 5250);
  assertFinal(state, 15250, 5250);
  assertEquals(value.sampledValue[0]!.value, blob.value);
  assertLive(session(10000, [{ value: "15250", format: "SignedData" }]), null);
});

Deno.test("power beside the register: live 617 (E12)", () => {
  const power = { value: "7400", measurand: "Power.Active.Import", unit: "W" };
  assertLive(session(1000, [[power, { value: "1617", measurand: "Energy.Active.Import.Register" }]]), 617);
});

Deno.test("intervals without any register: 800, from-interval (E13)", () => {
  const state = session(0, [interval("250"), interval("250"), interval("0.3", "kWh")]);
  assertLive(state, 800, ["from-interval"]);
  assertFinal(state, null, 800, ["no-meter-stop", "from-interval"]);
  assertFinal(state, 0, 800, ["from-interval"]);
});

Deno.test("the register passes its end: 1700, rollover (E17)", () => {
  const options = { register_modulus: 100_000_000 };
  assertFinal(session(99999500, [], options), 1200, 1700, ["rollover"], options);
  const state = session(99999500, [99999900, 300], options);
  assertLive(state, 800, ["rollover"]);
  assertFinal(state, 1200, 1700, ["rollover"], options);
});

Deno.test("no stop: 6300 so far (E18)", () => {
  const state = session(1000, [4000, 7300]);
  assertLive(state, 6300);
  assertFinal(state, null, 6300, ["no-meter-stop"]);
});

Deno.test("samples count from zero: live 353, session-relative (E23)", () => {
  assertLive(session(4076000, [104, 228, 353]), 353, ["session-relative"]);
});

Deno.test("samples count from zero, stop is a register: 401, session-relative (E24)", () => {
  assertFinal(session(4076000, [104, 228, 353]), 4076401, 401, ["session-relative"]);
});

Deno.test("an implausible sample is skipped: live 500, outlier (E25)", () => {
  const state = beginEnergy(1000, START);
  add(state, 1, 2000000, { max_power_w: 400_000 });
  assertLive(state, null, ["outlier"]);
  add(state, 10, 1500, { max_power_w: 400_000 });
  assertLive(state, 500, ["outlier"]);
});

Deno.test("kWh labelled Wh, with a factor: live 1000 (E26)", () => {
  const state = session(360000, [{ value: "361", unit: "Wh" }], { register_factor: 1000 });
  assertLive(state, 1000);
  assertFinal(state, 361000, 1000, [], { register_factor: 1000 });
});

Deno.test("a boot in between changes nothing: 7000 (E30)", () => {
  const state = JSON.parse(JSON.stringify(session(1000, [4000])));
  add(state, 20, 6000);
  assertFinal(state, 8000, 7000);
});

// ---- ocpp16.md 5.3, as far as it is about energy

Deno.test("finishing again gives the same, or what the other stop says (E31, E32)", () => {
  const state = session(1000, []);
  assertFinal(state, 13345, 12345);
  assertFinal(state, 13345, 12345);
  assertFinal(state, 13400, 12400);
});

Deno.test("a sample after the stop does not change what the stop says (E33)", () => {
  const state = session(1000, [9000]);
  assertFinal(state, 13345, 12345);
  add(state, 30, { value: "13350", context: "Transaction.End" });
  assertFinal(state, 13345, 12345);
});

Deno.test("a session that was offline: 7000 (E34, E35)", () => {
  assertFinal(session(2000, []), 9000, 7000, [], { stop_at: START + 60 * MINUTE });
});

Deno.test("a stop without a start: unknown, not 0 (E37)", () => {
  assertFinal(beginEnergy(null, START), 9500, null, ["no-meter-start"]);
});

Deno.test("a stop long after the last sample: 6320 (E42)", () =>
  assertFinal(session(1000, [7300]), 7320, 6320));

Deno.test("two connectors interleaved: 100 and 400 (E44)", () => {
  const one = beginEnergy(0, START);
  const two = beginEnergy(500, START);
  add(one, 10, 100);
  add(two, 10, 900);
  assertLive(one, 100);
  assertLive(two, 400);
});

Deno.test("a meter that starts at 0 each time: 5000 and 3000 (E45)", () => {
  assertFinal(session(0, [2500, 5000]), 5000, 5000);
  assertFinal(session(0, [1500]), 3000, 3000);
});

Deno.test("a start without a usable time: 1000, clock (E46)", () => {
  assertFinal(beginEnergy(1000, NaN), 2000, 1000, ["clock"], { stop_at: START });
});

Deno.test("no meterStart: the first sample is the baseline: 600 (E48)", () => {
  const state = session(null, [5000]);
  assertLive(state, 0, ["no-meter-start"]);
  assertFinal(state, 5600, 600, ["no-meter-start"]);
});

Deno.test("a restart between two samples: the same (E49)", () => {
  const state = JSON.parse(JSON.stringify(session(1000, [1500, 2000])));
  add(state, 30, 2600);
  assertLive(state, 1600);
});

// ---- 5.1, rule by rule

Deno.test("energy is whole mWh (rule 1)", () => {
  assertLive(session(1000.1, ["1000.3"]), 0.2);
  assertFinal(session(0.1, []), 0.3, 0.2);
  assertLive(session(0, ["1500.5"]), 1500.5);
  assertLive(session(0, [kWh("0.1"), kWh("0.3000004")]), 300);
});

Deno.test("what is not a number of Wh or kWh is not used (rule 2)", () => {
  const useless: Sampled[] = [
    "",
    " ",
    "NaN",
    "1,5",
    "0x10",
    "1 500",
    "1500 Wh",
    "Infinity",
    "1.5.2",
    ".",
    "-",
    "e5",
    "-5",
  ];
  for (const sampled of useless) assertLive(session(0, [sampled]), null);
  for (const unit of ["W", "MWh", "varh", "VAh", "Percent"]) {
    assertLive(session(0, [{ value: "5", unit }]), null);
  }
  assertLive(session(0, [{ value: "5", format: "Hex" }]), null);
  assertLive(session(0, ["99999999999999999999999", "9e99"]), null);
});

Deno.test("numbers as they are written in the field (rule 2)", () => {
  const written: [Sampled, number][] = [
    [" 1500 ", 1500],
    ["+1500", 1500],
    ["1500.", 1500],
    [".5", 0.5],
    ["1.5E3", 1500],
    ["0001500", 1500],
    ["1500.00000000000000000", 1500],
    [{ value: "1500", unit: "wh", measurand: "energy.active.import.register", format: "raw" }, 1500],
    [{ value: "1.5", unit: "KWH", phase: "", context: "", location: "", format: "" }, 1500],
    [{ value: 1500 as unknown as string }, 1500],
  ];
  for (const [sampled, wh] of written) assertLive(session(0, [sampled]), wh);
});

Deno.test("the outlet, and another location only if there is nothing else (rule 3)", () => {
  const at = (location: string, value: string) => ({ location, value });
  assertLive(session(0, [[at("Inlet", "900"), at("Outlet", "500"), at("EV", "800")]]), 500);
  assertLive(session(0, [[at("Inlet", "900"), "500"]]), 500);
  assertLive(session(0, [at("Inlet", "900"), at("Inlet", "950"), at("Cable", "2000")]), 950);
  assertLive(
    session(0, [at("Inlet", "900"), at("Outlet", "500"), at("Inlet", "990"), at("Outlet", "1200")]),
    1200,
  );
  assertLive(session(0, [[at("Inlet", "900"), at("Outlet", "500")]], { location: "Inlet" }), 900);
  assertFinal(session(0, [at("Inlet", "900"), at("Outlet", "500")]), null, 500, ["no-meter-stop"]);
});

Deno.test("a better register that comes late starts from meterStart, and what was shown stays (rule 3)", () => {
  const state = session(4000, [{ value: "50", location: "Cable" }, "4020"]);
  assertLive(state, 50);
  add(state, 30, "4100");
  assertLive(state, 100);
});

Deno.test("overall wins, N is ignored, L1-N is L1, a lone L1 is the overall value (rule 4)", () => {
  assertLive(session(0, [[on("L1", "900"), on("L2", "900"), { value: "1700" }]]), 1700);
  assertLive(session(0, [[on("L1-N", "100"), on("L2-N", "200"), on("L3-N", "300"), on("N", "5000")]]), 600);
  assertLive(session(0, [on("L1", "900"), on("L1", "1000")]), 1000);
  assertLive(session(0, [on("N", "900"), on("L1-L2", "800"), on("L4", "7"), on("overall", "9")]), null);
});

Deno.test("a sum from which a phase is missing is not a reset (rule 4)", () => {
  const all = (value: string) => [on("L1", value), on("L2", value), on("L3", value)];
  const state = session(0, [all("1000"), all("1100").slice(1), all("1200").slice(0, 1), all("1300")]);
  assertLive(state, 3900);
});

Deno.test("every context but Transaction.Begin is a reading (rule 5)", () => {
  const contexts = [
    "Sample.Clock",
    "Sample.Periodic",
    "Trigger",
    "Interruption.Begin",
    "Interruption.End",
    "Other",
    "x",
  ];
  for (const context of contexts) assertLive(session(0, [{ value: "70", context }]), 70);
  assertLive(session(100, [{ value: "170", context: "Transaction.Begin" }]), null);
});

Deno.test("a repeated Transaction.Begin never is the current value (rule 5)", () => {
  const begin = { value: "1000", context: "Transaction.Begin" };
  const state = session(1000, [[begin, "1200"], [begin, "1500"], begin]);
  assertLive(state, 500);
  assertFinal(state, 1600, 600);
});

Deno.test("samples count in the order of their times (rule 5)", () => {
  const state = beginEnergy(1000, START);
  add(state, 30, 3000);
  add(state, 10, 1500);
  add(state, 20, 2000);
  assertLive(state, 2000);
  add(state, 30, 2990);
  add(state, 40, 3500);
  assertLive(state, 2500);
});

Deno.test("samples repeated with the stop change nothing, also across a reset (rule 5)", () => {
  const samples = [4000, 5000, 100, 600];
  const state = session(1000, samples);
  samples.forEach((register, index) => add(state, 10 * (index + 1), register));
  assertLive(state, 4600, ["meter-reset"]);
});

Deno.test("Transaction.End is the last sample, whatever its time (rule 5)", () => {
  const state = session(1000, [4000]);
  add(state, 9.99, { value: "4010", context: "Transaction.End" });
  assertLive(state, 3010);
  assertFinal(state, null, 3010, ["no-meter-stop"]);
});

Deno.test("meterStop is authoritative where samples differ by a little (rule 6)", () => {
  assertFinal(session(1000, [8000]), 7950, 6950);
  assertFinal(session(1000, [8000]), 8001, 7001);
  assertFinal(session(1000500, [kWh("1000"), kWh("1003")]), 1003700, 3200);
});

Deno.test("a meterStop clearly below a sample is wrong: what was measured stands (rule 6)", () => {
  assertFinal(session(1000000, [1006300]), 1000000, 6300, ["inconsistent"]);
  assertFinal(session(0, [5000]), 0, 5000, ["meter-reset"]);
});

Deno.test("meterStop - meterStart stands, and a difference beyond the charger's power is flagged (rule 6)", () => {
  const stop_at = START + 20 * MINUTE;
  assertFinal(session(0, [500]), 4076401, 4076401, ["outlier"], { stop_at });
  assertFinal(session(0, []), 4076401, 4076401, ["outlier"], { stop_at });
  assertFinal(session(0, [500]), 1000, 1000, [], { stop_at });
});

Deno.test("meterStop is session-relative as well (rule 7)", () => {
  assertFinal(session(4076000, [104, 353]), 401, 401, ["session-relative"]);
  assertFinal(session(1000, [500, 2500]), 3100, 3100, ["session-relative"]);
});

Deno.test("Transaction.Begin says that samples count from zero (rule 7)", () => {
  assertLive(session(900, [{ value: "0", context: "Transaction.Begin" }, "104"]), 104, ["session-relative"]);
});

Deno.test("a first sample rounded to kWh is not session-relative (rule 7)", () => {
  assertLive(session(20900, [kWh("20"), kWh("21"), kWh("22")]), 1100);
  assertLive(session(900, [kWh("0"), kWh("1")]), 100);
  assertLive(session(1000, [995, 1002]), 2);
});

Deno.test("a first sample at a thousandth of meterStart is kWh labelled Wh (rule 7)", () => {
  const state = session(360000, [361, 363]);
  assertLive(state, 2, ["unit"]);
  assertFinal(state, 363400, 3400, ["unit"]);
});

Deno.test("a reset counts from zero: a lower bound (rule 8)", () => {
  const state = session(1000, [5000, 200, 3000]);
  assertLive(state, 7000, ["meter-reset"]);
  assertFinal(state, 3400, 7400, ["meter-reset"]);
  assertFinal(state, null, 7000, ["no-meter-stop", "meter-reset"]);
  assertFinal(state, 3000, 7000, ["meter-reset"]);
});

Deno.test("a reset that only the stop shows (rule 8)", () => {
  assertFinal(session(1000, [4000, 7300]), 200, 6500, ["meter-reset"]);
});

Deno.test("meterStop below meterStart without evidence is 0, inconsistent (rule 8)", () => {
  assertFinal(session(5000, []), 4000, 0, ["inconsistent"]);
  assertFinal(session(5000, [5000]), 1000, 0, ["inconsistent"]);
  assertFinal(session(5000, []), -1, 0, ["inconsistent"]);
});

Deno.test("without a modulus, or far from it, a decrease is no rollover (rule 8)", () => {
  assertLive(session(99999000, [99999900, 300]), 1200, ["meter-reset"]);
  const far = session(50000000, [50001000, 300], { register_modulus: 100_000_000 });
  assertLive(far, 1300, ["meter-reset"]);
});

Deno.test("intervals do not count once there is a register (rule 9)", () => {
  const state = session(1000, [interval("400"), [interval("400"), "1500"], interval("400")]);
  assertLive(state, 500);
  assertFinal(session(1000, [interval("400")]), 1900, 900);
});

Deno.test("an interval counts once, and not before the last one (rule 9)", () => {
  const state = session(0, [interval("250"), interval("250")]);
  add(state, 20, interval("250"));
  add(state, 10, interval("250"));
  add(state, 30, interval("9000000"));
  assertLive(state, 500, ["from-interval", "outlier"]);
});

Deno.test("other measurands never are energy (rule 9)", () => {
  for (
    const measurand of [
      "Energy.Active.Export.Register",
      "Energy.Reactive.Import.Register",
      "Energy.Active.Export.Interval",
      "Power.Active.Import",
      "SoC",
      "Frequency",
    ]
  ) {
    assertLive(session(0, [{ value: "50", measurand }]), null);
  }
});

Deno.test("a register that stays implausible goes on from where it is (rule 10)", () => {
  const state = session(0, [4076104, 4076228, 4076353]);
  assertLive(state, 249, ["rebased", "outlier"]);
  assertFinal(state, 401, 401, ["rebased", "outlier"]);
  const stop_at = START + 40 * MINUTE;
  assertFinal(state, 4076401, 297, ["rebased", "outlier"], { stop_at });
});

Deno.test("kWh steps in quick samples are plausible (rule 10)", () => {
  const state = beginEnergy(0, START);
  [1, 2, 3].forEach((register, index) => add(state, index / 60, kWh(String(register))));
  assertLive(state, 3000);
});

Deno.test("what flowed until the next start (rule 11)", () => {
  assertEquals(unaccountedEnergy(session(1000, [4000]), 4500), 500);
  assertEquals(unaccountedEnergy(session(1000, [4000]), 100), null);
  assertEquals(unaccountedEnergy(session(4076000, [104]), 4076400), null);
  assertEquals(unaccountedEnergy(session(null, []), 5), null);
});

Deno.test("a clock that was set back does not stop the counting (rule 13)", () => {
  const state = beginEnergy(1000, START);
  add(state, 60, 2000);
  add(state, 5, 2500);
  add(state, 15, 3500);
  assertLive(state, 2500, ["clock"]);
});

Deno.test("a sample without a time counts as the newest (rule 13)", () => {
  const state = session(1000, [2000]);
  addSample(state, meterValue(2500), NaN);
  assertLive(state, 1500, ["clock"]);
});

Deno.test("no meterStart: an earlier sample, or Transaction.Begin, moves the baseline", () => {
  const state = beginEnergy(null, START);
  add(state, 20, 5200);
  add(state, 30, 5400);
  add(state, 10, 5100);
  assertLive(state, 300, ["no-meter-start"]);
  add(state, 0, { value: "5000", context: "Transaction.Begin" });
  assertLive(state, 400, ["no-meter-start"]);
  assertFinal(state, 5600, 600, ["no-meter-start"]);
  assertFinal(session(null, [{ value: "5000", context: "Transaction.Begin" }]), 5600, 600, [
    "no-meter-start",
  ]);
});

Deno.test("registers beyond what is exact are as good as none", () => {
  assertFinal(beginEnergy(9.3e18, START), 5, null, ["no-meter-start"]);
  assertFinal(session(5, [10]), 9.3e18, 5, ["no-meter-stop"]);
  assertFinal(beginEnergy(-2147483000, START), -2147480000, 3000);
});

Deno.test("powerOf gives W: overall or the sum of the phases, kW times 1000", () => {
  const power = (value: string, more = {}) => ({ value, measurand: "Power.Active.Import", ...more });
  assertEquals(powerOf(meterValue(power("7400", { unit: "W" }), "1500")), 7400);
  assertEquals(powerOf(meterValue(power("7.4", { unit: "kW" }))), 7400);
  const phases = ["L1", "L2", "L3"].map((phase) => power("2300.5", { phase }));
  assertEquals(powerOf(meterValue(...phases)), 6901.5);
  assertEquals(powerOf(meterValue(...phases, power("6900"))), 6900);
  assertEquals(powerOf(meterValue(power("x"), power("5", { unit: "Wh" }))), null);
  const volts = { value: "230", measurand: "Voltage", unit: "V" };
  assertEquals(powerOf(meterValue("1500", volts, { value: "16", measurand: "Current.Import" })), null);
});

Deno.test("currentLimitOf gives the highest Current.Offered in A", () => {
  const offered = (value: string, more = {}) => ({ value, measurand: "Current.Offered", ...more });
  assertEquals(currentLimitOf(meterValue(offered("16", { unit: "A" }))), 16);
  assertEquals(
    currentLimitOf(meterValue(offered("6", { phase: "L1" }), offered("10.5", { phase: "L2" }))),
    10.5,
  );
  assertEquals(currentLimitOf(meterValue(offered("0"))), 0);
  assertEquals(
    currentLimitOf(meterValue(offered("16", { unit: "Percent" }), offered("99", { phase: "N" }))),
    null,
  );
  assertEquals(currentLimitOf(meterValue("16")), null);
});

// ---- properties

const RUNS = { numRuns: 2000 };
const words = (...known: string[]) =>
  fc.option(fc.oneof(fc.constantFrom(...known), fc.string()), { nil: undefined });
const aSampledValue = fc.record({
  value: fc.oneof(
    fc.integer({ min: -10, max: 50_000 }).map(String),
    fc.double({ min: 0, max: 5000, noNaN: true }).map(String),
    fc.constantFrom("", "NaN", "1,5", "9999999999999999999999", "1e400", "4076000", "4076100.5"),
    fc.string(),
  ),
  context: words("Transaction.Begin", "Transaction.End", "Sample.Periodic"),
  format: words("Raw", "SignedData"),
  measurand: words("Energy.Active.Import.Register", "Energy.Active.Import.Interval", "Power.Active.Import"),
  phase: words("L1", "L2", "L3", "L1-N", "N"),
  location: words("Outlet", "Inlet", "EV"),
  unit: words("Wh", "kWh"),
}) as fc.Arbitrary<RawSampledValue>;
const aTime = fc.oneof(
  fc.integer({ min: -10, max: 120 }).map((minutes) => START + minutes * MINUTE),
  fc.constantFrom(NaN, Infinity, 0, START),
);
const aMeterValue = fc.oneof(
  fc.array(aSampledValue, { maxLength: 8 }),
  fc.integer({ min: 0, max: 20_000 }).map((register) => [{ value: String(register) }]),
).map((sampledValue) => ({ timestamp: "", sampledValue }));
const aSample = fc.tuple(aMeterValue, aTime);
const aRegister = fc.option(
  fc.oneof(fc.integer({ min: -5, max: 20_000 }), fc.constantFrom(4076000, NaN, 1e300, -0)),
);
const someOptions: fc.Arbitrary<FinishOptions> = fc.record({
  max_power_w: fc.constantFrom(400_000, 11_000, 0, NaN),
  register_factor: fc.constantFrom(1, 1000, 0.5, NaN),
  register_modulus: fc.constantFrom(null, 10_000, NaN),
  location: fc.constantFrom("Outlet", "EV"),
  stop_at: fc.constantFrom(START, START + 3 * 3_600_000, NaN),
}, { requiredKeys: [] });
const anything = fc.anything({
  withNullPrototype: true,
  withBigInt: true,
  withDate: true,
  withSparseArray: true,
});

function assertSound(wh: number | null): void {
  assert(wh === null || (Number.isFinite(wh) && wh >= 0 && !Object.is(wh, -0)), String(wh));
}

Deno.test("live energy never decreases, and no energy is negative or NaN", () => {
  fc.assert(
    fc.property(
      aRegister,
      fc.array(aSample),
      aRegister,
      aTime,
      someOptions,
      (start, samples, stop, at, options) => {
        const state = beginEnergy(start, at);
        let last: number | null = null;
        for (const [value, time] of samples) {
          addSample(state, value, time, options);
          const live = liveEnergy(state);
          assertSound(live);
          assert(last === null || (live !== null && live >= last), `${last} → ${live}`);
          last = live;
          assert(flagsOf(state).every((flag) => (ENERGY_FLAGS as readonly string[]).includes(flag)));
        }
        assertSound(finishEnergy(state, stop, options).energy_wh);
        assertSound(finishEnergy(state, null, options).energy_wh);
      },
    ),
    RUNS,
  );
});

Deno.test("garbage never throws", () => {
  const sample = fc.dictionary(
    fc.constantFrom("value", "context", "format", "measurand", "phase", "location", "unit"),
    fc.oneof(
      anything,
      fc.constantFrom("1500", "Energy.Active.Import.Register", "Current.Offered", "Wh", "L1"),
    ),
  );
  const garbage = fc.oneof(
    anything,
    fc.record({ sampledValue: anything }),
    fc.record({ sampledValue: fc.array(fc.oneof(anything, sample)) }),
  );
  fc.assert(
    fc.property(aRegister, garbage, aTime, (start, rubbish, at) => {
      const value = rubbish as RawMeterValue;
      const state = beginEnergy(start, at);
      addSample(state, value, at);
      addSample(state, value, at + 1);
      assertSound(liveEnergy(state));
      powerOf(value);
      currentLimitOf(value);
      assertEquals(JSON.parse(JSON.stringify(state)), state);
    }),
    RUNS,
  );
});

/** Registers that rise, fall, jump and repeat, several at one time. */
const aWildRegister = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 12_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(4_000_000, 4_000_100, 4_000_200, 9_990, 0, 100) },
);
const aTimedRegister = fc.tuple(
  fc.integer({ min: -3, max: 12 }),
  fc.array(aWildRegister, { minLength: 1, maxLength: 4 }),
);

Deno.test("the order of samples of one time does not matter", () => {
  const timed = fc.array(aTimedRegister, { maxLength: 12 });
  const options = { register_modulus: 10_000 };
  const start = fc.constantFrom(0, 1000, 9_950, 4_000_000);
  fc.assert(
    fc.property(
      start,
      timed,
      aRegister,
      fc.infiniteStream(fc.nat()),
      (meter_start, groups, stop, shuffle) => {
        const one = beginEnergy(meter_start, START);
        const other = beginEnergy(meter_start, START);
        for (const [minutes, registers] of groups) {
          const shuffled = registers.map((register) => ({ register, key: shuffle.next().value! }))
            .sort((a, b) => a.key - b.key);
          for (const register of registers) add(one, 10 * minutes, register, options);
          for (const { register } of shuffled) add(other, 10 * minutes, register, options);
          assertEquals(liveEnergy(other), liveEnergy(one));
        }
        assertEquals(flagsOf(other), flagsOf(one));
        assertEquals(finishEnergy(other, stop, options), finishEnergy(one, stop, options));
      },
    ),
    { numRuns: 10_000 },
  );
});

Deno.test("the order of sampled values in a meter value does not matter", () => {
  const values = fc.array(aSampledValue, { maxLength: 8 });
  fc.assert(
    fc.property(aRegister, values, (start, sampledValue) => {
      const [one, other] = [sampledValue, sampledValue.toReversed()].map((sampledValue) => {
        const state = beginEnergy(start, START);
        addSample(state, { timestamp: "", sampledValue }, START + MINUTE);
        return state;
      });
      assertEquals(other, one);
    }),
    RUNS,
  );
});

Deno.test("a rising register in any order of arrival gives the same energy", () => {
  const steps = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(steps, fc.infiniteStream(fc.nat()), (steps, shuffle) => {
      let register = 1000;
      const samples = steps.map((step, index) => ({ at: 10 * (index + 1), register: register += step }));
      const keyed = samples.map((sample) => ({ ...sample, key: shuffle.next().value! })).sort((a, b) =>
        a.key - b.key
      );
      const state = beginEnergy(1000, START);
      for (const sample of keyed) add(state, sample.at, sample.register);
      assertLive(state, register - 1000);
      assertFinal(state, register, register - 1000);
    }),
    RUNS,
  );
});

Deno.test("a restart at any point changes nothing", () => {
  const at = fc.nat({ max: 20 });
  fc.assert(
    fc.property(
      aRegister,
      fc.array(aSample, { maxLength: 20 }),
      at,
      aRegister,
      someOptions,
      (start, samples, at, stop, options) => {
        const kept = beginEnergy(start, START);
        let restarted = beginEnergy(start, START);
        samples.forEach(([value, time], index) => {
          if (index === at) restarted = JSON.parse(JSON.stringify(restarted));
          addSample(kept, value, time, options);
          addSample(restarted, value, time, options);
        });
        assertEquals(restarted, kept);
        assertEquals(finishEnergy(restarted, stop, options), finishEnergy(kept, stop, options));
      },
    ),
    RUNS,
  );
});

Deno.test("a step that the reported power bears out is no outlier (rule 10)", () => {
  const state = beginEnergy(0, START);
  const sampledValue = [{ value: "7145000" }, {
    value: "14783176",
    measurand: "Power.Active.Import",
    unit: "W",
  }];
  addSample(state, { timestamp: "", sampledValue }, START + 2000);
  assertEquals([liveEnergy(state), flagsOf(state)], [null, ["outlier"]]);
  sampledValue[0]!.value = "200000";
  addSample(state, { timestamp: "", sampledValue }, START + 3000);
  assertEquals(liveEnergy(state), 200000);
});
