// The axes of charts.
import uPlot from "uplot";
import { siteZone } from "../../zone.ts";
import type { PlotContent } from "./chart_data.ts";
import { number } from "../../format.ts";
import { dayTexts, tickTexts } from "./chart_text.ts";

/** Returns what the chart shows now. */
type State = () => PlotContent;

/** The axis of times. */
export function xAxis(state: State, colour: (name: string) => string): uPlot.Axis {
  return {
    ...lookOf(colour),
    size: 46,
    space: 64,
    splits: (u, _axis, _min, _max, step) => {
      const { data, range } = state();
      const days = (range.to - range.from) / 86_400_000;
      if (data.series[0]?.kind !== "bars" || days <= 2 || days > 62) return timeSplits(u, step);
      const each = Math.ceil(data.times.length * 44 / u.width);
      return data.times.filter((_, index) => index % each === 0).map((at) => at / 1000);
    },
    values: (_, splits, _axis, _space, step) => {
      const { data, range } = state();
      const days = (range.to - range.from) / 86_400_000;
      const bars = data.series[0]?.kind === "bars" && days > 2 && days <= 62;
      return bars ? dayTexts(splits, data.times.length) : tickTexts(splits, step);
    },
  };
}

/** Returns multiples of `step` s on the clocks of the site's zone. */
function timeSplits(u: uPlot, step: number): number[] {
  const { min, max } = u.scales.x!;
  const wall = (at: number) => {
    const shown = uPlot.tzDate(new Date(at * 1000), siteZone());
    return Date.UTC(
      shown.getFullYear(),
      shown.getMonth(),
      shown.getDate(),
      shown.getHours(),
      shown.getMinutes(),
    ) / 1000;
  };
  if (step >= 27 * 86_400) return monthSplits(min!, max!, wall);
  const splits: number[] = [];
  const minute = Math.floor(min! / 60) * 60;
  const start = step < 60 ? Math.ceil(min! / step) * step : minute + (step - wall(minute) % step) % step;
  for (let at = start; at <= max!; at += step) {
    const drift = step >= 3600 ? (wall(at) % step + step) % step : 0; // clocks have changed since
    splits.push(drift > step / 2 ? at + step - drift : at - drift);
  }
  return splits.filter((at) => at >= min! && at <= max!);
}

function monthSplits(min: number, max: number, wall: (at: number) => number): number[] {
  const splits: number[] = [];
  for (
    let month = new Date(wall(min) * 1000).getUTCMonth(), year = new Date(wall(min) * 1000).getUTCFullYear();;
    month++
  ) {
    const first = Date.UTC(year, month, 1) / 1000;
    const at = first - (wall(first) - first);
    if (at > max) return splits;
    if (at >= min) splits.push(at);
  }
}

/** The axis of values, with the unit at each. */
export function yAxis(state: State, colour: (name: string) => string): uPlot.Axis {
  return {
    ...lookOf(colour),
    size: 62,
    space: 44,
    values: (_, splits) => {
      const { unit } = state().data;
      const decimals = splits.some((value) => value % 1 !== 0)
        ? splits.some((value) => value * 10 % 1 !== 0) ? 2 : 1
        : 0;
      return splits.map((value) => `${number(value, decimals)} ${unit}`.trim());
    },
  };
}

function lookOf(colour: (name: string) => string): uPlot.Axis {
  return {
    stroke: colour("--soft"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
    font: "12px Geist, sans-serif",
    gap: 8,
  };
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
