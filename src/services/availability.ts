// Availability: the time of each charger is counted as it connects, disconnects, and reports faults.
import { labelAt } from "../calendar.ts";
import { countedTo, newAvailability, sumsOf, withFault } from "../site/activity/availability.ts";
import type { Event, Events } from "../site/events.ts";
import type { Availability, AvailabilityMonth, AvailabilitySums, Store } from "../store/store.ts";

/** The parts that the service works with. */
export interface AvailabilityDeps {
  store: Store;
  events: Events;
  /** ms since 1970. */
  now: () => number;
  /** Milliseconds between two writes of what has changed. */
  every_ms: number;
  /** Monotonic ms. */
  mono?: () => number;
}

const WATCHED = ["charger", "charger_deleted", "connected", "disconnected", "connector", "clock"] as const;
/** Time that chargers have to come back after a start of the gateway; it counts as unknown. */
const GRACE_MS = 300_000;

/** Counts the time of all chargers with a stored record. */
export class AvailabilityService {
  readonly #deps: AvailabilityDeps;
  readonly #mono: () => number;
  readonly #counts = new Map<string, Availability>();
  readonly #changed = new Set<string>();
  #unsubscribe: (() => void)[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;
  #started_at = 0;
  #waiting = true;

  constructor(deps: AvailabilityDeps) {
    this.#deps = deps;
    this.#mono = deps.mono ?? (() => performance.now());
  }

