import { assert, assertEquals, assertRejects } from "@std/assert";
import { ADVICE, DIAGNOSIS, REASONS } from "../../src/i18n/admin/diagnosis.ts";
import { REMEDIES } from "../../src/site/diagnosis/remedies.ts";
import { ChargePointSimulator, playScenario } from "../../src/simulator/mod.ts";
import type { Step } from "../../src/simulator/scenarios/verbs.ts";
import { VirtualClock } from "../../src/simulator/virtual_clock.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { Site } from "../kit/site.ts";
import { WireCharger } from "../kit/wire_charger.ts";

/** A situation that a scenario makes, and its diagnosis as `connector_id code`. */
interface Situation {
  name: string;
  steps: Step[];
  /** Fields of the charger's record. */
  charger?: Record<string, unknown>;
  /** Requests to the gateway after the steps: an action of the charger, with its payload. */
  commands?: [action: string, payload: Record<string, unknown>][];
  /** Minutes that pass for the gateway afterwards. */
  later?: number;
  /** The charger hangs up at the end. */
  gone?: boolean;
  is: string[];
}

/** A report of a connector's status. */
function status(connectorId: number, status: string, more: Record<string, unknown> = {}): Step {
  const payload = { connectorId, status, errorCode: "NoError", ...more };
  return { call: "StatusNotification", payload };
}

const WALLBOX = { autopilot: false, interval: 10, max_current: 32, connectors: 2 };

const WITH_CARDS = { require_rfid: true };

function card(name: string, tag: string, code: string): Situation[] {
  const parts = { charger: WITH_CARDS };
  return [
    { ...parts, name: `${name}, no car`, steps: [{ tap: tag }], is: [`0 ${code}`] },
    { ...parts, name: `${name}, car plugged in`, steps: [{ plug: 1 }, { tap: tag }], is: [`1 ${code}`] },
  ];
}

function fault(error_code: string, code: string, words: Record<string, string> = {}): Situation {
  const said = Object.values(words).join(" ");
  const step = { fault: 1, error_code, ...words } as Step;
  return { name: `${error_code} ${said}`.trim(), steps: [step], is: [`1 ${code}`] };
}

/** A profile that limits a connector at once. */
function limit(
  connectorId: number,
  limit: number,
  purpose = "TxDefaultProfile",
): [string, Record<string, unknown>] {
  const csChargingProfiles = {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: purpose,
    chargingProfileKind: "Absolute",
    chargingSchedule: {
      startSchedule: "2020-01-01T00:00:00Z",
      chargingRateUnit: "A",
      chargingSchedulePeriod: [{ startPeriod: 0, limit }],
    },
  };
  return ["set_charging_profile", { connectorId, csChargingProfiles }];
}

const IN_AN_HOUR = new Date(Date.now() + 3_600_000).toISOString();

