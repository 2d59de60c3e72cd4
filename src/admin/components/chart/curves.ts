// The curves, bars and limits of a chart.
import type { ChartSeries, Frame, Look, Value } from "./chart_data.ts";
import { faded, TONES } from "./colours.ts";

/** Points that are further apart than this are drawn as dots, too, CSS pixels. */
const SPARSE = 16;
const DOT = 2.5;
const BAR = { share: 0.72, most: 44, round: 0.18 };

type Point = [x: number, y: number];

/** Draws all series. */
export function drawSeries(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  { content: { data }, colour }: Look,
): void {
  const alone = data.series.filter(({ kind }) => kind === "line").length === 1;
  ctx.save();
  ctx.beginPath();
  ctx.rect(frame.left, frame.top - 2, frame.right - frame.left, frame.bottom - frame.top + 4);
  ctx.clip();
  for (const series of data.series) {
    ctx.strokeStyle = ctx.fillStyle = colour(TONES[series.colour % TONES.length]!);
    const one = { series, times: data.times, alone };
    if (series.kind === "bars") drawBars(ctx, frame, one);
    else if (series.kind === "limit") drawLimit(ctx, frame, one);
    else drawLine(ctx, frame, one);
  }
  ctx.restore();
}

interface One {
  series: ChartSeries;
  times: readonly number[];
  /** The only line. */
  alone: boolean;
}

function drawLine(ctx: CanvasRenderingContext2D, frame: Frame, { series, times, alone }: One): void {
  const tone = String(ctx.strokeStyle);
  const { values, low, high } = series;
  if (low && high) {
    const bottoms = runsOf(frame, times, low);
    runsOf(frame, times, high).forEach((run, index) => {
      fill(ctx, [...run, ...bottoms[index]?.toReversed() ?? []], faded(tone, 22));
    });
  }
  const floor = frame.y(Math.max(0, frame.bounds[0]));
  ctx.lineWidth = 2;
  ctx.lineJoin = "round";
  for (const run of runsOf(frame, times, values)) {
    if (alone) fill(ctx, [[run[0]![0], floor], ...run, [run.at(-1)![0], floor]], faded(tone, 12));
    ctx.beginPath();
    for (const [x, y] of run) ctx.lineTo(x, y);
    ctx.stroke();
    ctx.fillStyle = tone;
    const apart = (run.at(-1)![0] - run[0]![0]) / run.length;
    if (run.length === 1 || apart > SPARSE) { for (const point of run) dot(ctx, point); }
  }
}

/** Returns the points of a column, apart at its gaps. */
function runsOf({ x, y }: Frame, times: readonly number[], values: readonly Value[]): Point[][] {
  const runs: Point[][] = [[]];
  values.forEach((value, index) => {
    if (value === null) runs.push([]);
    else if (value !== undefined) runs.at(-1)!.push([x(times[index]!), y(value)]);
  });
  return runs.filter(({ length }) => length > 0);
}

function fill(ctx: CanvasRenderingContext2D, points: readonly Point[], colour: string): void {
  ctx.fillStyle = colour;
  ctx.beginPath();
  for (const [x, y] of points) ctx.lineTo(x, y);
  ctx.fill();
}

function dot(ctx: CanvasRenderingContext2D, [x, y]: Point): void {
  ctx.beginPath();
  ctx.arc(x, y, DOT, 0, 2 * Math.PI);
  ctx.fill();
}

function drawBars(ctx: CanvasRenderingContext2D, frame: Frame, { series: { values }, times }: One): void {
  const { x, y, left, right } = frame;
  const room = times.length > 1 ? x(times[1]!) - x(times[0]!) : right - left;
  const width = Math.max(1, Math.min(BAR.most, room * BAR.share));
  const floor = y(0);
  ctx.fillStyle = faded(String(ctx.fillStyle), 78);
  values.forEach((value, index) => {
    if (!value) return;
    const height = floor - y(value);
    const round = Math.min(width * BAR.round, Math.abs(height));
    ctx.beginPath();
    ctx.roundRect(x(times[index]!) - width / 2, y(value), width, height, [round, round, 0, 0]);
    ctx.fill();
  });
}

/** A limit holds until the next one. */
function drawLimit(ctx: CanvasRenderingContext2D, frame: Frame, { series: { values }, times }: One): void {
  ctx.lineWidth = 1.5;
  ctx.setLineDash([6, 4]);
  for (const run of runsOf(frame, times, values)) {
    ctx.beginPath();
    run.forEach(([x, y], index) => {
      ctx.lineTo(x, run[index - 1]?.[1] ?? y);
      ctx.lineTo(x, y);
    });
    ctx.stroke();
  }
  ctx.setLineDash([]);
}
