// Readings as curves: one time axis, and a column for each connector and phase.
import type { Reading } from "../../types.ts";

/** Curves in uPlot's format. */
export interface Curves {
  data: [number[], ...(number | null)[][]];
  series: { connector_id: number; phase: string | null; unit: string }[];
  readings: number;
}

/** Sorts readings into curves; values that are not numbers are left out. */
export function curvesOf(readings: readonly Reading[]): Curves {
  const columns = new Map<
    string,
    { connector_id: number; phase: string | null; unit: string; points: Map<number, number> }
  >();
  const times = new Set<number>();
  for (const { at, connector_id, phase, unit, value } of readings) {
    const number = Number(value);
    if (!Number.isFinite(number)) continue;
    const key = `${connector_id} ${phase ?? ""} ${unit}`;
    let column = columns.get(key);
    if (!column) columns.set(key, column = { connector_id, phase, unit, points: new Map() });
    const seconds = Date.parse(at) / 1000;
    column.points.set(seconds, number);
    times.add(seconds);
  }
  const axis = [...times].sort((a, b) => a - b);
  const series = [...columns.values()];
  const data = series.map(({ points }) => axis.map((time) => points.get(time) ?? null));
  return {
    data: [axis, ...data],
    series: series.map(({ points: _points, ...one }) => one),
    readings: readings.length,
  };
}
