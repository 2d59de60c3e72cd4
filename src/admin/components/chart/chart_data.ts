// The data of a chart: columns over time, sessions, states and events. Times are ms since 1970.
import type { AnswerAt } from "../../../http/client_types.ts";
import type { SummedReadings } from "../../../http/api/charger/readings.ts";
import type { Tone } from "../status.tsx";

/** A value; null: a gap begins, undefined: none was due here, so that the line goes on. */
export type Value = number | null | undefined;

/** A column of values. */
export interface ChartSeries {
  label: string;
  kind: "line" | "bars" | "limit";
  /** Its place among the colours. */
  colour: number;
  values: Value[];
  /** The least and greatest values that a value stands for. */
  low?: Value[];
  high?: Value[];
}

/** A span of time with a text. */
export interface ChartSpan {
  from: number;
  to: number;
  label: string;
}

/** A session; `row`: its connector's place among those shown. */
export interface SessionSpan extends ChartSpan {
  transaction_id: number;
  row: number;
  energy_wh: number | null;
}

/** A state of the charger. */
export interface StateSpan extends ChartSpan {
  tone: Tone;
}

/** An event at a time. */
export interface ChartMark {
  at: number;
  label: string;
  tone: Tone;
}

/** The data of a chart. */
export interface ChartData {
  /** The middles of the buckets, or of the bars. */
  times: number[];
  /** The unit of all series: `kW`, `kWh`, `A`, `V`, `°C`, `%`, or as the charger named it. */
  unit: string;
  series: ChartSeries[];
  sessions: SessionSpan[];
  states: StateSpan[];
  marks?: ChartMark[];
}

/** A span of time. */
export interface Range {
  from: number;
  to: number;
}

/** A chart at a moment. */
export interface PlotContent {
  data: ChartData;
  range: Range;
  /** ms since 1970. */
  now: number;
}

/** A chart, and the part of it that fingers have moved into view. */
export interface View extends PlotContent {
  view: Range;
}

/** A chart and its colours, by the names of custom properties. */
export interface Look {
  content: View;
  colour: (name: string) => string;
}

/** The place of the curves, and where times and values are. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** The ends of the vertical axis. */
  bounds: [low: number, high: number];
  x: (at: number) => number;
  y: (value: number) => number;
  /** The time at a place. */
  timeAt: (x: number) => number;
}

const UNITS: Record<string, [unit: string, factor: number]> = {
  W: ["kW", 1000],
  Wh: ["kWh", 1000],
  var: ["kvar", 1000],
  VA: ["kVA", 1000],
  Celsius: ["°C", 1],
  Celcius: ["°C", 1],
  Percent: ["%", 1],
};

/** Returns the unit that people read, and by how much values are divided for it. */
export function readableUnit(unit: string): [unit: string, factor: number] {
  return Object.hasOwn(UNITS, unit) ? UNITS[unit]! : [unit, 1];
}

/** Returns the times of the buckets: their middles, but not later than `now`. */
export function bucketTimes({ from, step_ms, to }: SummedReadings, now: number): number[] {
  const start = Date.parse(from);
  return Array.from({ length: Math.round((Date.parse(to) - start) / step_ms) }, (_, index) => {
    const begun = start + index * step_ms;
    return begun < now ? Math.min(begun + step_ms / 2, now) : begun + step_ms / 2;
  });
}

/**
 * Tells gaps from buckets that are empty because the charger reports less often: a gap is more than two and a half times as
 * long as values usually are apart.
 */
export function withGaps(values: readonly (number | null)[]): Value[] {
  const filled = values.flatMap((value, index) => value === null ? [] : [index]);
  const apart = filled.slice(1).map((index, before) => index - filled[before]!).sort((a, b) => a - b);
  const most = Math.max(2, 2.5 * (apart[apart.length >> 1] ?? 1));
  const shown: Value[] = [...values];
  filled.forEach((index, position) => {
    const next = filled[position + 1];
    if (next !== undefined && next - index <= most) shown.fill(undefined, index + 1, next);
  });
  return shown;
}

/** The figures of an hour, day or month. */
export type EnergyRow = AnswerAt<"GET", "/ocpp/energy/">["rows"][number];

/** Returns energy as bars, kWh, one for each span; those without a session are zero, those to come have none. */
export function barsOf(
  rows: readonly EnergyRow[],
  { spans, now, label }: { spans: readonly Range[]; now: number; label: string },
): Pick<ChartData, "times" | "series"> {
  const energy = new Map(rows.map(({ from, energy_wh }) => [Date.parse(from), energy_wh / 1000]));
  const values = spans.map(({ from }) => energy.get(from) ?? (from > now ? null : 0));
  return {
    times: spans.map(({ from, to }) => (from + to) / 2),
    series: [{ label, kind: "bars", colour: 0, values }],
  };
}

/** Returns the series of a measurand as lines, in readable units; the bucket that holds `now` shows its last value. */
export function linesOf(
  summed: SummedReadings,
  { now, label, kind = "line" }: {
    now: number;
    label: (series: SummedReadings["series"][number]) => string;
    kind?: "line" | "limit";
  },
): ChartSeries[] {
  const newest = Math.floor((now - Date.parse(summed.from)) / summed.step_ms);
  return summed.series.map((series, colour) => {
    const [, factor] = readableUnit(series.unit);
    const scaled = (values: readonly (number | null)[]) =>
      withGaps(values.map((value) => value === null ? null : value / factor));
    const values = series.mean.map((mean, index) => index === newest ? series.last[index]! : mean);
    const bounds = kind === "line" ? { low: scaled(series.min), high: scaled(series.max) } : {};
    return { label: label(series), kind, colour, values: scaled(values), ...bounds };
  });
}

/** Returns one limit in place of several where they never differ, else all of them. */
export function oneLimit(limits: readonly ChartSeries[], label: string): readonly ChartSeries[] {
  const values = new Set(limits.flatMap(({ values }) => values.filter((value) => typeof value === "number")));
  if (limits.length < 2 || values.size !== 1) return limits;
  const merged = limits[0]!.values.map((_, index) => {
    const here = limits.map(({ values }) => values[index]);
    return here.find((value) => typeof value === "number") ?? (here.includes(null) ? null : undefined);
  });
  return [{ ...limits[0]!, label, values: merged }];
}
