// The drivers at a simulated charger: cars arrive, present a tag, charge and leave.
import { sleep } from "../ocpp/client/clock.ts";
import type { Charger } from "./charger/charger.ts";
import type { Connector } from "./charger/connector.ts";
import { type CarVisit, maxCurrentOf, type SimulatorSettings } from "./config.ts";
import { Car, type CarSpec } from "./physics/car.ts";
import { between, type Random } from "./random.ts";

const RETRY_REFUSED = 10; // s until a driver whose tag was refused tries again

/** The stay of one car at a connector. */
interface Visit {
  id_tag: string;
  spec: CarSpec;
  stay_s: number;
}

/** Makes a car by the options; its energy is between kwh_min and kwh_max, unless the visit says otherwise. */
export function carSpec(settings: SimulatorSettings, random: Random, visit: Partial<CarVisit> = {}): CarSpec {
  const { kwh_min, kwh_max, duration, voltage, charging_curve: curve } = settings;
  const want_wh = 1000 * (visit.kwh ?? between(random, kwh_min, kwh_max));
  const given = visit.battery_kwh ?? settings.battery_kwh;
  const battery_wh = given === undefined ? Math.max(60_000, want_wh / 0.7) : given * 1000;
  const phases = visit.phases ?? settings.phases;
  const max_current = visit.max_current ?? maxCurrentOf(settings);
  const even = settings.max_current === undefined && visit.max_current === undefined &&
    visit.kwh === undefined;
  return {
    battery_wh,
    soc: visit.soc ?? settings.soc ?? Math.max(5, 80 - 100 * want_wh / battery_wh),
    curve,
    max_power_w: even ? want_wh * 3600 / Math.max(1, duration) : max_current * voltage * phases,
    max_current,
    phases,
    want_wh,
  };
}

/** The arrivals and departures at a charger, as its options describe them. */
export class Autopilot {
  readonly #charger: Charger;
  readonly #stopping = new AbortController();
  /** Visits whose driver is presenting a tag. */
  readonly #arriving = new Map<Connector, Visit>();
  /** Visits under way. */
  readonly #staying = new Map<Connector, Promise<void>>();

  constructor(charger: Charger) {
    this.#charger = charger;
    charger.onCarWanted = (connector) => this.#sendCar(connector);
  }

  /** Resolves when all cars have left, never with `repeat`, or after stop(). */
  async run(): Promise<void> {
    const { cars } = this.#charger.settings;
    await this.#untilStopped(this.#charger.accepted);
    if (cars) await this.#schedule(cars);
    else await Promise.all(this.#charger.connectors.map((connector) => this.#oneAfterTheOther(connector)));
  }

  /** Ends all visits: cars leave, and no more arrive. */
  stop(): void {
    this.#stopping.abort();
    this.#charger.onCarWanted = () => {};
  }

  async #oneAfterTheOther(connector: Connector): Promise<void> {
    const { pre_charge_delay, repeat, rfid, duration } = this.#charger.settings;
    do {
      await this.#sleep(pre_charge_delay);
      const spec = carSpec(this.#charger.settings, this.#charger.random);
      const charged = await this.#visit(connector, { id_tag: rfid, spec, stay_s: duration });
      if (!charged && repeat) await this.#sleep(RETRY_REFUSED);
    } while (repeat && !this.#stopped);
  }

  /** Runs the scheduled visits; with `repeat` again and again. */
  async #schedule(cars: readonly CarVisit[]): Promise<void> {
    do await Promise.all(cars.map((visit) => this.#scheduled(visit))); while (
      cars.length > 0 && this.#charger.settings.repeat && !this.#stopped
    );
  }

  async #scheduled(visit: CarVisit): Promise<void> {
    await this.#sleep(visit.arrive);
    const { settings, random, connectors } = this.#charger;
    const connector = connectors.find(({ id, usable, car }) =>
      id === visit.connector || (!visit.connector && usable && !car)
    );
    if (!connector || this.#stopped) return;
    const spec = carSpec(settings, random, visit);
    await this.#visit(connector, { id_tag: visit.rfid ?? settings.rfid, spec, stay_s: visit.stay });
  }

  /** Presents a tag and stays if it is accepted. Resolves with true when the car could charge. */
  async #visit(connector: Connector, visit: Visit): Promise<boolean> {
    await this.#staying.get(connector);
    if (this.#stopped) return false;
    this.#arriving.set(connector, visit);
    await this.#presentTag(connector, visit.id_tag);
    this.#arriving.delete(connector);
    const stay = this.#staying.get(connector);
    await stay;
    return stay !== undefined;
  }

  async #presentTag(connector: Connector, id_tag: string): Promise<void> {
    const { sessions, events } = this.#charger;
    try {
      const status = await sessions.presentTag(connector, id_tag);
      if (status !== "Accepted") events.warn(`The tag ${id_tag} is ${status}`);
    } catch (error) {
      events.warn(`Cannot authorize ${id_tag}`, error);
    }
  }

  /** Sends a car to an accepted tag: that of the arriving visit, or another for a remote start. */
  #sendCar(connector: Connector): void {
    const { settings, random } = this.#charger;
    const visit = this.#arriving.get(connector) ??
      { id_tag: settings.rfid, spec: carSpec(settings, random), stay_s: settings.duration };
    const stay = this.#stay(connector, visit).finally(() => this.#staying.delete(connector));
    this.#staying.set(connector, stay);
  }

  async #stay(connector: Connector, { spec, stay_s }: Visit): Promise<void> {
    const { sessions, events, clock } = this.#charger;
    sessions.plugIn(connector, new Car(spec));
    const leaving = new AbortController();
    const leave = () => leaving.abort();
    const unsubscribe = events.subscribe((event) => {
      if (event.type === "stopped" && event.connector_id === connector.id) leave();
    });
    this.#stopping.signal.addEventListener("abort", leave);
    await sleep(clock, stay_s * 1000, leaving.signal);
    this.#stopping.signal.removeEventListener("abort", leave);
    unsubscribe();
    sessions.end(connector, "Local", connector.session?.id_tag);
    sessions.unplug(connector);
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #sleep(seconds: number): Promise<void> {
    return seconds > 0
      ? sleep(this.#charger.clock, seconds * 1000, this.#stopping.signal)
      : Promise.resolve();
  }

  #untilStopped(promise: Promise<void>): Promise<void> {
    const { promise: stopped, resolve } = Promise.withResolvers<void>();
    this.#stopping.signal.addEventListener("abort", () => resolve(), { once: true });
    return Promise.race([promise, stopped]);
  }
}
