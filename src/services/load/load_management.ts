// Load management: senses the circuits' meters and chargers, decides on their limits, and sends these.
import { alarmText, namesText } from "../../i18n/alarm_text.ts";
import type { CentralSystem } from "../../central/central_system.ts";
import type { Alarms } from "../../machine/alarms.ts";
import type { Clock } from "../../machine/clock.ts";
import { connectorIdsOf } from "../../site/load/circuit_tree.ts";
import { drawnIn } from "../../site/load/drawn.ts";
import type { ConnectorCap, FeedReading } from "../../site/load/feed_reading.ts";
import { LoadControl } from "../../site/load/load_control.ts";
import { isOver } from "../../site/load/moment.ts";
import { Sleep } from "../../site/load/sleep.ts";
import { loadPlaceOf } from "../../site/load/load_place.ts";
import type { Event, EventName, Events } from "../../site/events.ts";
import type {
  Charger,
  Circuit,
  InstalledProfile,
  LoadDecision,
  OutsideLimit,
  Store,
} from "../../store/store.ts";
import { factsOf, manualProfiles } from "./connector_facts.ts";
import { DecisionLog } from "./decision_log.ts";
import { Failsafes } from "./failsafes.ts";
import { type LiveCircuit, liveCircuit, type LiveConnector, liveConnectors } from "./live_load.ts";
import { LoadStates } from "./load_states.ts";
import { OrderSender, placeOf } from "./order_sender.ts";
import { OutsideLimits } from "./outside_limits.ts";

/** The parts that load management works with. */
export interface LoadManagementDeps {
  store: Store;
  events: Events;
  central: CentralSystem;
  alarms: Alarms;
  /** Wall clock, ms since 1970. */
  now: () => number;
  /** Monotonic clock, ms. */
  mono: () => number;
  clock: Pick<Clock, "set_back_ms">;
}

const TICK_MS = 1_000;
/** The time of the last run's end is known to this, ms. */
const LAST_KNOWN_MS = 600_000;
const FLOWS = new Set(["Charging"]);
/** The events that limits may follow from. */
const HEARD = new Set<EventName>([
  "charger",
  "charger_deleted",
  "connected",
  "disconnected",
  "booted",
  "connector",
  "meter",
  "transaction",
  "profiles",
]);

/** The load management of a site. */
export class LoadManagement {
  readonly #deps: LoadManagementDeps;
  readonly #mono: () => number;
  readonly #control: LoadControl;
  readonly #states: LoadStates;
  readonly #failsafes: Failsafes;
  readonly #sender: OrderSender;
  readonly #log: DecisionLog;
  readonly #outside: OutsideLimits;
  /** Caps of connectors from outside. */
  readonly #caps = new Map<string, ConnectorCap>();
  readonly #sleep = new Map<string, Sleep>();
  /** Chargers that take limits in W only. */
  readonly #watts = new Map<string, boolean>();
  /** The records' ids of managed chargers' devices. */
  readonly #devices = new Map<string, string | undefined>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #unsubscribe = () => {};

