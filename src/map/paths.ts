// Conversion of geometry to the data of SVG paths: whole numbers, relative to the previous point.
import { MapError } from "./map_error.ts";
import type { Geometry } from "./vector_tile.ts";

/** Side of a tile in the units of the picture, eighths of a pixel. */
export const SIDE = 4096;
const MARGIN = 320; // half the widest road reaches in from outside
const MIN_STEP = 3; // less cannot be seen
const MAX_CHARACTERS = 4_000_000;

/** Path data by class. */
export class Paths<C extends string> {
  readonly #data = new Map<C, string[]>();
  #characters = 0;

  /** Adds rings; their direction distinguishes outer from inner ones. Throws MapError. */
  area(name: C, { points, ends }: Geometry): void {
    let start = 0;
    for (const end of ends) {
      if (end - start >= 6 && isNear(points, start, end)) this.#add(name, ring(points, start, end));
      start = end;
    }
  }

  /** Adds the visible parts of lines. Throws MapError. */
  line(name: C, { points, ends }: Geometry): void {
    let start = 0;
    for (const end of ends) {
      if (end - start >= 4 && isNear(points, start, end)) this.#add(name, strokes(points, start, end));
      start = end;
    }
  }

  get(name: C): string {
    return this.#data.get(name)?.join("") ?? "";
  }

  #add(name: C, data: string): void {
    this.#characters += data.length;
    if (this.#characters > MAX_CHARACTERS) throw new MapError("has a tile with too much in it");
    const known = this.#data.get(name);
    if (known) known.push(data);
    else this.#data.set(name, [data]);
  }
}

/** Returns true if a part of a line may be in the picture. */
function isNear(points: readonly number[], start: number, end: number): boolean {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = start; at < end; at += 2) {
    west = Math.min(west, points[at]!);
    east = Math.max(east, points[at]!);
    north = Math.min(north, points[at + 1]!);
    south = Math.max(south, points[at + 1]!);
  }
  return west < SIDE + MARGIN && east > -MARGIN && north < SIDE + MARGIN && south > -MARGIN;
}

function ring(points: readonly number[], start: number, end: number): string {
  let [x, y] = [points[start]!, points[start + 1]!];
  const begin = `M${x} ${y}l`;
  const steps: number[] = [];
  for (let at = start + 2; at < end; at += 2) {
    const [dx, dy] = [points[at]! - x, points[at + 1]! - y];
    if (Math.abs(dx) + Math.abs(dy) < MIN_STEP) continue;
    steps.push(dx, dy);
    x += dx;
    y += dy;
  }
  return steps.length > 2 ? `${begin}${steps.join(" ")}z` : "";
}

/** Removes the parts of a line that are far outside the picture. */
function strokes(points: readonly number[], start: number, end: number): string {
  let data = "";
  let [x, y] = [points[start]!, points[start + 1]!];
  let drawn = false;
  for (let at = start + 2; at < end; at += 2) {
    const [dx, dy] = [points[at]! - x, points[at + 1]! - y];
    if (Math.abs(dx) + Math.abs(dy) < MIN_STEP && at < end - 2) continue;
    const far = sideOf(x, y) & sideOf(x + dx, y + dy);
    if (!far) data += drawn ? ` ${dx} ${dy}` : `M${x} ${y}l${dx} ${dy}`;
    drawn = !far;
    x += dx;
    y += dy;
  }
  return data;
}

/** Returns the sides of the picture beyond which a point lies, as bits. */
function sideOf(x: number, y: number): number {
  return (x < -MARGIN ? 1 : 0) | (x > SIDE + MARGIN ? 2 : 0) | (y < -MARGIN ? 4 : 0) |
    (y > SIDE + MARGIN ? 8 : 0);
}
