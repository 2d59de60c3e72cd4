// Placement of names on a tile: each stays within its tile and does not overlap others.
import { SIDE } from "./paths.ts";
import type { Geometry } from "./vector_tile.ts";

/** A name to place. */
interface Wish {
  text: string;
  /** Priority: the higher is placed first. */
  weight: number;
  /** Font size. */
  size: number;
  bold: boolean;
  street: boolean;
  x: number;
  y: number;
  /** Degrees. */
  angle: number;
}

const PIXEL = 8;
const MAX_WISHES = 1_000;
const MAX_LABELS = 150;
const MAX_CHARACTERS = 50;
const EDGE = 2 * PIXEL;
const BEND = 0.3; // radians that a street may turn below its name
const GAP = 1.3; // lines of text

/** Collects names, then places them. */
export class Labels {
  readonly #wishes: Wish[] = [];
  readonly #streets = new Map<string, { wish: Wish; length: number }>();

  /** Adds a name at a point; it is moved away from the tile's edge. */
  point(
    name: string,
    [x, y]: [number, number],
    { size, weight, bold }: { size: number; weight: number; bold: boolean },
  ): void {
    const text = name.slice(0, MAX_CHARACTERS);
    const half = widthOf(text, size * PIXEL, bold) / 2 + EDGE;
    const tall = size * PIXEL / 2 + EDGE;
    if (!isInside(x, y) || half * 2 > SIDE || this.#wishes.length >= MAX_WISHES) return;
    const at = { x: clamp(x, half), y: clamp(y, tall) };
    this.#wishes.push({ text, weight, size: size * PIXEL, bold, street: false, ...at, angle: 0 });
  }

  /** Adds a name along a street, at its longest straight part, once per tile. */
  street(name: string, geometry: Geometry, { size, weight }: { size: number; weight: number }): void {
    const text = name.slice(0, MAX_CHARACTERS);
    const wanted = widthOf(text, size * PIXEL) + 2 * EDGE;
    const known = this.#streets.get(text);
    const run = longestRun(geometry, Math.max(wanted, known?.length ?? 0));
    if (!run || (!known && this.#streets.size >= MAX_WISHES)) return;
    const wish = { text, weight, size: size * PIXEL, bold: false, street: true, ...run };
    this.#streets.set(text, { wish, length: run.length });
  }

  /** Returns the placed names as SVG. */
  svg(colours: { text: string; street_text: string; halo: string }): string {
    const wishes = [...this.#wishes, ...[...this.#streets.values()].map(({ wish }) => wish)]
      .sort((a, b) => b.weight - a.weight);
    const taken: [x: number, y: number, room: number][] = [];
    let svg = "";
    for (const wish of wishes) {
      const room = roomOf(wish);
      if (room.some((one) => taken.some((other) => overlap(one, other)))) continue;
      taken.push(...room);
      svg += textOf(wish, colours.street_text);
      if (taken.length > MAX_LABELS * 8) break;
    }
    if (!svg) return "";
    return `<g font-family="system-ui,sans-serif" text-anchor="middle" fill="${colours.text}" stroke="${colours.halo}" ` +
      `stroke-width="${3 * PIXEL}" stroke-linejoin="round" paint-order="stroke">${svg}</g>`;
  }
}

/** Escapes text for XML and removes the characters that XML forbids. */
export function escaped(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x1f\x7f\ufffe\uffff]|\p{Surrogate}/gu, "")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Returns a street's longest straight part inside the tile, if it is at least `wanted` long. */
function longestRun({ points, ends }: Geometry, wanted: number) {
  let best: { x: number; y: number; angle: number; length: number } | null = null;
  let least = wanted;
  let start = 0;
  for (const end of ends) {
    for (const [from, to] of runs(points, start, end)) {
      const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
      const length = Math.hypot(dx, dy);
      if (length < least) continue;
      least = length;
      const angle = Math.atan(dy / (dx || 1e-9)) * 180 / Math.PI; // never upside down
      best = { x: (from[0] + to[0]) / 2, y: (from[1] + to[1]) / 2, angle, length };
    }
    start = end;
  }
  return best;
}

type Point = [x: number, y: number];

/** Returns the straight parts of a line, clipped to the tile. */
function* runs(points: readonly number[], start: number, end: number): Generator<[Point, Point]> {
  let run: { from: Point; to: Point; direction: number } | null = null;
  for (let at = start + 2; at < end; at += 2) {
    const cut = inside(points[at - 2]!, points[at - 1]!, points[at]!, points[at + 1]!);
    if (!cut) continue;
    const [from, to] = cut;
    const direction = Math.atan2(to[1] - from[1], to[0] - from[0]);
    const goes_on = run && run.to[0] === from[0] && run.to[1] === from[1] &&
      Math.abs(Math.sin((direction - run.direction) / 2)) < Math.sin(BEND / 2);
    if (run && goes_on) run.to = to;
    else {
      if (run) yield [run.from, run.to];
      run = { from, to, direction };
    }
  }
  if (run) yield [run.from, run.to];
}

/** Returns the part of a segment inside the tile (Liang and Barsky). */
function inside(x0: number, y0: number, x1: number, y1: number): [Point, Point] | null {
  let [from, to] = [0, 1];
  const [dx, dy] = [x1 - x0, y1 - y0];
  const edges = [[-dx, x0 - EDGE], [dx, SIDE - EDGE - x0], [-dy, y0 - EDGE], [dy, SIDE - EDGE - y0]] as const;
  for (const [step, room] of edges) {
    if (step === 0 && room < 0) return null;
    if (step < 0) from = Math.max(from, room / step);
    if (step > 0) to = Math.min(to, room / step);
  }
  return from < to ? [[x0 + from * dx, y0 + from * dy], [x0 + to * dx, y0 + to * dy]] : null;
}

/** Returns the circles that a name covers. */
function roomOf({ text, size, bold, x, y, angle }: Wish): [x: number, y: number, room: number][] {
  const width = widthOf(text, size, bold);
  const count = Math.max(1, Math.ceil(width / size));
  const [cos, sin] = [Math.cos(angle * Math.PI / 180), Math.sin(angle * Math.PI / 180)];
  return Array.from({ length: count }, (_, index) => {
    const along = ((index + 0.5) / count - 0.5) * width;
    return [x + along * cos, y + along * sin, size * GAP / 2];
  });
}

function overlap(one: [number, number, number], other: [number, number, number]): boolean {
  return Math.hypot(one[0] - other[0], one[1] - other[1]) < one[2] + other[2];
}

function textOf({ text, size, bold, street, x, y, angle }: Wish, street_text: string): string {
  const [px, py] = [Math.round(x), Math.round(y)];
  const turn = street ? ` transform="rotate(${angle.toFixed(1)} ${px} ${py})" fill="${street_text}"` : "";
  const weight = bold ? ` font-weight="600"` : "";
  return `<text x="${px}" y="${py}" dy=".35em" font-size="${Math.round(size)}"${weight}${turn}>${
    escaped(text)
  }</text>`;
}

/** Estimates the width of a text: the server has no fonts, and a browser's may be wide. */
function widthOf(text: string, size: number, bold = false): number {
  let ems = 0;
  for (const character of text) ems += character > "\u2e7f" ? 1 : /[A-ZMWmw@]/.test(character) ? 0.76 : 0.58;
  return ems * size * (bold ? 1.1 : 1);
}

function isInside(x: number, y: number): boolean {
  return x >= 0 && y >= 0 && x < SIDE && y < SIDE;
}

function clamp(value: number, margin: number): number {
  return Math.max(margin, Math.min(SIDE - margin, value));
}
