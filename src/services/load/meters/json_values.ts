// Values in a JSON document, by JSON pointers (RFC 6901).
import type { JsonValues } from "../../../site/load/feed_meter.ts";
import { type FeedValues, feedValues } from "./phase_values.ts";

/** Returns the flow in a JSON text. Throws Error if a value is missing or is no number. */
export function currentsIn(
  text: string,
  { current_a, power_w, power_scale = 1, inverted }: JsonValues,
): FeedValues {
  const document = parsed(text);
  const numbers = (pointers: string[]) => pointers.map((pointer) => numberAt(document, pointer));
  return feedValues({
    ...current_a ? { current_a: numbers(current_a) } : {},
    ...power_w ? { power_w: numbers(power_w).map((power) => power * power_scale) } : {},
    ...inverted === undefined ? {} : { inverted },
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("What the meter sent is not JSON");
  }
}

function numberAt(document: unknown, pointer: string): number {
  let value = document;
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    const holds = typeof value === "object" && value !== null && Object.hasOwn(value, name);
    value = holds ? (value as Record<string, unknown>)[name] : undefined;
  }
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) {
    throw new Error(`There is no number at ${pointer || "the root"}`);
  }
  return number;
}
