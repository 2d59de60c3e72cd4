// The axes of charts: lines of a grid with the times below and the values at the left.
import { number } from "../../format.ts";
import { wallAt } from "../../zone.ts";
import type { ChartData, Frame, Look, View } from "./chart_data.ts";
import { dayTexts, tickTexts } from "./chart_text.ts";

/** The least distance of two ticks, CSS pixels. */
const APART = { x: 56, y: 44, bar: 44 };
const FONT = "12px Geist, sans-serif";
const LINE = 18;
const GAP = 8;

const SECOND = 1000;
const DAY = 86_400 * SECOND;
const MONTH = 30 * DAY;
const STEPS = [
  ...[1, 5, 10, 15, 30, 60, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 28_800, 43_200]
    .map((seconds) => seconds * SECOND),
  ...[1, 2, 3, 4, 7, 10, 15].map((days) => days * DAY),
  ...[1, 2, 3, 6, 12].map((months) => months * MONTH),
];

/** Draws both axes. */
export function drawAxes(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  { content, colour }: Look,
): void {
  const { left, right, top, bottom } = frame;
  const [times, time_texts] = timeTicks(frame, content);
  const [values, value_texts] = valueTicks(frame, content.data.unit);
  ctx.strokeStyle = colour("--line");
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const x of times.map(frame.x).map(sharp)) {
    ctx.moveTo(x, top);
    ctx.lineTo(x, bottom);
  }
  for (const y of values.map(frame.y).map(sharp)) {
    ctx.moveTo(left, y);
    ctx.lineTo(right, y);
  }
  ctx.stroke();
  ctx.fillStyle = colour("--soft");
  ctx.font = FONT;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  time_texts.forEach((text, index) =>
    text.split("\n").forEach((line, row) =>
      ctx.fillText(line, frame.x(times[index]!), bottom + GAP + row * LINE)
    )
  );
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  value_texts.forEach((text, index) => ctx.fillText(text, left - GAP, frame.y(values[index]!)));
}

/** Returns the middle of a pixel, where a thin line is not smeared over two. */
function sharp(at: number): number {
  return Math.round(at) + 0.5;
}

type Ticks = [at: number[], texts: string[]];

function timeTicks(frame: Frame, { data, range, view }: View): Ticks {
  const days = (range.to - range.from) / DAY;
  if (data.series[0]?.kind === "bars" && days > 2 && days <= 62) return barTicks(frame, data);
  const least = (view.to - view.from) * APART.x / (frame.right - frame.left);
  const step = STEPS.find((one) => one >= least) ?? STEPS.at(-1)!;
  const at = step >= MONTH ? monthsIn(view.from, view.to, step / MONTH) : timesIn(view.from, view.to, step);
  return [at, tickTexts(at, step)];
}

function barTicks(frame: Frame, { times }: ChartData): Ticks {
  const each = Math.ceil(times.length * APART.bar / (frame.right - frame.left));
  const at = times.filter((_, index) => index % each === 0);
  return [at, dayTexts(at, times.length)];
}

/** Returns what the clocks of the site's zone show, to the minute, as if it were UTC. */
function wall(at: number): number {
  return Date.parse(`${wallAt(at)}Z`);
}

/** Returns the multiples of a step on the clocks of the site's zone. */
function timesIn(from: number, to: number, step: number): number[] {
  const minute = Math.floor(from / 60_000) * 60_000;
  const short = step < 60_000;
  const start = short ? Math.ceil(from / step) * step : minute + (step - wall(minute) % step) % step;
  const found: number[] = [];
  for (let at = start; at <= to; at += step) {
    const drift = step >= 3_600_000 ? wall(at) % step : 0; // clocks have changed since
    found.push(drift > step / 2 ? at + step - drift : at - drift);
  }
  return found.filter((at) => at >= from);
}

/** Returns the first instants of every so many months. */
function monthsIn(from: number, to: number, each: number): number[] {
  const found: number[] = [];
  const begun = new Date(wall(from));
  for (let month = Math.floor(begun.getUTCMonth() / each) * each;; month += each) {
    const first = Date.UTC(begun.getUTCFullYear(), month, 1);
    const at = first - (wall(first) - first);
    if (at > to) return found;
    if (at >= from) found.push(at);
  }
}

function valueTicks({ bounds: [low, high], top, bottom }: Frame, unit: string): Ticks {
  const step = roundStep((high - low) * APART.y / (bottom - top));
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  const at = Array.from({ length: count }, (_, index) => (first + index) * step);
  const decimals = step % 1 === 0 ? 0 : step * 10 % 1 === 0 ? 1 : 2;
  return [at, at.map((value) => `${number(value, decimals)} ${unit}`.trim())];
}

/** Rounds up to 1, 2, 2.5 or 5 times a power of ten. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 2.5, 5, 10].find((factor) => factor * power >= least)! * power;
}
