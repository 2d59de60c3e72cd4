// Chargers that misbehave in one way each, and the reason that a commissioning gives.
import { OcppError } from "../../../src/ocpp/error.ts";
import type { ChargePointSimulator } from "../../../src/simulator/mod.ts";
import { type Hand, type SiteOptions, SLOW } from "./site.ts";

/** A charger and what a commissioning finds. */
export interface Case extends SiteOptions {
  /** The charger in words. */
  that: string;
  step: string;
  result?: "fail" | "skip";
  reason: RegExp;
  /** Steps that come before. */
  after?: string[];
  options?: Record<string, number | string>;
}

const SESSION = ["plug_in", "remote_start"];
/** A session whose car draws a current: the first sample may come before it does. */
const METERED = [...SESSION, "meter"];
const nothing: Hand = () => {};
const accepts = (action: string) => (sim: ChargePointSimulator) =>
  void sim.answer(action, () => ({ status: "Accepted" }));
const answers = (action: string, status: string) => (sim: ChargePointSimulator) =>
  void sim.answer(action, () => ({ status }));
const never = (action: string) => (sim: ChargePointSimulator) => void sim.filter(action, () => null);

// deno-lint-ignore no-explicit-any
type Payload = any;

/** Changes the register of each sample. */
function register(change: (wh: number) => number | null) {
  return (sim: ChargePointSimulator) =>
    void sim.filter("MeterValues", (payload: Payload) => ({
      ...payload,
      meterValue: payload.meterValue.map((value: Payload) => ({
        ...value,
        sampledValue: value.sampledValue.flatMap((sample: Payload) => {
          if (sample.measurand !== "Energy.Active.Import.Register") return [sample];
          const wh = change(Number(sample.value));
          return wh === null ? [] : [{ ...sample, value: String(wh) }];
        }),
      })),
    }));
}

/** Does something whenever the line is lost or is back. */
function on(type: "connected" | "disconnected", what: (sim: ChargePointSimulator) => unknown) {
  return (sim: ChargePointSimulator) => void sim.subscribe((event) => event.type === type && what(sim));
}

