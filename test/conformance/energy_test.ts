// Energy through the front door: frames in, energy and flags out of REST (E01 to E49).
import { assert, assertEquals } from "@std/assert";
import type { WireCharger } from "../kit/wire_charger.ts";
import { type Case, cases, type Json, time } from "../kit/site.ts";

/** Minutes since the session's start, and what the meter says then: a register in Wh, or sampled values. */
type Sample = [number, number | Json[]];

/** A session as it is played, an hour ago. */
interface Session {
  start: number | null;
  samples?: Sample[];
  stop?: number;
  /** Settings of the charger. */
  quirks?: Json;
}

/** The expected answer of REST: the energy after the samples (`live`) or after StopTransaction (`final`), and the flags. */
interface Expected {
  live?: number | null;
  final?: number | null;
  flags?: string[];
}

const ago = (minutes: number) => time(minutes - 60);

/** A sampled value with its unit and more. */
const sampled = (value: number | string, more: Json = {}): Json => ({ value: String(value), ...more });
const kwh = (value: number, more: Json = {}) => sampled(value, { unit: "kWh", ...more });

const BLOB = 'OCMF|{"FV":"1.0","RD":[{"RV":15.25}]}|{"SD":"ab=="}';
const INTERVAL = { measurand: "Energy.Active.Import.Interval" };
const POWER = { measurand: "Power.Active.Import", unit: "W" };

const TABLE: Record<string, [string, Session, Expected]> = {
  E01: ["a plain session", { start: 1000, stop: 13_345 }, { final: 12_345 }],
  E02: ["no energy at all", { start: 0, stop: 0 }, { final: 0 }],
  E03: ["a value with defaults only", { start: 1000, samples: [[1, 1500]] }, { live: 500 }],
  E04: ["kWh", { start: 1_000_000, samples: [[1, [kwh(1002.5)]]] }, { live: 2500 }],
  E05: [
    "three phases",
    {
      start: 0,
      samples: [[1, ["L1", "L2", "L3"].map((phase, index) => sampled([1000, 1100, 900][index]!, { phase }))]],
    },
    { live: 3000 },
  ],
  E09: [
    "Transaction.Begin repeated beside the current value",
    {
      start: 0,
      samples: [[1, [
        sampled(93, { context: "Sample.Periodic" }),
        sampled(0, { context: "Transaction.Begin" }),
      ]]],
    },
    { live: 93 },
  ],
  E11: [
    "signed data beside the last register",
    {
      start: 10_000,
      samples: [[50, [sampled(BLOB, { format: "SignedData" }), kwh(15.25, { context: "Transaction.End" })]]],
      stop: 15_250,
    },
    { final: 5250 },
  ],
  E12: ["power is no energy", { start: 1000, samples: [[5, [sampled(7400, POWER), sampled(1617)]]] }, {
    live: 617,
  }],
  E13: [
    "intervals where there is no register",
    {
      start: 0,
      samples: [[15, [sampled(250, INTERVAL)]], [30, [sampled(250, INTERVAL)]], [45, [kwh(0.3, INTERVAL)]]],
    },
    { live: 800, flags: ["from-interval"] },
  ],
  E17: [
    "a register that begins again",
    { start: 99_999_500, stop: 1200, quirks: { register_modulus: 100_000_000 } },
    { final: 1700, flags: ["rollover"] },
  ],
  E18: ["no stop yet", { start: 1000, samples: [[10, 4000], [20, 7300]] }, { live: 6300 }],
  E23: [
    "samples that count from the session's start",
    { start: 4_076_000, samples: [[1, 104], [2, 228], [3, 353]] },
    { live: 353, flags: ["session-relative"] },
  ],
  E24: [
    "the same, with a stop of the meter's",
    { start: 4_076_000, samples: [[1, 104], [2, 228], [3, 353]], stop: 4_076_401 },
    { final: 401, flags: ["session-relative"] },
  ],
  E25: [
    "a step that no charger can do",
    { start: 1000, samples: [[1, 2_000_000], [10, 1500]], quirks: { max_power_w: 400_000 } },
    { live: 500, flags: ["outlier"] },
  ],
  E26: [
    "kWh that are labelled Wh, with the factor set",
    { start: 360_000, samples: [[5, [sampled(361, { unit: "Wh" })]]], quirks: { register_factor: 1000 } },
    { live: 1000 },
  ],
};