const SITUATIONS: Situation[] = [
  { name: "ready", steps: [{ wait: 1 }], is: [] },
  { name: "charging", steps: [{ start: 1 }, { wait: 30 }], is: [] },
  { name: "offline", steps: [{ wait: 1 }], gone: true, is: ["0 offline"] },
  { name: "offline in a session", steps: [{ start: 1 }, { wait: 30 }], gone: true, is: ["0 offline"] },
  {
    name: "pending",
    charger: { registration: "Pending" },
    steps: [],
    is: ["0 waiting_for_acceptance"],
  },
  { name: "rejected", charger: { registration: "Rejected" }, steps: [], is: ["0 rejected"] },
  { name: "car plugged in", steps: [{ plug: 1 }], is: ["1 waiting_for_start"] },
  {
    name: "car plugged in, card wanted",
    charger: WITH_CARDS,
    steps: [{ plug: 1 }],
    is: ["1 waiting_for_card"],
  },
  ...card("unknown card", "NOBODY", "card_unknown"),
  ...card("blocked card", "BLOCKED", "card_blocked"),
  ...card("expired card", "EXPIRED", "card_expired"),
  {
    name: "known card after a refused one",
    charger: WITH_CARDS,
    steps: [{ tap: "NOBODY" }, { tap: "GOOD" }],
    is: ["1 waiting_for_car"],
  },
  {
    name: "refused card, ten minutes ago",
    charger: WITH_CARDS,
    steps: [{ tap: "NOBODY" }],
    later: 11,
    is: [],
  },
  {
    name: "session with a blocked card",
    charger: WITH_CARDS,
    steps: [
      { call: "StartTransaction", payload: startWith("BLOCKED") },
      status(1, "SuspendedEVSE"),
    ],
    is: ["1 card_blocked"],
  },
  {
    name: "session with a card that is in use",
    charger: WITH_CARDS,
    steps: [
      { call: "StartTransaction", payload: startWith("BUSY") },
      { call: "StartTransaction", payload: { ...startWith("BUSY"), connectorId: 2 } },
      status(1, "SuspendedEV"),
      status(2, "SuspendedEVSE"),
    ],
    is: ["1 paused_by_car", "2 card_in_use"],
  },
  { name: "paused by the car", steps: [{ start: 1 }, status(1, "SuspendedEV")], is: ["1 paused_by_car"] },
  {
    name: "paused by the charger",
    steps: [{ start: 1 }, status(1, "SuspendedEVSE")],
    is: ["1 paused_by_charger"],
  },
  {
    name: "limit 0 on the connector",
    steps: [{ start: 1 }],
    commands: [limit(1, 0)],
    is: ["1 limit_zero"],
  },
  {
    name: "limit 0 on the charger",
    steps: [{ start: 1 }],
    commands: [limit(0, 0, "ChargePointMaxProfile")],
    is: ["1 limit_zero"],
  },
  { name: "limit of 4 A", steps: [{ start: 1 }, { wait: 20 }], commands: [limit(1, 4)], is: ["1 limit_low"] },
  { name: "limit of 10 A", steps: [{ start: 1 }, { wait: 20 }], commands: [limit(1, 10)], is: [] },
  { name: "limit while nobody charges", steps: [{ wait: 1 }], commands: [limit(1, 0)], is: [] },
  { name: "session ended, car plugged in", steps: [{ start: 1 }, { stop: 1 }], is: ["1 unplug"] },
  {
    name: "reserved",
    steps: [{ wait: 1 }],
    commands: [["reserve_now", { connectorId: 1, idTag: "GOOD", reservationId: 7, expiryDate: IN_AN_HOUR }]],
    is: ["1 reserved"],
  },
  {
    name: "out of service, connector",
    steps: [{ wait: 1 }],
    commands: [["change_availability", { connectorId: 1, type: "Inoperative" }]],
    is: ["1 unavailable"],
  },
  { name: "out of service, charger", steps: [status(0, "Unavailable")], is: ["0 unavailable"] },
  {
    name: "charges without a session",
    steps: [status(1, "Charging")],
    is: ["1 no_session"],
  },
  {
    name: "end of the session was lost",
    steps: [{ call: "StartTransaction", payload: startWith("GOOD") }, status(1, "Available")],
    is: ["1 session_stuck"],
  },
  {
    name: "no meter values",
    steps: [{ hold_back: "MeterValues" }, { start: 1 }, { wait: 60 }],
    later: 15,
    is: ["1 no_meter_values"],
  },
  {
    name: "no power",
    steps: [
      { call: "StartTransaction", payload: startWith("GOOD"), transaction_id: 1 },
      status(1, "Charging"),
      { call: "MeterValues", payload: power(0) },
    ],
    later: 11,
    is: ["1 no_power"],
  },
  { name: "status of an old charger", steps: [status(1, "Occupied")], is: ["1 unknown_status"] },
  {
    name: "wrong clock",
    steps: [
      status(1, "Available", { timestamp: "1970-01-01T00:00:10Z" }),
      status(2, "Available", {
        timestamp: "1970-01-01T00:00:11Z",
      }),
    ],
    is: ["0 clock_wrong"],
  },
  {
    name: "clock right again",
    steps: [
      status(1, "Available", { timestamp: "1970-01-01T00:00:10Z" }),
      status(1, "Available", { timestamp: new Date().toISOString() }),
    ],
    is: [],
  },
  {
    name: "fault of the charger",
    steps: [status(0, "Faulted", { errorCode: "PowerSwitchFailure" })],
    is: ["0 power_switch_failure"],
  },
  {
    name: "warning while charging",
    steps: [{ start: 1 }, { wait: 20 }, status(1, "Charging", { errorCode: "HighTemperature" })],
    is: ["1 high_temperature"],
  },
  { name: "fault that is over", steps: [{ fault: 1 }, { mend: 1 }], is: [] },
  fault("ConnectorLockFailure", "connector_lock_failure"),
  fault("EVCommunicationError", "ev_communication_error"),
  fault("GroundFailure", "ground_failure"),
  fault("HighTemperature", "high_temperature"),
  fault("InternalError", "internal_error"),
  fault("LocalListConflict", "local_list_conflict"),
  fault("OtherError", "other_error"),
  fault("OverCurrentFailure", "over_current_failure"),
  fault("OverVoltage", "over_voltage"),
  fault("PowerMeterFailure", "power_meter_failure"),
  fault("PowerSwitchFailure", "power_switch_failure"),
  fault("ReaderFailure", "reader_failure"),
  fault("ResetFailure", "reset_failure"),
  fault("UnderVoltage", "under_voltage"),
  fault("WeakSignal", "weak_signal"),
  fault("NoError", "other_error"),
  fault("OtherError", "emergency_stop", { vendor_error_code: "EmergencyStop" }),
  fault("InternalError", "door_open", { vendor_error_code: "DOOR_OPEN" }),
  fault("GroundFailure", "residual_current", { info: "RCD tripped" }),
  fault("PowerSwitchFailure", "contactor_welded", { info: "Contactor welded" }),
  fault("OtherError", "breaker_tripped", { info: "MCB tripped" }),
  fault("UnderVoltage", "phase_missing", { info: "Phase L2 missing" }),
  fault("OtherError", "reader_failure", { vendor_error_code: "RFID-3" }),
  fault("OtherError", "power_meter_failure", { info: "No answer from the meter" }),
];

