// The limits of load management as charging profiles (OCPP 1.6 §3.13): each falls back to the fail-safe limit by itself.
import type { Send } from "../ocpp/protocol.ts";
import { isRecord } from "../ocpp/frame.ts";
import type { ChargerPort, ConnectorLimit, FailsafeLimit, PortAnswer } from "../site/charger_port.ts";
import { failsafeProfileId, liveProfileId } from "../site/smart_charging/own_profiles.ts";

const VOLTS = 230;
/** The schedule begins a minute ago, so that it is in force by a clock that is behind, s. */
const BEFORE_S = 60;
const DAY_MS = 86_400_000;

type LoadPort = Pick<ChargerPort, "setConnectorLimit" | "setFailsafe" | "readLimit" | "takesWatts">;

interface LoadPortDeps {
  send: Send;
  ask: (command: string, payload: Record<string, unknown>) => Promise<PortAnswer>;
  configurationValue: (key: string) => Promise<string | null>;
  now: () => number;
}

/** Returns the commands of load management. */
export function loadPort({ send, ask, configurationValue, now }: LoadPortDeps): LoadPort {
  const takesWatts = async () => {
    const units = await configurationValue("ChargingScheduleAllowedChargingRateUnit");
    return units !== null && units !== "" && !/current|(^|,)\s*a\s*(,|$)/i.test(units);
  };
  const highestLevel = async () => {
    const highest = Number(await configurationValue("ChargeProfileMaxStackLevel") ?? 0);
    return Number.isInteger(highest) && highest >= 0 ? highest : 0;
  };
  return {
    takesWatts,
    setConnectorLimit: async (limit) =>
      await ask("SetChargingProfile", {
        connectorId: limit.purpose === "ChargePointMaxProfile" ? 0 : limit.connector_id,
        csChargingProfiles: {
          chargingProfileId: liveProfileId(limit.connector_id),
          stackLevel: await highestLevel(),
          chargingProfilePurpose: limit.purpose,
          chargingProfileKind: "Absolute",
          chargingSchedule: scheduleOf(limit, { in_watts: await takesWatts(), now: now() }),
        },
      }),
    setFailsafe: async (limit) =>
      await ask("SetChargingProfile", failsafeOf(limit, { in_watts: await takesWatts(), now: now() })),
    readLimit: async (connector_id) => {
      const chargingRateUnit = await takesWatts() ? "W" : "A";
      return limitIn(
        await send("GetCompositeSchedule", { connectorId: connector_id, duration: 60, chargingRateUnit }),
      );
    },
  };
}

/** The limit until it has run out, then the fail-safe one. */
function scheduleOf(
  { limit_a, fallback_a, validity_s, phases }: ConnectorLimit,
  { in_watts, now }: { in_watts: boolean; now: number },
): Record<string, unknown> {
  const amount = (amperes: number) => tenths(in_watts ? amperes * VOLTS * phases : amperes);
  const first = { startPeriod: 0, limit: amount(limit_a) };
  const last = { startPeriod: BEFORE_S + validity_s, limit: amount(fallback_a) };
  return {
    startSchedule: timeAt(now - 1000 * BEFORE_S),
    chargingRateUnit: in_watts ? "W" : "A",
    chargingSchedulePeriod: limit_a === fallback_a ? [first] : [first, last],
  };
}

/** A TxDefaultProfile that began yesterday, by any clock, and has no end. A limit in W counts as if it were all on one phase. */
function failsafeOf(
  { connector_id, limit_a, stack_level }: FailsafeLimit,
  { in_watts, now }: { in_watts: boolean; now: number },
): Record<string, unknown> {
  return {
    connectorId: connector_id,
    csChargingProfiles: {
      chargingProfileId: failsafeProfileId(connector_id),
      stackLevel: stack_level,
      chargingProfilePurpose: "TxDefaultProfile",
      chargingProfileKind: "Absolute",
      chargingSchedule: {
        startSchedule: timeAt(now - DAY_MS),
        chargingRateUnit: in_watts ? "W" : "A",
        chargingSchedulePeriod: [{ startPeriod: 0, limit: tenths(in_watts ? limit_a * VOLTS : limit_a) }],
      },
    },
  };
}

/** Returns the highest limit of a composite schedule, A a phase; null if there is none. */
function limitIn({ status, chargingSchedule: schedule }: Record<string, unknown>): number | null {
  if (status !== "Accepted" || !isRecord(schedule) || !Array.isArray(schedule.chargingSchedulePeriod)) {
    return null;
  }
  const limits = schedule.chargingSchedulePeriod.map((period: { limit: number; numberPhases?: number }) =>
    schedule.chargingRateUnit === "W" ? period.limit / VOLTS : period.limit
  );
  return limits.length > 0 ? Math.max(...limits) : null;
}

/** Limits have one decimal (OCPP 1.6 §7.14); rounded down. */
function tenths(value: number): number {
  return Math.floor(value * 10 + 1e-6) / 10;
}

/** Formats ms since 1970 in whole seconds, rounded down. */
function timeAt(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, "");
}