async function sample(charger: WireCharger, [minute, what]: Sample, more: Json = {}): Promise<void> {
  const sampledValue = typeof what === "number" ? [sampled(what)] : what;
  const payload = { connectorId: 1, meterValue: [{ timestamp: ago(minute), sampledValue }], ...more };
  assertEquals(await charger.call("MeterValues", payload), {});
}

/** Returns a session as REST has it. */
async function figures(charger: WireCharger, id: number): Promise<Json> {
  const { state, energy_wh, flags } = await charger.site.transaction(id);
  return { state, energy_wh, flags };
}

const active = (energy_wh: number | null, ...flags: string[]) => ({ state: "active", energy_wh, flags });
const completed = (energy_wh: number | null, ...flags: string[]) => ({
  state: "completed",
  energy_wh,
  flags,
});

cases("Energy", {}, (it) => {
  for (const [id, [what, session, { live, final, flags = [] }]] of Object.entries(TABLE)) {
    it(`${what} (${id})`, async (site) => {
      await using charger = await site.charger({ record: { quirks: session.quirks ?? {} } });
      const tag = await site.tag();
      const { transactionId } = await charger.start(tag, { meterStart: session.start, timestamp: ago(0) });
      for (const each of session.samples ?? []) await sample(charger, each, { transactionId });
      if (live !== undefined) assertEquals(await figures(charger, transactionId), active(live, ...flags));
      if (final === undefined) return;
      assertEquals(await charger.stop(transactionId, { meterStop: session.stop, timestamp: ago(55) }), {});
      assertEquals(await figures(charger, transactionId), completed(final, ...flags));
      if (id === "E11") await showsBlob(charger);
    });
  }
  sessions(it);
});

async function showsBlob(charger: WireCharger): Promise<void> {
  const { readings } = await charger.site.get(`${charger.path}readings/`);
  assertEquals(readings.find(({ format }: Json) => format === "SignedData").value, BLOB);
}

