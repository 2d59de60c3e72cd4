// The site's mean power by quarter of an hour over the last two days.
import type { PowerRecord, Store } from "../store/store.ts";
import type { CentralSystem } from "../central/central_system.ts";

/** Length of a slot, s; utilities bill by it. */
export const SLOT_S = 900;
const KEPT = 4 * 50; // slots: today and yesterday, wherever the browser is
const LOOK_EVERY = 10_000;

/** The parts that the chart works with. */
export interface SitePowerDeps {
  store: Store;
  central: CentralSystem;
  now: () => number;
}

/** A quarter of an hour: the mean power of the chargers and of the simulated ones, W, over `samples` samples. */
interface Slot {
  samples: number;
  power_w: number;
  simulated_w: number;
}

/** Samples the sessions' power every ten seconds, and stores the means once a slot. */
export class SitePower {
  readonly #deps: SitePowerDeps;
  readonly #slots = new Map<number, Slot>();
  #current = NaN;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(deps: SitePowerDeps) {
    this.#deps = deps;
  }

  /** Loads the stored slots, and begins to sample. */
  start(): void {
    for (const [number, samples, power_w, simulated_w] of this.#deps.store.power.get("power")?.slots ?? []) {
      this.#slots.set(number, { samples, power_w, simulated_w });
    }
    this.#timer = setInterval(() => this.look(), LOOK_EVERY);
  }

  /** Stops sampling; the unfinished slot is stored for the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    if (!Number.isNaN(this.#current)) await this.#keep();
  }

  /** Takes one sample. */
  look(): void {
    const number = Math.floor(this.#deps.now() / 1000 / SLOT_S);
    if (number !== this.#current && !Number.isNaN(this.#current)) void this.#keep();
    this.#current = number;
    const slot = this.#slots.get(number) ?? { samples: 0, power_w: 0, simulated_w: 0 };
    const { real, simulated } = this.#sums();
    slot.samples++;
    slot.power_w += (real - slot.power_w) / slot.samples;
    slot.simulated_w += (simulated - slot.simulated_w) / slot.samples;
    this.#slots.set(number, slot);
  }

  /** Returns the slots, oldest first. */
  slots(): { at: string; power_w: number; simulated_w: number }[] {
    return [...this.#slots].sort(([a], [b]) => a - b).map(([number, { power_w, simulated_w }]) => ({
      at: new Date(number * SLOT_S * 1000).toISOString(),
      power_w: Math.round(power_w),
      simulated_w: Math.round(simulated_w),
    }));
  }

  #sums(): { real: number; simulated: number } {
    const { store, central } = this.#deps;
    const sums = { real: 0, simulated: 0 };
    for (const { charger_id, connector_id, transaction_id, simulated } of store.transactions.active()) {
      const watts = central.state(charger_id).liveMeter(connector_id, transaction_id)?.power_w ?? 0;
      sums[simulated ? "simulated" : "real"] += watts;
    }
    return sums;
  }

  /** Stores the slots. A failure is ignored: the next slot stores them all again. */
  async #keep(): Promise<void> {
    for (const number of this.#slots.keys()) {
      if (Math.abs(number - this.#current) > KEPT) this.#slots.delete(number);
    }
    const slots = [...this.#slots].map((
      [number, { samples, power_w, simulated_w }],
    ): PowerRecord["slots"][0] => [
      number,
      samples,
      Math.round(power_w),
      Math.round(simulated_w),
    ]);
    await this.#deps.store.power.put({ slots }, { deferred: true }).catch(() => {});
  }
}
