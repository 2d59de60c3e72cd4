// A simulated charger with cars: what they draw follows its limit within five seconds, their onboard charger and battery.
import { Car } from "../../../src/simulator/physics/car.ts";
import { flowInto } from "../../../src/simulator/physics/supply.ts";
import type { PhaseCurrents } from "../../../src/site/load/phases.ts";
import { Sleep } from "../../../src/site/load/sleep.ts";
import { SimulatedCharger } from "../../site/load/world.ts";
import type { Visit } from "./visits.ts";

const VOLTS = 230;
const FOLLOW_S = 4;
/** Time between two looks at whether its car sleeps, s. */
const STATUS_S = 5;
const PAUSED_A = 5.95;

/** The outcome of a visit. */
export interface Outcome {
  visit: Visit;
  energy_wh: number;
  /** Changes between charging and pause. */
  switchings: number;
  /** Shares while there was not enough for all; `reached`: of the cars that the gateway reached, while it knew the room. */
  shares: Record<"all" | "reached", Share>;
}

/** A·s of one phase that a car got, and what would have been fair. */
export interface Share {
  got: number;
  fair: number;
  contested_s: number;
}

/** A charger with one connector at which cars come and go. */
export class CarCharger extends SimulatedCharger {
  car: Car | null = null;
  outcome: Outcome | null = null;
  /** The current that its car draws, A a phase. */
  amps = 0;
  #sleep = new Sleep();
  #was_on = false;

  /** Plugs a car in. */
  plug(visit: Visit): Outcome {
    this.car = new Car(visit.car);
    this.#sleep = new Sleep();
    this.#was_on = false;
    this.car_phases = this.phasesOf(visit.car.phases);
    const none = () => ({ got: 0, fair: 0, contested_s: 0 });
    return this.outcome = {
      visit,
      energy_wh: 0,
      switchings: 0,
      shares: { all: none(), reached: none() },
    };
  }

  /** The car leaves. */
  unplug(): void {
    if (this.outcome) this.outcome.energy_wh = this.car!.taken_wh;
    this.car = this.outcome = null;
    this.amps = 0;
    this.sleeping = false;
  }

  /** The most that its car takes now, A a phase, whatever it is given. */
  get acceptance_a(): number {
    const { max_a, phases } = this.facts;
    return flowInto(this.car, { amps: max_a, phases, until: Infinity }, { voltage: VOLTS }).amps;
  }

  /** True: its car has what it wants. */
  get is_full(): boolean {
    return this.car !== null && this.car.room_wh < 1;
  }

  override pass(at: number): void {
    super.pass(at);
    if (!this.car) return;
    const { phases } = this.facts;
    const offer = { amps: this.allowed(FOLLOW_S), phases, until: Infinity };
    const { amps, power_w } = flowInto(this.car, offer, { voltage: VOLTS });
    this.amps = amps;
    this.car.taken_wh += Math.min(this.car.room_wh, power_w / 3600);
    this.#count();
    if (at % STATUS_S !== 0) return;
    this.#sleep.take(this.#status(), at * 1000);
    this.sleeping = this.#sleep.isAsleep(at * 1000);
  }

  override most(): number {
    return this.amps;
  }

  override reported(): PhaseCurrents {
    const used = Math.min(this.facts.phases, this.car?.spec.phases ?? 0);
    return [0, 1, 2].map((conductor) => conductor < used ? this.amps : 0) as PhaseCurrents;
  }

  #status(): string {
    if (this.allowed(0) < this.facts.min_a) return "SuspendedEVSE";
    return this.is_full ? "SuspendedEV" : "Charging";
  }

  /** Counts pauses and their ends; the begin of a charge is none. */
  #count(): void {
    const on = this.allowed(0) > PAUSED_A;
    if (on === this.#was_on || this.is_full) return;
    const is_begin = on && this.car!.taken_wh === 0 && this.outcome!.switchings === 0;
    this.#was_on = on;
    if (!is_begin) this.outcome!.switchings++;
  }

  /** The phases of the supply that a car loads, 0 to 2. */
  phasesOf(count: number): number[] {
    const rotation = this.facts.phase_rotation!;
    return [...rotation].slice(0, count).map((phase) => "RST".indexOf(phase));
  }
}
