// The drivers of a simulator: cars come, show a tag, charge and go.
import { Car, type CarSpec } from "./physics/car.ts";
import type { Charger } from "./charger/charger.ts";
import { sleep } from "./clock.ts";
import { type CarVisit, maxCurrentOf, type SimulatorSettings } from "./config.ts";
import type { Connector } from "./charger/connector.ts";
import { between, type Random } from "./random.ts";

const PATIENCE = 10; // s until a driver whose tag was refused tries again

/** One car's stay at a connector. */
interface Visit {
  id_tag: string;
  spec: CarSpec;
  stay_s: number;
}

/** A car as the options describe it, of an energy between kwh_min and kwh_max. */
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

/** Lets drivers come and go. */
export class Autopilot {
  readonly #charger: Charger;
  readonly #stopping = new AbortController();
  readonly #planned = new Map<Connector, Visit>();
  readonly #attended = new Map<Connector, Promise<void>>();

  constructor(charger: Charger) {
    this.#charger = charger;
    charger.onCarWanted = (connector) => this.#attend(connector);
  }

  /** Resolves when all cars have gone, never with `repeat`, or after stop(). */
  async run(): Promise<void> {
    const { cars } = this.#charger.settings;
    await this.#untilStopped(this.#charger.admitted);
    if (cars) await this.#schedule(cars);
    else await Promise.all(this.#charger.connectors.map((connector) => this.#oneAfterTheOther(connector)));
  }

  /** Nobody comes any more; who is there stays. */
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
      if (!charged && repeat) await this.#sleep(PATIENCE);
    } while (repeat && !this.#stopped);
  }

  /** With `repeat`, the same day again and again. */
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

  /** Whether the car could charge. */
  async #visit(connector: Connector, visit: Visit): Promise<boolean> {
    await this.#attended.get(connector);
    if (this.#stopped) return false;
    this.#planned.set(connector, visit);
    try {
      const status = await this.#charger.sessions.presentTag(connector, visit.id_tag);
      if (status !== "Accepted") this.#charger.warn(`The tag ${visit.id_tag} is ${status}`);
    } catch (error) {
      this.#charger.warn(`Cannot authorize ${visit.id_tag}`, error);
    }
    this.#planned.delete(connector);
    const attended = this.#attended.get(connector);
    await attended;
    return attended !== undefined;
  }

  /** A tag waits for a car: that of the visit, or another when it was started from afar. */
  #attend(connector: Connector): void {
    const { settings, random } = this.#charger;
    const visit = this.#planned.get(connector) ??
      { id_tag: settings.rfid, spec: carSpec(settings, random), stay_s: settings.duration };
    const attended = this.#stay(connector, visit).finally(() => this.#attended.delete(connector));
    this.#attended.set(connector, attended);
  }

  async #stay(connector: Connector, { spec, stay_s }: Visit): Promise<void> {
    const { sessions } = this.#charger;
    sessions.plugIn(connector, new Car(spec));
    const leaving = new AbortController();
    const stop = () => leaving.abort();
    const unlisten = this.#charger.subscribe((event) => {
      if (event.type === "stopped" && event.connector_id === connector.id) stop();
    });
    this.#stopping.signal.addEventListener("abort", stop);
    await sleep(this.#charger.clock, stay_s * 1000, leaving.signal);
    this.#stopping.signal.removeEventListener("abort", stop);
    unlisten();
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
