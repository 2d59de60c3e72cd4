// Markers that would cover each other become one, with their count.
import type { Pin } from "./pin.ts";

/** A pin on the screen, CSS pixels. */
export interface PlacedPin {
  pin: Pin;
  x: number;
  y: number;
}

/** A marker: one pin, or several that stand close together. */
export interface Cluster {
  pins: Pin[];
  /** The middle of its pins, CSS pixels. */
  x: number;
  y: number;
}

/** Markers that are closer than this share one, CSS pixels. */
const NEAR = 44;

/** Groups pins by distance: each joins the nearest group that is close to it, else begins one. */
export function clustersOf(placed: readonly PlacedPin[], near = NEAR): Cluster[] {
  const clusters: Cluster[] = [];
  for (const { pin, x, y } of placed) {
    const found = clusters.map((cluster) => ({ cluster, away: Math.hypot(cluster.x - x, cluster.y - y) }))
      .filter(({ away }) => away < near).sort((a, b) => a.away - b.away)[0]?.cluster;
    if (!found) {
      clusters.push({ pins: [pin], x, y });
      continue;
    }
    const count = found.pins.push(pin);
    found.x += (x - found.x) / count;
    found.y += (y - found.y) / count;
  }
  return clusters;
}
