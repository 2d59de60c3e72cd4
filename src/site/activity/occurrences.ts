// The site's events as entries of the event log.
import type { Connector, Store } from "../../store/store.ts";
import type { Event, EventName } from "../events.ts";
import type { Occurrence } from "./activity.ts";

/** The events that can become entries. */
export const LOGGED = [
  "connected",
  "disconnected",
  "booted",
  "connector",
  "authorize",
  "charger_refused",
  "transaction",
  "job_status",
  "security",
  "alarm",
  "clock",
  "backup",
] as const satisfies readonly EventName[];

/** An event that can become an entry. */
export type LoggedEvent = Event<typeof LOGGED[number]>;

/** Translates events; it remembers faults and sessions, to see their beginning and their end. */
export class Occurrences {
  readonly #store: Store;
  readonly #now: () => number;
  /** Error code and beginning, ms since 1970, of the faults there are, by charger and connector. */
  readonly #faults = new Map<string, { error_code: string; at: number }>();
  readonly #sessions: Set<number>;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.#sessions = new Set(store.transactions.active().map(({ transaction_id }) => transaction_id));
    for (const { charger_id, connectors } of store.chargers.all()) {
      for (const connector of connectors) {
        if (isFaulty(connector)) {
          this.#faults.set(`${charger_id}/${connector.connector_id}`, faultOf(connector));
        }
      }
    }
  }

  /** Returns the entries of an event. */
  of(event: LoggedEvent): Occurrence[] {
    const { charger_id } = event;
    const by_stranger = charger_id !== undefined && this.#store.chargers.get(charger_id)?.adopted === false;
    return this.#of(event).map((occurrence) => ({ charger_id, by_stranger, ...occurrence }));
  }

  #of(event: LoggedEvent): Occurrence[] {
    switch (event.type) {
      case "connected":
        return [{ kind: "connected" }];
      case "disconnected":
        return [{ kind: "disconnected", severity: "warning", values: { code: event.data.code } }];
      case "booted":
        return bootOf(event.data);
      case "connector":
        return this.#faultOf(event.charger_id!, event.data);
      case "authorize":
        return event.data.status === "Accepted" ? [] : [refusedCard(event.data)];
      case "charger_refused":
        return [refusedCharger(event.data)];
      case "transaction":
        return this.#sessionOf(event.data);
      default:
        return siteOccurrences(event);
    }
  }

  #faultOf(charger_id: string, connector: Connector): Occurrence[] {
    const { connector_id, error_code, vendor_error_code } = connector;
    const key = `${charger_id}/${connector_id}`;
    const before = this.#faults.get(key);
    const ended: Occurrence[] = before
      ? [{
        kind: "fault_ended",
        connector_id,
        values: {
          error_code: before.error_code,
          seconds: Math.max(0, Math.round((this.#now() - before.at) / 1000)),
        },
      }]
      : [];
    if (!isFaulty(connector)) {
      this.#faults.delete(key);
      return ended;
    }
    if (before?.error_code === error_code) return [];
    this.#faults.set(key, faultOf(connector));
    const vendor = vendor_error_code ? { vendor_error_code } : {};
    return [...ended, { kind: "fault", severity: "error", connector_id, values: { error_code, ...vendor } }];
  }

  #sessionOf(session: Event<"transaction">["data"]): Occurrence[] {
    const { transaction_id, connector_id, state, id_tag, id_tag_status } = session;
    const known = this.#sessions.has(transaction_id);
    if (state === "active" && !known) {
      this.#sessions.add(transaction_id);
      const started: Occurrence = { kind: "session_started", connector_id, values: { transaction_id } };
      if (id_tag_status === "Accepted") return [started];
      return [started, { ...refusedCard({ id_tag, status: id_tag_status }), connector_id }];
    }
    if (state === "active" || !this.#sessions.delete(transaction_id)) return [];
    const { energy_wh, stop_reason } = session;
    return [{ kind: "session_ended", connector_id, values: { transaction_id, energy_wh, stop_reason } }];
  }
}

function isFaulty({ status, error_code }: Connector): boolean {
  return status === "Faulted" || error_code !== "NoError";
}

function faultOf({ error_code, since }: Connector): { error_code: string; at: number } {
  return { error_code, at: Date.parse(since) };
}

function refusedCard({ id_tag, status }: Event<"authorize">["data"]): Occurrence {
  return { kind: "card_refused", severity: "warning", values: { id_tag, status } };
}

function refusedCharger({ status, address }: Event<"charger_refused">["data"]): Occurrence {
  return {
    kind: "charger_refused",
    severity: "warning",
    values: { status, address },
    by_stranger: true,
    subject: address,
  };
}

function bootOf({ before, after }: Event<"booted">["data"]): Occurrence[] {
  const { vendor, model, firmware_version } = after;
  const boot: Occurrence = { kind: "boot", values: { vendor, model, firmware_version } };
  const names = Object.keys(after) as (keyof typeof after)[];
  const changed = names.filter((name) => before[name] !== after[name]);
  if (changed.length === 0 || before.model === null) return [boot];
  const values = Object.fromEntries(
    changed.flatMap((name) => [[name, after[name]], [`${name}_before`, before[name]]]),
  );
  return [boot, { kind: "identity", values }];
}

function siteOccurrences(
  event: Event<"job_status" | "security" | "alarm" | "clock" | "backup">,
): Occurrence[] {
  switch (event.type) {
    case "job_status":
      return firmwareOf(event.data);
    case "security": {
      const { type, source } = event.data;
      return [{ kind: "security", severity: "warning", values: { type, source }, subject: type }];
    }
    case "alarm": {
      const { kind, on, failing } = event.data;
      const severity = !on ? "info" : failing ? "error" : "warning";
      return [{ kind: on ? "alarm" : "alarm_ended", severity, values: { alarm: kind }, subject: kind }];
    }
    case "clock": {
      const step = event.data.last_step;
      if (!step) return [];
      const by_s = Math.round((Date.parse(step.to) - Date.parse(step.from)) / 1000);
      return [{ kind: "clock_stepped", severity: "warning", values: { by_s, source: event.data.source } }];
    }
    case "backup":
      return [{ kind: "backup", severity: event.data.damaged ? "warning" : "info", values: event.data }];
  }
}

function firmwareOf({ action, status }: Event<"job_status">["data"]): Occurrence[] {
  if (!action.endsWith("UpdateFirmware") || status === "Idle") return [];
  const severity = /Fail|Invalid|Revoked/.test(status) ? "warning" : "info";
  return [{ kind: "firmware", severity, values: { status }, subject: status }];
}
