// Alerts: each condition that lasts is told once when it begins and once when it ends.
import type { Event, Events } from "../../../site/events.ts";
import type { Telling, Told } from "../../../store/outbox/tellers.ts";
import type { Alert, Store, Transaction } from "../../../store/store.ts";
import type { Channels } from "../channels/channels.ts";
import {
  type Condition,
  type ConditionsDeps,
  conditionsOf,
  keyOf,
  ofSecurityEvent,
  ofSession,
} from "./conditions.ts";
import { ruleOf } from "./rules.ts";

/** The parts that alerts work with. */
export interface AlertsDeps extends ConditionsDeps {
  store: Store;
  events: Events;
  channels: Pick<Channels, "tell" | "wantedBy">;
  /** Milliseconds between two looks at the site. */
  every_ms: number;
}

/** A condition that comes back within this time had not ended: chargers on bad networks flap. */
const END_HOLD_MS = 120_000;
/** The same incident is not told again within this time. */
const REPEAT_MS = 4 * 3_600_000;
const KEPT = 500;

/** Finds conditions, keeps the alerts, and tells the channels. */
export class Alerts {
  readonly #deps: AlertsDeps;
  /** The open alerts by their condition's key. */
  readonly #open = new Map<string, Alert>();
  /** The time at which an open alert's condition was last seen, ms since 1970. */
  readonly #seen = new Map<string, number>();
  /** The time at which a condition that is not told yet was first seen. */
  readonly #first = new Map<string, number>();
  #unsubscribe = () => {};
  #untell = () => {};
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(deps: AlertsDeps) {
    this.#deps = deps;
  }

  /** Begins to look; alerts that were open go on. */
  start(): void {
    const { store, events, channels, every_ms, now } = this.#deps;
    for (const alert of store.alerts.values()) {
      if (alert.ended_at !== null) continue;
      this.#open.set(keyOfAlert(alert), alert);
      this.#seen.set(keyOfAlert(alert), now());
    }
    this.#unsubscribe = events.subscribe((event) => this.#onSecurity(event), ["security"]);
    this.#untell = store.outbox.tellers.add((told) => this.#tellingOf(told));
    const untold = store.alerts.all().filter((alert) => alert.untold && alert.untold.length > 0);
    channels.tell(untold);
    this.#timer = setInterval(() => this.look(), every_ms);
  }

  stop(): void {
    this.#unsubscribe();
    this.#untell();
    clearInterval(this.#timer);
  }

  /** Compares the conditions of now with the open alerts. */
  look(): void {
    const { store, now } = this.#deps;
    const conditions = new Map(conditionsOf(this.#deps).map((condition) => [keyOf(condition), condition]));
    const fresh: Alert[] = [];
    for (const [key, condition] of conditions) {
      const { enabled, hold_s } = ruleOf(condition.rule, store.alert_rules.get("rules"));
      if (this.#open.has(key)) this.#seen.set(key, now());
      else if (enabled && this.#lastsFor(key, condition) >= hold_s * 1000) {
        fresh.push(this.#begin(key, condition));
      }
    }
    for (const key of this.#first.keys()) if (!conditions.has(key)) this.#first.delete(key);
    this.#deps.channels.tell([...fresh, ...this.#endOld(conditions)]);
  }

  #lastsFor(key: string, { since }: Condition): number {
    const { now } = this.#deps;
    if (!this.#first.has(key)) this.#first.set(key, Math.min(now(), Date.parse(since)));
    return now() - this.#first.get(key)!;
  }

  #begin(key: string, condition: Condition): Alert {
    const since = new Date(Math.min(Date.parse(condition.since), this.#first.get(key)!)).toISOString();
    const alert = this.#alertOf({ ...condition, since }, null);
    this.#first.delete(key);
    this.#open.set(key, alert);
    this.#seen.set(key, this.#deps.now());
    this.#put(alert);
    return alert;
  }

  #endOld(conditions: ReadonlyMap<string, Condition>): Alert[] {
    const { channels, now } = this.#deps;
    const ended: Alert[] = [];
    for (const [key, alert] of this.#open) {
      if (conditions.has(key) || now() - this.#seen.get(key)! < END_HOLD_MS) continue;
      const ended_at = new Date(this.#seen.get(key)!).toISOString();
      const last = { ...alert, ended_at, untold: channels.wantedBy(alert) };
      this.#open.delete(key);
      this.#seen.delete(key);
      this.#put(last);
      ended.push(last);
    }
    return ended;
  }

  #onSecurity({ type, data }: Event): void {
    const alert = type === "security" ? this.#incidentOf(ofSecurityEvent(data)) : null;
    if (!alert) return;
    this.#put(alert);
    this.#deps.channels.tell([alert]);
  }

  /** Returns the alert about a session whose figures are in doubt, for the session's own commit. */
  #tellingOf({ type, data }: Told): Telling | null {
    const alert = type === "transaction" ? this.#incidentOf(ofSession(data() as Transaction)) : null;
    if (!alert) return null;
    const { store: { alerts }, channels } = this.#deps;
    const stored = () => {
      alerts.keepInMemory(alert);
      this.#deleteOldest();
      channels.tell([alert]);
    };
    return { mutations: [alerts.mutationOf(alert)], stored, failed: () => {} };
  }

  /** Returns the alert on an incident, which is told when it happens and has no end; null: it is not told. */
  #incidentOf(condition: Condition | null): Alert | null {
    const { store } = this.#deps;
    if (!condition || store.chargers.get(condition.charger_id ?? "")?.simulated) return null;
    const { enabled } = ruleOf(condition.rule, store.alert_rules.get("rules"));
    return enabled && !this.#isToldAlready(condition) ? this.#alertOf(condition, condition.since) : null;
  }

  #isToldAlready(condition: Condition): boolean {
    const { store, now } = this.#deps;
    const same = keyOf(condition) + JSON.stringify(condition.values);
    return store.alerts.all().some((alert) =>
      keyOfAlert(alert) + JSON.stringify(alert.values) === same &&
      now() - Date.parse(alert.begun_at) < REPEAT_MS
    );
  }

  #alertOf({ rule, ...condition }: Condition, ended_at: string | null): Alert {
    const { store, channels, now } = this.#deps;
    const at = now();
    const { severity } = ruleOf(rule, store.alert_rules.get("rules"));
    return {
      alert_id: `${String(at).padStart(14, "0")}-${crypto.randomUUID().slice(0, 8)}`,
      rule,
      severity,
      ...condition,
      begun_at: new Date(at).toISOString(),
      ended_at,
      untold: channels.wantedBy({ severity }),
    };
  }

  /** Stores an alert. A failure shows in the disk's own alarm. */
  #put(alert: Alert): void {
    this.#deps.store.alerts.put(alert, { deferred: true }).catch(() => {});
    this.#deleteOldest();
  }

  /** Deletes the oldest ended alerts beyond a number. */
  #deleteOldest(): void {
    const { alerts } = this.#deps.store;
    const surplus = alerts.size - KEPT;
    if (surplus <= 0) return;
    for (const { alert_id } of alerts.all().filter(({ ended_at }) => ended_at !== null).slice(0, surplus)) {
      alerts.delete(alert_id).catch(() => {});
    }
  }
}

function keyOfAlert(alert: Alert): string {
  return keyOf(alert as Alert & Pick<Condition, "rule">);
}
