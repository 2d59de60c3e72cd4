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
