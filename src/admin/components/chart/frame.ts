// The geometry of a chart: where times and values are on its canvas, CSS pixels.
import type { ChartData, Frame, Range, View } from "./chart_data.ts";
import { lanesHeight } from "./lanes.ts";

/** The room around the curves; the lanes are above it. */
const ROOM = { left: 62, top: 10, right: 24, bottom: 46 };

/** Returns the geometry of a chart with curves of a height. */
export function frameOf(width: number, height: number, { data, view }: View): Frame {
  const top = ROOM.top + lanesHeight(data);
  const all = height + lanesHeight(data);
  const [left, right, bottom] = [ROOM.left, Math.max(ROOM.left + 1, width - ROOM.right), all - ROOM.bottom];
  const bounds = boundsOf(data.unit, ...extremesOf(data, view));
  const [low, high] = bounds;
  const [span, wide] = [view.to - view.from, right - left];
  return {
    ...{ width, height: all, left, top, right, bottom, bounds },
    x: (at) => left + (at - view.from) / span * wide,
    y: (value) => bottom - (value - low) / (high - low) * (bottom - top),
    timeAt: (x) => view.from + (x - left) / wide * span,
  };
}

/** Returns the least and the greatest of the values in view; null: there is none. */
function extremesOf({ series, times }: ChartData, { from, to }: Range): [number | null, number | null] {
  let [least, most] = [Infinity, -Infinity];
  for (const { values, low = [], high = [] } of series) {
    for (const [index, at] of times.entries()) {
      if (at < from || at > to) continue;
      for (const value of [values[index], low[index], high[index]]) {
        if (typeof value !== "number") continue;
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
  }
  return most < least ? [null, null] : [least, most];
}

/** Returns the ends of the vertical axis: from zero, but for volts and degrees. */
export function boundsOf(unit: string, low: number | null, high: number | null): [number, number] {
  if (unit === "%") return [0, 100];
  if (low === null || high === null) return [0, 1];
  if (unit === "V" || unit === "°C") {
    const room = Math.max((high - low) * 0.15, 2);
    return [Math.floor(low - room), Math.ceil(high + room)];
  }
  return [Math.min(0, low), Math.max(high * 1.08, 0.5)];
}