function startWith(idTag: string) {
  return { connectorId: 1, idTag, meterStart: 0, timestamp: new Date().toISOString() };
}

function power(watts: number) {
  const sampledValue = [{ value: String(watts), measurand: "Power.Active.Import", unit: "W" }];
  return {
    connectorId: 1,
    transactionId: 1,
    meterValue: [{ timestamp: new Date().toISOString(), sampledValue }],
  };
}

/** Adds the cards of the situations. */
async function addCards({ rest }: TestGateway): Promise<void> {
  const cards = [
    { rfid: "GOOD", allowed: true },
    { rfid: "BUSY", allowed: true },
    { rfid: "BLOCKED", allowed: false },
    { rfid: "EXPIRED", allowed: true, expires_at: "2020-01-01T00:00:00Z" },
  ];
  for (const each of cards) assertEquals((await rest("POST", "/ocpp/rfids/", each)).status, 201);
}

/** Plays a situation with a charger of its own; returns its diagnosis. */
async function diagnosisOf(
  { steps, charger = {}, commands = [], gone = false, later = 0 }: Situation,
  charger_id: string,
  { gateway, pass }: { gateway: TestGateway; pass: (minutes: number) => void },
): Promise<string[]> {
  const view = async () => (await gateway.rest("GET", `/ocpp/chargers/${charger_id}/`)).body;
  await gateway.rest("POST", "/ocpp/chargers/", { charger_id, ...charger });
  const clock = new VirtualClock(Date.now());
  await using sim = new ChargePointSimulator(
    { ...WALLBOX, cp_path: `${charger_id}/`, ws_port: gateway.port },
    {
      clock,
    },
  );
  sim.start();
  if (steps.length) await clock.pass(playScenario({ steps }, sim));
  for (const [action, payload] of commands) await command(charger_id, { action, payload }, gateway);
  await clock.settle();
  pass(later);
  if (gone) await sim.kill();
  const { diagnosis } = await eventually(async () => {
    const charger = await view();
    return charger.connected !== gone && charger;
  });
  return (diagnosis as { connector_id: number; code: string }[])
    .map(({ connector_id, code }) => `${connector_id} ${code}`);
}

async function command(charger_id: string, command: Record<string, unknown>, { rest }: TestGateway) {
  const { status, body } = await rest("POST", `/ocpp/chargers/${charger_id}/action/`, command);
  assertEquals([status, body.status], [200, "Accepted"], JSON.stringify(body));
}