/** All of them. */
export const CASES: Case[] = [
  {
    that: "shows no password where one is asked for",
    step: "connection",
    reason: /profile is 0, not 1/,
    options: { security_profile: 1 },
  },
  {
    that: "does not say its model",
    step: "boot",
    reason: /vendor and model/,
    prepare: (sim) =>
      void sim.filter("BootNotification", (payload: Payload) => ({ ...payload, chargePointModel: "" })),
  },
  {
    that: "has no NumberOfConnectors",
    step: "configuration",
    reason: /^Missing keys: NumberOfConnectors/,
    prepare: (sim) =>
      void sim.answer("GetConfiguration", () => {
        const { configurationKey } = sim.charger.configuration.show();
        return { configurationKey: configurationKey.filter(({ key }) => key !== "NumberOfConnectors") };
      }),
  },
  {
    that: "says it has more connectors than it reports",
    step: "configuration",
    reason: /has 3 connectors, but 1 have reported/,
    charger: { configuration: { NumberOfConnectors: "3" } },
  },
  {
    that: "has a clock two hours late",
    step: "clock",
    reason: /off by -7\d\d\d/,
    prepare: (sim) => void (sim.charger.clock_offset = -7_200_000),
  },
  {
    that: "has a clock that was never set",
    step: "clock",
    reason: /not set: 1970/,
    prepare: (sim) => void (sim.charger.clock_offset = -Date.now()),
  },
  {
    that: "agrees to send a Heartbeat and sends none",
    step: "trigger_heartbeat",
    reason: /no Heartbeat arrived/,
    prepare: accepts("TriggerMessage"),
  },
  {
    that: "refuses to send its status",
    step: "trigger_status",
    reason: /answered Rejected/,
    prepare: answers("TriggerMessage", "Rejected"),
  },
  {
    that: "does not know a trigger",
    step: "trigger_meter_values",
    result: "skip",
    reason: /does not support this trigger/,
    prepare: answers("TriggerMessage", "NotImplemented"),
  },
  {
    that: "knows no triggers at all",
    step: "trigger_diagnostics_status",
    result: "skip",
    reason: /does not support this trigger/,
    prepare: (sim) =>
      void sim.answer("TriggerMessage", () => {
        throw new OcppError("NotImplemented", "");
      }),
  },
  {
    that: "answers a trigger with an error",
    step: "trigger_firmware_status",
    reason: /InternalError/,
    prepare: (sim) =>
      void sim.answer("TriggerMessage", () => {
        throw new OcppError("InternalError", "");
      }),
  },
  {
    that: "does not notice the plug",
    step: "plug_in",
    reason: /did not report/,
    hands: { plug_in: nothing },
    options: { guided_s: 0.2 },
  },
  {
    that: "does not see the tag",
    step: "tag",
    reason: /No tag/,
    after: ["plug_in"],
    hands: { tag: nothing },
    options: { guided_s: 0.5 },
  },
  {
    that: "shows a tag that may not charge",
    step: "tag",
    reason: /is Invalid/,
    after: ["plug_in"],
    prepare: async (_sim, { rest }) =>
      await rest("POST", "/ocpp/chargers/", { charger_id: "NEW-1", require_rfid: true }),
  },
  {
    that: "does not begin a session with a good tag",
    step: "tag",
    reason: /no session started/,
    after: ["plug_in"],
    prepare: never("StartTransaction"),
  },
  {
    that: "does not notice that the plug is out",
    step: "unplug",
    reason: /did not become Available/,
    after: ["plug_in"],
    hands: { unplug: nothing },
    options: { guided_s: 0.5 },
  },
  {
    that: "forgets the StopTransaction when the plug is taken out",
    step: "unplug",
    reason: /no StopTransaction/,
    after: ["plug_in", "tag"],
    prepare: never("StopTransaction"),
  },
  {
    that: "refuses a remote start",
    step: "remote_start",
    reason: /answered Rejected/,
    after: ["plug_in"],
    prepare: answers("RemoteStartTransaction", "Rejected"),
  },
  {
    that: "agrees to a remote start and does nothing",
    step: "remote_start",
    reason: /no session started/,
    after: ["plug_in"],
    prepare: accepts("RemoteStartTransaction"),
  },
  {
    that: "begins with another tag than it was sent",
    step: "remote_start",
    reason: /started with the tag OTHER/,
    after: ["plug_in"],
    prepare: (sim) =>
      void sim.filter("StartTransaction", (payload: Payload) => ({ ...payload, idTag: "OTHER" })),
  },
  {
    that: "counts half of its energy",
    step: "meter",
    reason: /rose by [\d.]+ Wh; the power amounts to/,
    after: SESSION,
    prepare: register((wh) => Math.round(wh / 2)),
  },
  {
    that: "has a meter that stands still",
    step: "meter",
    reason: /rose by 0 Wh/,
    after: SESSION,
    prepare: register(() => 5),
  },
  {
    that: "has a meter that runs backwards",
    step: "meter",
    reason: /decreased/,
    after: SESSION,
    prepare: register((wh) => 1_000_000 - wh),
  },
  {
    that: "reports no register",
    step: "meter",
    reason: /No energy register/,
    after: SESSION,
    prepare: register(() => null),
  },
  {
    that: "sends no meter values",
    step: "meter",
    reason: /No energy register/,
    after: SESSION,
    prepare: never("MeterValues"),
  },
  {
    that: "reports no power",
    step: "meter",
    result: "skip",
    reason: /No power/,
    after: SESSION,
    charger: { configuration: { MeterValuesSampledData: "Energy.Active.Import.Register" } },
  },
  {
    that: "agrees to a limit and goes on as before",
    step: "limit",
    reason: /is 400 A with a limit of 10 A/,
    after: METERED,
    prepare: accepts("SetChargingProfile"),
  },
  {
    that: "refuses a limit",
    step: "limit",
    reason: /answered Rejected/,
    after: METERED,
    prepare: answers("SetChargingProfile", "Rejected"),
  },
  {
    that: "has no smart charging",
    step: "limit",
    result: "skip",
    reason: /does not support smart charging/,
    after: METERED,
    prepare: answers("SetChargingProfile", "NotSupported"),
  },
  {
    that: "keeps a limit that has run out",
    step: "failsafe",
    reason: /draws 10 A; the fail-safe limit is 6 A/,
    after: SESSION,
    ...SLOW,
    prepare: (sim) =>
      void sim.answer("SetChargingProfile", ({ connectorId, csChargingProfiles: profile }: Payload) => {
        const { chargingSchedule: schedule } = profile;
        const chargingSchedulePeriod = schedule.chargingSchedulePeriod.slice(0, 1);
        const endless = { ...profile, chargingSchedule: { ...schedule, chargingSchedulePeriod } };
        return { status: sim.charger.charging.set(connectorId, endless) ? "Accepted" : "Rejected" };
      }),
  },
  {
    that: "refuses a fail-safe limit",
    step: "failsafe",
    reason: /answered Rejected/,
    after: METERED,
    prepare: answers("SetChargingProfile", "Rejected"),
  },
  {
    that: "forgets the meter values of an outage",
    step: "link_cut",
    reason: /of meter values are lost/,
    after: SESSION,
    prepare: on("connected", (sim) => sim.charger.outbox.clear()),
  },
  {
    that: "ends its session when the line is cut",
    step: "link_cut",
    reason: /did not continue/,
    after: SESSION,
    prepare: on("disconnected", (sim) => sim.charger.sessions.end(sim.charger.connector(1)!, "Other")),
  },
  {
    that: "does not come back after the line was cut",
    step: "link_cut",
    reason: /did not reconnect/,
    after: SESSION,
    options: { return_s: 0.5 },
    prepare: on("disconnected", (sim) => sim.charger.power.down("drop")),
  },
  {
    that: "agrees to a remote stop and does nothing",
    step: "remote_stop",
    reason: /no StopTransaction/,
    after: SESSION,
    prepare: accepts("RemoteStopTransaction"),
  },
  {
    that: "loses its register at the end of a session",
    step: "remote_stop",
    reason: /below that at the start/,
    after: SESSION,
    prepare: (sim) =>
      void sim.filter("StopTransaction", (payload: Payload) => ({ ...payload, meterStop: -100 })),
  },
  {
    that: "can't open its lock",
    step: "unlock",
    reason: /UnlockFailed/,
    after: ["plug_in"],
    prepare: answers("UnlockConnector", "UnlockFailed"),
  },
  {
    that: "has no lock",
    step: "unlock",
    result: "skip",
    reason: /no lock/,
    after: ["plug_in"],
    prepare: answers("UnlockConnector", "NotSupported"),
  },
  {
    that: "does not go out of service",
    step: "availability",
    reason: /accepted Inoperative, but the connector is Available/,
    prepare: accepts("ChangeAvailability"),
  },
  {
    that: "does not come back into service",
    step: "availability",
    reason: /rejected Operative/,
    prepare: (sim) =>
      void sim.answer(
        "ChangeAvailability",
        ({ type }) => type === "Operative" ? { status: "Rejected" } : undefined,
      ),
  },
  {
    that: "does not restart",
    step: "reset",
    reason: /did not reconnect/,
    options: { return_s: 1 },
    prepare: accepts("Reset"),
  },
  {
    that: "does not report its connectors after a restart",
    step: "reset",
    reason: /did not report: 1/,
    prepare: on("disconnected", (sim) => void sim.filter("StatusNotification", () => null)),
  },
  {
    that: "keeps a profile that was cleared",
    step: "as_it_was",
    reason: /Not restored: profile 1/,
    after: [...METERED, "limit"],
    prepare: (sim) =>
      void sim.answer("ClearChargingProfile", () => {
        throw new OcppError("InternalError", "");
      }),
  },
];