function sessions(it: Case): void {
  it("a reboot in the middle: one session over both halves (E30)", async (site) => {
    await using charger = await site.charger();
    const { transactionId } = await charger.start(await site.tag(), { timestamp: ago(0) });
    await sample(charger, [10, 4000], { transactionId });
    await charger.boot();
    assertEquals(await figures(charger, transactionId), active(3000, "suspect"));
    await sample(charger, [20, 6000], { transactionId });
    assertEquals(await figures(charger, transactionId), active(5000));
    await charger.stop(transactionId, { meterStop: 8000, timestamp: ago(30), reason: "PowerLoss" });
    assertEquals(await figures(charger, transactionId), completed(7000));
    assertEquals((await site.transactionsOf(charger.charger_id)).length, 1);
  });

  it("start and stop twice: one session (E31)", async (site) => {
    await using charger = await site.charger();
    const [tag, timestamp, end] = [await site.tag(), ago(0), ago(30)];
    const first = await charger.start(tag, { timestamp });
    assertEquals(await charger.start(tag, { timestamp }), first);
    for (let times = 0; times < 2; times++) {
      assertEquals(await charger.stop(first.transactionId, { meterStop: 13_345, timestamp: end }), {});
    }
    const all = await site.transactionsOf(charger.charger_id);
    assertEquals(all.map(({ energy_wh, flags }) => [energy_wh, flags]), [[12_345, []]]);
  });

  it("a second stop that differs: the first stands, flagged (E32)", async (site) => {
    await using charger = await site.charger();
    const { transactionId } = await charger.start(await site.tag(), { timestamp: ago(0) });
    for (const meterStop of [13_345, 13_400]) {
      assertEquals(await charger.stop(transactionId, { meterStop, timestamp: ago(30) }), {});
    }
    assertEquals(await figures(charger, transactionId), completed(12_345, "conflict"));
  });

  it("a closing sample behind the stop: kept with the session, which stays closed (E33)", async (site) => {
    await using charger = await site.charger();
    const { transactionId } = await charger.start(await site.tag(), { timestamp: ago(0) });
    await charger.stop(transactionId, { meterStop: 13_345, timestamp: ago(30) });
    await sample(charger, [30, [sampled(13_350, { context: "Transaction.End" })]], { transactionId });
    assertEquals(await figures(charger, transactionId), completed(12_345));
    const { readings } = await site.get(`${charger.path}readings/?transaction_id=${transactionId}`);
    assertEquals(readings.map(({ value }: Json) => value), [13_350]);
  });

  const offline = [["E34", true, "Accepted"], ["E35", false, "Invalid"]] as const;
  for (const [id, known, status] of offline) {
    it(`a session that was offline, with a tag that is ${status} (${id})`, async (site) => {
      await using charger = await site.charger();
      const [start, stop] = [time(-240), time(-180)];
      const tag = known ? await site.tag() : "STRANGER";
      const { transactionId, idTagInfo } = await charger.start(tag, { meterStart: 2000, timestamp: start });
      assertEquals(idTagInfo.status, status);
      await charger.stop(transactionId, { meterStop: 9000, timestamp: stop });
      const made = await site.transaction(transactionId);
      assertEquals([made.energy_wh, made.id_tag_status, made.start_time, made.stop_time], [
        7000,
        status,
        start,
        stop,
      ]);
      assertEquals(Date.parse(made.stop_time) - Date.parse(made.start_time), 3_600_000);
      assert(Date.now() - Date.parse(made.start_received) < 60_000);
      assertEquals(made.flags, []);
    });
  }

  it("a stop of id -1 without any session: an orphan of unknown energy (E37)", async (site) => {
    await using charger = await site.charger();
    assertEquals(await charger.stop(-1, { meterStop: 9500 }), {});
    const [orphan] = await site.transactionsOf(charger.charger_id);
    assertEquals([orphan!.state, orphan!.energy_wh, orphan!.flags.includes("orphan")], [
      "completed",
      null,
      true,
    ]);
  });

  it("a stop of an id never issued leaves the open session alone (E40)", async (site) => {
    await using charger = await site.charger();
    const { transactionId } = await charger.start(await site.tag(), { timestamp: ago(0) });
    assertEquals(await charger.stop(900_777, { meterStop: 9500 }), {});
    assertEquals(await figures(charger, transactionId), active(0));
  });

  it("Available in the middle: suspect, until the stop puts it right (E42)", async (site) => {
    await using charger = await site.charger();
    const { transactionId } = await charger.start(await site.tag(), { timestamp: ago(0) });
    await sample(charger, [10, 7300], { transactionId });
    await charger.status(1, "Available");
    assertEquals(await figures(charger, transactionId), active(6300, "suspect"));
    await charger.stop(transactionId, { meterStop: 7320, timestamp: ago(19) });
    assertEquals(await figures(charger, transactionId), completed(6320));
  });

  it("two connectors at once do not touch each other (E44)", async (site) => {
    await using charger = await site.charger();
    const one = await charger.start(await site.tag(), { meterStart: 0, timestamp: ago(0) });
    const two = await charger.start(await site.tag(), { connectorId: 2, meterStart: 500, timestamp: ago(1) });
    await sample(charger, [5, 100]);
    await sample(charger, [5, 900], { connectorId: 2 });
    assertEquals(await figures(charger, one.transactionId), active(100));
    assertEquals(await figures(charger, two.transactionId), active(400));
  });

  it("a meter that is zeroed for each session is no reset (E45)", async (site) => {
    await using charger = await site.charger();
    for (const [minute, energy] of [[0, 5000], [25, 3000]] as const) {
      const { transactionId } = await charger.start(await site.tag(), {
        meterStart: 0,
        timestamp: ago(minute),
      });
      await charger.stop(transactionId, { meterStop: energy, timestamp: ago(minute + 20) });
      assertEquals(await figures(charger, transactionId), completed(energy));
    }
  });

  it("a start at 1970: the time of receipt, flagged; the energy stands (E46)", async (site) => {
    await using charger = await site.charger();
    const { transactionId } = await charger.start(await site.tag(), { timestamp: "1970-01-01T00:00:00Z" });
    await charger.stop(transactionId);
    const { start_time, start_received, energy_wh, flags } = await site.transaction(transactionId);
    assertEquals([start_time, energy_wh, flags], [start_received, 1000, ["clock"]]);
  });

  for (const [what, meterStart] of [["missing", undefined], ["null", null]] as const) {
    it(`meterStart is ${what}: the first sample stands in its place, flagged (E48)`, async (site) => {
      await using charger = await site.charger();
      const { transactionId } = await charger.start(await site.tag(), { meterStart, timestamp: ago(0) });
      await sample(charger, [5, 5000], { transactionId });
      await charger.stop(transactionId, { meterStop: 5600, timestamp: ago(20) });
      assertEquals(await figures(charger, transactionId), completed(600, "no-meter-start"));
    });
  }
}
