// The physics of a connector: P = V·I·phases, and energy is the integral of power.
import type { Car } from "./car.ts";

/** The supply that a connector offers a car. */
export interface Offer {
  /** A a phase. */
  amps: number;
  phases: number;
  /** Time until which the offer holds, ms since 1970. */
  until: number;
}

/** The flow into a car. */
export interface Flow {
  power_w: number;
  /** A a phase. */
  amps: number;
  phases: number;
}

/** The least current, A, that the control pilot can offer; less is an offer of nothing (IEC 61851-1, table A.8). */
export const PILOT_MIN_AMPS = 6;

const NO_FLOW: Flow = { power_w: 0, amps: 0, phases: 0 };
const STEP = 1000; // ms

/** Returns the flow into a car when it has taken `more_wh` more than now. */
export function flowInto(
  car: Car | null,
  offer: Offer,
  { voltage, more_wh = 0 }: { voltage: number; more_wh?: number },
): Flow {
  if (!car || offer.amps < PILOT_MIN_AMPS) return NO_FLOW;
  const phases = Math.min(offer.phases, car.spec.phases);
  const amps = Math.min(offer.amps, car.spec.max_current, car.acceptance_w(more_wh) / voltage / phases);
  return amps > 0 ? { power_w: voltage * amps * phases, amps, phases } : NO_FLOW;
}

/**
 * Charges a car from `from` to `to` (ms) and returns the Wh: by the midpoint rule, in steps of at most a second that end where
 * the offer changes. The car takes no more than its room.
 */
export function deliver(
  car: Car,
  { from, to, voltage }: { from: number; to: number; voltage: number },
  offerAt: (at: number) => Offer,
): number {
  let delivered = 0;
  for (let at = from; at < to;) {
    const offer = offerAt(at);
    const end = Math.min(to, at + STEP, offer.until > at ? offer.until : Infinity);
    const hours = (end - at) / 3_600_000;
    const half = flowInto(car, offer, { voltage }).power_w * hours / 2;
    const wh = Math.min(car.room_wh, flowInto(car, offer, { voltage, more_wh: half }).power_w * hours);
    car.taken_wh += wh;
    delivered += wh;
    at = end;
  }
  return delivered;
}