  /** Counts the time until the gateway's end as it was, and the time in which it was off as unknown. */
  start(): void {
    const { store, events, every_ms, now } = this.#deps;
    this.#started_at = this.#mono();
    const stored = store.availability.all();
    const last_alive = Math.max(store.clock.get("clock")?.at ?? 0, ...stored.map(({ at }) => at));
    for (const count of stored) {
      if (!store.chargers.get(count.charger_id)) continue;
      this.#put(count);
      this.#countTo(count.charger_id, Math.min(last_alive, now()));
      this.#countTo(count.charger_id, now(), false);
      this.#change(count.charger_id, () => ({ connected: null }));
    }
    for (const { charger_id } of store.chargers.all()) this.#ensure(charger_id);
    const watched = events.subscribe((event) => this.#onEvent(event), WATCHED);
    // at the stop all sockets are closed, which says nothing about the chargers
    this.#unsubscribe = [watched, events.subscribe(watched, ["stopping"])];
    this.#timer = setInterval(() => this.#look(), every_ms);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const charger_id of this.#counts.keys()) this.#countTo(charger_id, this.#deps.now());
    await this.#store().catch(() => {}); // the disk's alarm tells
  }

  /** Returns a charger's sums of a month up to now; undefined: there are none. */
  async sumsOf(charger_id: string, month: string): Promise<AvailabilitySums | undefined> {
    const { store, now } = this.#deps;
    const count = this.#counts.get(charger_id);
    if (!count) return;
    const { calendar } = store;
    const { count: current, ended } = countedTo(count, now(), { calendar });
    const found = [current, ...ended].find((sums) => sums.month === month);
    if (found) return sumsOf(found);
    if (!count.months.includes(month)) return;
    return await store.availability_months.get(monthKey({ charger_id, month }));
  }

  #onEvent(event: Event<typeof WATCHED[number]>): void {
    const { charger_id } = event;
    if (event.type === "clock") return this.#stepped(event.data.last_step);
    if (charger_id === undefined) return;
    if (event.type === "charger_deleted") return this.#forget(charger_id);
    if (!this.#ensure(charger_id)) return;
    switch (event.type) {
      case "charger": // of a charger that is stored only since it has connected
        if (event.data.connected) this.#change(charger_id, () => ({ connected: true }));
        return;
      case "connected":
        return this.#change(charger_id, () => ({ connected: true }));
      case "disconnected":
        return this.#change(charger_id, ({ disconnections }) => ({
          connected: false,
          disconnections: disconnections + 1,
        }));
      case "connector": {
        const fault = { connector_id: event.data.connector_id, faulted: event.data.status === "Faulted" };
        const count = this.#counts.get(charger_id)!;
        if (withFault(count, fault) === count) return; // hot path: most statuses are no fault
        return this.#change(charger_id, (now) => withFault(now, fault));
      }
    }
  }

  /** Begins to count a charger whose record is stored; returns false for any other. */
  #ensure(charger_id: string): boolean {
    if (this.#counts.has(charger_id)) return true;
    const { store, now } = this.#deps;
    if (!store.chargers.isStored(charger_id)) return false;
    const charger = store.chargers.get(charger_id);
    let count = newAvailability(charger_id, now(), store.calendar);
    for (const { connector_id, status } of charger?.connectors ?? []) {
      count = withFault(count, { connector_id, faulted: status === "Faulted" });
    }
    this.#put({ ...count, connected: this.#waiting ? null : false });
    return true;
  }

  #change(charger_id: string, change: (count: Availability) => Partial<Availability>): void {
    const before = this.#counts.get(charger_id)!;
    const changes = Object.entries(change(before)) as [keyof Availability, unknown][];
    if (changes.every(([name, value]) => before[name] === value)) return;
    this.#countTo(charger_id, this.#deps.now());
    const count = this.#counts.get(charger_id)!;
    this.#put({ ...count, ...change(count) });
  }

  /** Counts a charger on, and stores the months that have ended. */
  #countTo(charger_id: string, to: number, known = true): void {
    const { store } = this.#deps;
    const before = this.#counts.get(charger_id)!;
    const { count, ended } = countedTo(before, to, { calendar: store.calendar, known });
    for (const sums of ended) {
      store.availability_months.put({ charger_id, ...sums }, { deferred: true }).catch(() => {}); // the disk's alarm tells
    }
    this.#counts.set(charger_id, {
      ...count,
      months: [...count.months, ...ended.map(({ month }) => month)],
    });
    if (ended.length > 0) this.#changed.add(charger_id);
  }

  /** A step of the clock is no time that has passed. */
  #stepped(step: { from: string; to: string } | null): void {
    if (!step) return;
    for (const charger_id of this.#counts.keys()) {
      this.#countTo(charger_id, Date.parse(step.from));
      const count = this.#counts.get(charger_id)!;
      const { calendar } = this.#deps.store;
      const to = Date.parse(step.to);
      const same = labelAt("month", to, calendar.time_zone) === count.month;
      if (same) this.#put({ ...count, at: to, from: Math.min(count.from, to) });
      else this.#countTo(charger_id, to, false);
    }
  }

  #put(count: Availability): void {
    this.#counts.set(count.charger_id, count);
    this.#changed.add(count.charger_id);
  }

  #forget(charger_id: string): void {
    const { store } = this.#deps;
    const { months = [] } = this.#counts.get(charger_id) ?? {};
    this.#counts.delete(charger_id);
    this.#changed.delete(charger_id);
    store.availability.delete(charger_id).catch(() => {});
    for (const month of months) {
      store.availability_months.delete(monthKey({ charger_id, month })).catch(() => {});
    }
  }

  /** Ends the grace after the start, begins new months, and stores what has changed. */
  #look(): void {
    const { store, now } = this.#deps;
    if (this.#waiting && this.#mono() - this.#started_at >= GRACE_MS) {
      this.#waiting = false;
      for (const [charger_id, { connected }] of this.#counts) {
        if (connected === null) this.#change(charger_id, () => ({ connected: false }));
      }
    }
    const month = labelAt("month", now(), store.calendar.time_zone);
    for (const [charger_id, count] of this.#counts) {
      if (count.month !== month) this.#countTo(charger_id, now());
    }
    this.#store().catch(() => {}); // the disk's alarm tells
  }

  async #store(): Promise<void> {
    const { store } = this.#deps;
    const counts = [...this.#changed].flatMap((charger_id) => this.#counts.get(charger_id) ?? []);
    this.#changed.clear();
    await Promise.all(counts.map((count) => store.availability.put(count, { deferred: true })));
  }
}

/** Returns the key of a charger's sums of an earlier month. */
export function monthKey({ charger_id, month }: Pick<AvailabilityMonth, "charger_id" | "month">): string {
  return `${charger_id}/${month}`;
}