Deno.test("diagnosis names the reason of each situation", async (t) => {
  let passed = 0;
  await using gateway = await startTestGateway({
    now: () => Date.now() + passed,
    settings: { single_transaction_per_tag: true },
  });
  await addCards(gateway);
  assert(SITUATIONS.length >= 60, `${SITUATIONS.length} situations`);
  const pass = (minutes: number) => void (passed += minutes * 60_000);
  for (const [index, situation] of SITUATIONS.entries()) {
    await t.step(situation.name, async () => {
      assertEquals(await diagnosisOf(situation, `S${index}`, { gateway, pass }), situation.is);
    });
  }
  const { body } = await gateway.rest("GET", "/ocpp/diagnosis/?limit=1000");
  assert(body.chargers.every(({ diagnosis }: { diagnosis: unknown[] }) => diagnosis.length > 0));
});

Deno.test("diagnosis of chargers that do not get as far as a status", async () => {
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  const codes = async (charger_id: string) => {
    const { diagnosis } = await site.get(`/ocpp/chargers/${charger_id}/`);
    return diagnosis.map(({ code }: { code: string }) => code);
  };
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", password: "0123456789abcdef0123" });
  assertEquals(await codes("CP1"), ["never_connected"]);
  const password = "another key than that";
  await assertRejects(() => WireCharger.connect(site, { charger_id: "CP1", username: "CP1", password }));
  assertEquals(await codes("CP1"), ["key_refused"]);
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP2" });
  await using charger = await WireCharger.connect(site, { charger_id: "CP2" });
  await charger.call("Heartbeat");
  assertEquals(await codes("CP2"), ["never_booted"]);
  await charger.boot();
  assertEquals(await codes("CP2"), ["no_connector_status"]);
  await charger.status(1, "Available");
  assertEquals(await codes("CP2"), []);
});

Deno.test("diagnosis of error codes that every object has as names is that of codes that nobody knows", async () => {
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  await using charger = await WireCharger.connect(site, { charger_id: "CP1" });
  await charger.boot();
  for (const errorCode of ["constructor", "toString", "__proto__", "valueOf"]) {
    await charger.call("StatusNotification", { connectorId: 1, errorCode, status: "Faulted" });
    const { diagnosis } = await site.get("/ocpp/chargers/CP1/");
    assertEquals(diagnosis.map(({ code }: { code: string }) => code), ["other_error"], errorCode);
    assertEquals((await gateway.rest("GET", "/ocpp/diagnosis/")).status, 200);
  }
});

Deno.test("diagnosis of a car for which its circuit has no power is that it waits, not that a limit is wrong", async () => {
  await using gateway = await startTestGateway();
  await gateway.rest("POST", "/ocpp/circuits/", { name: "site", max_current_a: 4 });
  const place = { charger_id: "CP1", circuit: "site", failsafe_current_a: 0 };
  assertEquals((await gateway.rest("POST", "/ocpp/chargers/", place)).status, 201);
  const clock = new VirtualClock(Date.now());
  const options = { ...WALLBOX, cp_path: "CP1/", ws_port: gateway.port };
  await using sim = new ChargePointSimulator(options, { clock });
  sim.start();
  await clock.pass(playScenario({ steps: [{ start: 1 }] }, sim));
  const codes = async () => {
    await clock.settle();
    const { diagnosis } = (await gateway.rest("GET", "/ocpp/chargers/CP1/")).body;
    return diagnosis.map(({ code }: { code: string }) => code);
  };
  assert(await eventually(async () => (await codes()).includes("load_shared")));
});

Deno.test("every code of a diagnosis is the answer to a situation", () => {
  const elsewhere = ["never_connected", "key_refused", "never_booted", "no_connector_status", "load_shared"];
  const wants_certificate = ["certificate_refused"]; // a TLS charger; as with a wrong key
  const shown = new Set(SITUATIONS.flatMap(({ is }) => is.map((text) => text.split(" ")[1])));
  const missing = Object.keys(REMEDIES).filter((code) => !shown.has(code));
  assertEquals(missing.toSorted(), [...elsewhere, ...wants_certificate, "card_refused"].toSorted());
});

Deno.test("every code of a diagnosis has its words", () => {
  const codes = Object.keys(REMEDIES).toSorted();
  assertEquals(Object.keys(REASONS).toSorted(), codes);
  assertEquals(Object.keys(ADVICE).toSorted(), codes);
  const remedies = new Set(Object.values(REMEDIES).flat());
  assertEquals([...remedies].filter((remedy) => !(remedy in DIAGNOSIS)), []);
});
