// How much there is to draw once every reference in an SVG is followed: few bytes can be billions of shapes.
import { HttpError } from "../http_error.ts";
import type { Reference } from "./svg_css.ts";

const MAX_DRAWN = 2_000_000;
const MAX_CHAIN = 200;
/** What the elements inside take from the one around them. */
const INHERITED = /^(fill|stroke|marker)/;

/** A part of the picture that can be referred to: its elements, and what they refer to, how many times. */
export class Part {
  elements = 0;
  readonly ids: [id: string, times: number][] = [];
  readonly classes: [name: string, times: number][] = [];

  /** Notes references of an element that has so many elements inside, itself among them. */
  refer(references: readonly Reference[], inside: number): void {
    for (const [property, id] of references) this.ids.push([id, INHERITED.test(property) ? inside : 1]);
  }
}

/** Throws HttpError 400 where a picture's parts refer to each other in a circle, or come to too many elements. */
export function checkWeight(
  root: Part,
  parts: ReadonlyMap<string, Part>,
  classes: ReadonlyMap<string, readonly Reference[]>,
): void {
  const known = new Map<Part, number>();
  const weigh = (part: Part, chain: number): number => {
    const before = known.get(part);
    if (before !== undefined && before >= 0) return before;
    if (before !== undefined || chain > MAX_CHAIN) {
      throw new HttpError(400, "The SVG refers to itself, or too deep");
    }
    known.set(part, -1);
    for (const [name, times] of part.classes) part.refer(classes.get(name) ?? [], times);
    let weight = part.elements;
    for (const [id, times] of part.ids) {
      const target = parts.get(id);
      if (target) weight += times * weigh(target, chain + 1);
    }
    if (weight > MAX_DRAWN) throw new HttpError(400, `The SVG draws more than ${MAX_DRAWN} elements`);
    known.set(part, weight);
    return weight;
  };
  weigh(root, 0);
}
