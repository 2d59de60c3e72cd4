// Sessions with their holders' names, states, events and the present, behind and above the curves.
import type { ChartData, Frame, Look } from "./chart_data.ts";
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
export function drawLanes(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  { content: { data, now }, colour }: Look,
): void {
  const place = placeIn(frame);
  const above = frame.top - laneHeight(data);
  const tall = frame.bottom - frame.top;
  for (const session of data.sessions) {
    const [left, width] = place(session.from, session.to);
    if (width <= 0) continue;
    const tone = colour(TONES[session.row % TONES.length]!);
    ctx.fillStyle = faded(tone, 7);
    ctx.fillRect(left, frame.top, width, tall);
    const top = above - (session.row + 1) * ROW;
    ctx.fillStyle = faded(tone, 24);
    ctx.fillRect(left, top, Math.max(width, 2), ROW - 3);
    ctx.fillStyle = tone;
    ctx.fillRect(left, top, 2, ROW - 3);
    label(ctx, { text: session.label, left: left + 7, width: width - 10, top, colour: colour("--ink") });
  }
  for (const { from, to, tone } of data.states) {
    const [left, width] = place(from, to);
    ctx.fillStyle = faded(colour(`--${tone}`), tone === "red" ? 100 : 50);
    if (width > 0) ctx.fillRect(left, frame.top - LANE - GAP, Math.max(width, 1), LANE);
  }
  for (const { at, tone } of data.marks ?? []) {
    const [left, width] = place(at, at + 1);
    if (width > 0) diamond(ctx, [left, frame.top - LANE / 2 - GAP], colour(`--${tone}`), colour("--sheet"));
  }
  const [left, width] = place(now, now + 1);
  ctx.fillStyle = colour("--line-strong");
  if (width > 0 && data.series[0]?.kind !== "bars") ctx.fillRect(left, frame.top, 1, tall);
}

/** Draws an event in the middle of the lane of states. */
function diamond(
  ctx: CanvasRenderingContext2D,
  [left, middle]: [number, number],
  fill: string,
  edge: string,
): void {
  const size = 6;
  ctx.beginPath();
  for (const [x, y] of [[0, -size], [size, 0], [0, size], [-size, 0]] as const) {
    ctx.lineTo(left + x, middle + y);
  }
  ctx.closePath();
  ctx.fillStyle = fill;
  ctx.strokeStyle = edge;
  ctx.lineWidth = 2;
  ctx.fill();
  ctx.stroke();
}

/** Returns a function that places a span within the curves' room: its left edge and width. */
function placeIn({ x, left, right }: Frame): (from: number, to: number) => [left: number, width: number] {
  return (from, to) => {
    const begun = Math.max(x(from), left);
    return [begun, Math.min(x(to), right) - begun];
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
function label(ctx: CanvasRenderingContext2D, { text, left, width, top, colour }: Label): void {
  ctx.font = "11.5px Geist, sans-serif";
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  let shown = text;
  while (shown.length > 2 && ctx.measureText(shown).width > width) {
    shown = `${shown.replace(/…$/, "").slice(0, -1).trimEnd()}…`;
  }
  if (ctx.measureText(shown).width > width) return;
  ctx.fillStyle = colour;
  ctx.fillText(shown, left, top + (ROW - 3) / 2 + 1);
}
