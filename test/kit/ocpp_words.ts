// OCPP's enumerated words, as the schemas of the messages have them.
import { FROM_CHARGER } from "../../src/v16/from_charger.ts";
import { FROM_GATEWAY } from "../../src/v16/from_gateway.ts";

/** Returns the words that no language has: two capitals or more, such as `SuspendedEV` and `GroundFailure`. */
export function ocppWords(): string[] {
  const found = new Set<string>(["NoError"]);
  for (const { request, response } of [...Object.values(FROM_CHARGER), ...Object.values(FROM_GATEWAY)]) {
    collect(request, found);
    collect(response, found);
  }
  return [...found].filter((word) => /^[A-Z]\w*[a-z][A-Z]\w*$/.test(word)).sort();
}

function collect(schema: unknown, found: Set<string>): void {
  if (typeof schema !== "object" || schema === null) return;
  const { enum: words, const: word } = schema as { enum?: unknown; const?: unknown };
  for (const one of [word, ...Array.isArray(words) ? words : []]) if (typeof one === "string") found.add(one);
  for (const part of Object.values(schema)) collect(part, found);
}
