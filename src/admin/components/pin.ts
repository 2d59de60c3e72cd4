// Chargers on a map or plan.

/** A charger on the map. */
export interface Pin {
  id: string;
  title: string;
  status: string;
  /** The power that flows, W; null: none. Left out: it is not shown. */
  power_w?: number | null;
  latitude: number | null;
  longitude: number | null;
}

/** A plan in place of the map: latitude and longitude of a pin are then percent from its top and left edges. */
export interface Plan {
  width: number;
  height: number;
  version: string;
}

/** States by what somebody should look at first. */
const GRAVITY = ["Faulted", "offline", "Rejected", "Pending", "Unavailable"];

/** Returns the state that stands for several chargers: the gravest, else the most frequent one. */
export function stateOf(pins: readonly Pin[]): string {
  const grave = GRAVITY.find((status) => pins.some((pin) => pin.status === status));
  if (grave) return grave;
  const counts = Map.groupBy(pins, ({ status }) => status);
  return [...counts].sort(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? "Idle";
}

/** Returns the power of several chargers, W; null: none of them charges. */
export function powerOf(pins: readonly Pin[]): number | null {
  const sum = pins.reduce((total, { power_w }) => total + (power_w ?? 0), 0);
  return sum > 0 ? sum : null;
}