  constructor(deps: LoadManagementDeps) {
    this.#deps = deps;
    const mono = this.#mono = deps.mono;
    const { store, central, now } = deps;
    const changed = () => this.soon();
    const states = this.#states = new LoadStates(store);
    const log = this.#log = new DecisionLog(store);
    const control = this.#control = new LoadControl(() => ({
      validity_s: store.settings.load_limit_validity,
      dwell_s: store.settings.load_min_dwell,
      rotation_s: store.settings.load_rotation,
      time_zone: store.calendar.time_zone,
    }));
    this.#outside = new OutsideLimits({
      store,
      control,
      now,
      mono,
      set_back_ms: () => deps.clock.set_back_ms,
    });
    this.#failsafes = new Failsafes({ store, central, states, changed });
    this.#sender = new OrderSender({ store, central, states, control, log, now, mono, changed });
  }

  /** Begins to watch; limits of the last run count until they have run out. */
  start(): void {
    this.#states.sweep();
    this.#sense();
    this.#outside.start();
    const { events, store } = this.#deps;
    this.#unsubscribe = events.subscribe(
      (event) => this.#hear(event),
      (type) => HEARD.has(type) && (type !== "meter" || store.circuits.size > 0),
    );
    this.#timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** Stops; the chargers' limits run out by themselves. */
  stop(): void {
    this.#unsubscribe();
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
  }

  /** Takes what a circuit's meter measured; the port of all kinds of meters. */
  take(reading: FeedReading): void {
    const age = Math.max(0, this.#deps.now() - reading.at);
    this.#sense();
    const { circuit_id, current_a, net_a } = reading;
    this.#control.measure(circuit_id, current_a, this.#mono() - age, { net_a });
    this.soon();
  }

  /** Sets a limit of a circuit from outside, in place of the one of the same source; resolves when it is stored. */
  async limit(limit: OutsideLimit): Promise<void> {
    this.#sense();
    await this.#outside.set(limit);
    this.soon();
  }

  /**
   * Chooses for a session that it charges from the surplus alone, or not; null: as its charger. Returns false if it is not
   * under way at a managed charger.
   */
  async chooseSurplus(transaction_id: number, surplus: boolean | null): Promise<boolean> {
    this.#sense();
    for (const [id, { facts: { session } }] of this.#control.connectors) {
      if (session !== transaction_id) continue;
      const own = loadPlaceOf(this.#deps.store.chargers.get(placeOf(id)[0])).surplus;
      const session_surplus = { transaction_id, surplus: surplus ?? own };
      await this.#states.change(...placeOf(id), { session_surplus });
      this.soon();
      return true;
    }
    return false;
  }

  /** Ends a limit of a circuit from outside. */
  async unlimit(limit: Pick<OutsideLimit, "circuit" | "source">): Promise<void> {
    await this.#outside.remove(limit);
    this.soon();
  }

  /** Sets or removes a cap of a connector beside its share. */
  cap(cap: ConnectorCap): void {
    const key = `${cap.charger_id}/${cap.connector_id}`;
    if (cap.limit_a === null) this.#caps.delete(key);
    else this.#caps.set(key, cap);
    this.soon();
  }

  /** Decides once what has just happened has ended. */
  soon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.tick();
    }, 0);
  }

  /** Senses, decides, and sends. */
  tick(): void {
    const { store, now } = this.#deps;
    if (store.circuits.size === 0 && this.#control.connectors.size === 0) return;
    this.#sense();
    this.#outside.sweep();
    const mono = this.#mono();
    for (const order of this.#control.decide(mono, now())) this.#sender.send(order);
    for (const charger of this.#managed()) this.#failsafes.look(charger, mono);
    for (const [id, connector] of this.#control.connectors) {
      this.#states.relax(...placeOf(id), connector.budget.worst(mono));
    }
    this.#tell();
  }

  /** Returns a circuit's live figures. */
  circuit(circuit: Circuit): LiveCircuit {
    this.#sense();
    return liveCircuit(circuit, this.#control, { mono: this.#mono(), wall: this.#deps.now() });
  }

  /** Returns the connectors of managed chargers, or of one. */
  connectors(charger_id?: string): LiveConnector[] {
    this.#sense();
    return liveConnectors(this.#control, { mono: this.#mono(), charger_id });
  }

  /** Returns the kept decisions, newest first. */
  decisions(): LoadDecision[] {
    return this.#log.newest();
  }

  #managed(): Charger[] {
    const { chargers, circuits } = this.#deps.store;
    return [...chargers.values()].filter((charger) => circuits.has(charger.load?.circuit ?? ""));
  }

  /** Takes the facts from records and live state. */
  #sense(): void {
    const mono = this.#mono();
    this.#control.setCircuits(this.#deps.store.circuits.all());
    const known = new Set<string>();
    const manual = manualProfiles(this.#deps.store);
    for (const charger of this.#managed()) {
      this.#lookAtDevice(charger);
      for (const connector_id of connectorIdsOf(charger)) {
        const id = `${charger.charger_id}/${connector_id}`;
        known.add(id);
        const is_new = !this.#control.connectors.has(id);
        const connector = this.#control.setConnector(
          id,
          this.#factsOf(charger, connector_id, manual.get(charger.charger_id) ?? []),
          mono,
        );
        if (!is_new) continue;
        connector.budget.recover(this.#states.get(charger.charger_id, connector_id).worst_a, mono);
        connector.budget.setBack(this.#setBackMs(), mono);
      }
    }
    for (const id of this.#control.connectors.keys()) if (!known.has(id)) this.#control.removeConnector(id);
  }

  /** Chargers count a limit of the last run by clocks that follow the gateway's, which was set back while it was down. */
  #setBackMs(): number {
    const { set_back_ms } = this.#deps.clock;
    return set_back_ms > 0 ? set_back_ms + LAST_KNOWN_MS : 0;
  }

  /** Forgets the device of a charger when another one has come in its place. */
  #lookAtDevice({ charger_id, record_id }: Charger): void {
    const is_other = this.#devices.has(charger_id) && this.#devices.get(charger_id) !== record_id;
    this.#devices.set(charger_id, record_id);
    if (is_other) this.#forget(charger_id);
  }

  #forget(charger_id: string): void {
    for (const id of this.#control.connectors.keys()) {
      if (placeOf(id)[0] === charger_id) this.#control.removeConnector(id);
    }
    for (const known of [this.#caps, this.#sleep]) {
      for (const id of known.keys()) if (placeOf(id)[0] === charger_id) known.delete(id);
    }
    this.#watts.delete(charger_id);
    this.#failsafes.forget(charger_id);
    this.#sender.forget(charger_id);
    this.#states.sweep();
  }

  #factsOf(charger: Charger, connector_id: number, manual: readonly InstalledProfile[]) {
    const mono = this.#mono();
    const { charger_id } = charger;
    const id = `${charger_id}/${connector_id}`;
    const demand = this.#control.connectors.get(id)?.demand;
    const cap = this.#caps.get(id);
    const known = {
      state: this.#states.get(charger_id, connector_id),
      proven: this.#failsafes.isProven(charger_id, connector_id),
      spreads: this.#watts.get(charger_id) === true && loadPlaceOf(charger).phases === 3 &&
        (demand?.phases().surely ?? 0) === 0,
      sleeping: this.#sleep.get(id)?.isAsleep(mono) === true,
      manual,
      cap: cap && cap.limit_a !== null ? { limit_a: cap.limit_a, reason: cap.reason } : null,
    };
    return factsOf(charger, connector_id, known, this.#deps);
  }

  #hear(event: Event): void {
    if (event.type === "charger_deleted") {
      this.#devices.delete(event.data.charger_id);
      this.#forget(event.data.charger_id);
      return this.soon();
    }
    const charger = this.#deps.store.chargers.get(event.charger_id ?? "");
    if (!charger || (charger.load?.circuit ?? null) === null) return;
    const { charger_id } = charger;
    if (event.type === "booted") {
      this.#failsafes.booted(charger);
      void this.#learnUnit(charger_id);
    } else if (event.type === "meter") return this.#measured(charger, event.data.connector_id);
    else if (event.type === "connector") {
      this.#status(`${charger_id}/${event.data.connector_id}`, event.data.status);
    } else if (event.type === "transaction" && event.data.state === "completed" && !event.data.closed_by) {
      this.#control.connectors.get(`${charger_id}/${event.data.connector_id}`)?.budget.sessionEnded(
        this.#mono(),
      );
    }
    this.soon();
  }

  #status(id: string, status: string): void {
    const sleep = this.#sleep.get(id) ?? new Sleep();
    this.#sleep.set(id, sleep);
    sleep.take(status, this.#mono());
    if (!FLOWS.has(status)) this.#control.connectors.get(id)?.demand.stop(this.#mono());
  }

  /** Takes what a car draws from the newest meter values. */
  #measured(charger: Charger, connector_id: number): void {
    const connector = this.#control.connectors.get(`${charger.charger_id}/${connector_id}`);
    const last = this.#deps.store.readings.lastMeterValues(charger.charger_id);
    if (!connector || last?.connectorId !== connector_id) return;
    const samples = last.meterValue.at(-1)?.sampledValue;
    const drawn = Array.isArray(samples) ? drawnIn(samples, loadPlaceOf(charger).phases) : null;
    if (!drawn) return;
    const { currents, by_phase } = drawn;
    connector.demand.take(currents, this.#mono(), { by_phase, limit_a: connector.budget.confirmed_a });
  }

  async #learnUnit(charger_id: string): Promise<void> {
    const watts = await this.#deps.central.port(charger_id).takesWatts().catch(() => false);
    this.#watts.set(charger_id, watts);
  }

  /** Raises an alarm for chargers that nothing limits without the gateway, and for circuits that may be exceeded. */
  #tell(): void {
    const { alarms, store } = this.#deps;
    const unsafe = new Set<string>();
    for (const { charger_id, failsafe } of store.load_states.values()) {
      if (failsafe === "refused" && store.chargers.get(charger_id)?.load?.circuit) unsafe.add(charger_id);
    }
    if (unsafe.size === 0) alarms.clear("load_unsafe");
    else alarms.raise("load_unsafe", alarmText("load_unsafe", { names: namesText(unsafe) }));
    const moment = this.#control.moment(this.#mono(), this.#deps.now());
    const over = moment.constraints.circuits.filter(({ enabled }, number) =>
      enabled && isOver(number, moment)
    );
    if (over.length === 0) return alarms.clear("load_over");
    alarms.raise("load_over", alarmText("load_over", { names: namesText(over.map(({ name }) => name)) }));
  }
}
