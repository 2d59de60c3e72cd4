// Sessions with their holders' names, states, events and the present, behind and above the curves.
import type uPlot from "uplot";
import type { ChartData, PlotContent } from "./chart_data.ts";
import { faded, TONES } from "./colours.ts";

const ROW = 22;
const LANE = 8;
const GAP = 6;

/** Returns the height above the curves that a chart needs, CSS pixels. */
export function lanesHeight(data: ChartData): number {
  const rows = data.sessions.length === 0 ? 0 : Math.max(...data.sessions.map(({ row }) => row)) + 1;
  return rows * ROW + laneHeight(data);
}

/** Returns the height of the lane of states and events. */
function laneHeight({ states, marks }: ChartData): number {
  return states.length > 0 || marks?.length ? LANE + GAP : 0;
}

/** Draws sessions as bands, states as a lane with the events on it, and a line for now. */
export function drawLanes(u: uPlot, { data, now }: PlotContent, colour: (name: string) => string): void {
  const { ctx, bbox } = u;
  const px = devicePixelRatio;
  const place = placeIn(u);
  const bottom = bbox.top - laneHeight(data) * px;
  ctx.save();
  for (const session of data.sessions) {
    const [left, width] = place(session.from, session.to);
    if (width <= 0) continue;
    const tone = colour(TONES[session.row % TONES.length]!);
    ctx.fillStyle = faded(tone, 7);
    ctx.fillRect(left, bbox.top, width, bbox.height);
    const top = bottom - (session.row + 1) * ROW * px;
    ctx.fillStyle = faded(tone, 24);
    ctx.fillRect(left, top, Math.max(width, 2 * px), (ROW - 3) * px);
    ctx.fillStyle = tone;
    ctx.fillRect(left, top, 2 * px, (ROW - 3) * px);
    label(u, {
      text: session.label,
      left: left + 7 * px,
      width: width - 10 * px,
      top,
      colour: colour("--ink"),
    });
  }
  for (const { from, to, tone } of data.states) {
    const [left, width] = place(from, to);
    ctx.fillStyle = faded(colour(`--${tone}`), tone === "red" ? 100 : 50);
    if (width > 0) ctx.fillRect(left, bbox.top - (LANE + GAP) * px, Math.max(width, px), LANE * px);
  }
  for (const { at, tone } of data.marks ?? []) {
    const [left, width] = place(at, at + 1);
    if (width > 0) diamond(u, left, colour(`--${tone}`), colour("--sheet"));
  }
  if (data.series[0]?.kind === "bars") return void ctx.restore();
  const [left, width] = place(now, now + 1);
  ctx.fillStyle = colour("--line-strong");
  if (width > 0) ctx.fillRect(left, bbox.top, px, bbox.height);
  ctx.restore();
}

/** Draws an event in the middle of the lane of states. */
function diamond({ ctx, bbox }: uPlot, left: number, fill: string, edge: string): void {
  const px = devicePixelRatio;
  const [middle, size] = [bbox.top - (LANE / 2 + GAP) * px, 6 * px];
  ctx.beginPath();
  for (const [x, y] of [[0, -size], [size, 0], [0, size], [-size, 0]] as const) {
    ctx.lineTo(left + x, middle + y);
  }
  ctx.closePath();
  ctx.fillStyle = fill;
  ctx.strokeStyle = edge;
  ctx.lineWidth = 2 * px;
  ctx.fill();
  ctx.stroke();
}

/** Returns a function that places a span within the plot: its left edge and width, canvas pixels. */
function placeIn(u: uPlot): (from: number, to: number) => [left: number, width: number] {
  const { left, width } = u.bbox;
  return (from, to) => {
    const [start, end] = [from, to].map((at) => u.valToPos(at / 1000, "x", true));
    const begun = Math.max(start!, left);
    return [begun, Math.min(end!, left + width) - begun];
  };
}

interface Label {
  text: string;
  left: number;
  width: number;
  top: number;
  colour: string;
}

/** Writes a text where it fits; cut off with an ellipsis, and not at all where nothing would be left of it. */
function label({ ctx }: uPlot, { text, left, width, top, colour }: Label): void {
  const px = devicePixelRatio;
  ctx.font = `${11.5 * px}px Geist, sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  let shown = text;
  while (shown.length > 2 && ctx.measureText(shown).width > width) {
    shown = `${shown.replace(/…$/, "").slice(0, -1).trimEnd()}…`;
  }
  if (ctx.measureText(shown).width > width) return;
  ctx.fillStyle = colour;
  ctx.fillText(shown, left, top + (ROW - 3) * px / 2 + px);
}
