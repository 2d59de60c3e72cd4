// Lenient parsing: a payload that violates its schema is repaired or tolerated if a rule of the protocol allows it. Valid
// payloads skip the rules.
import { codeOfKeyword, OcppError } from "./error.ts";
import { isDeeper, isRecord, MAX_DEPTH } from "./frame.ts";
import { type Checker, fieldOf, sentenceOf, type Violation } from "./schema.ts";

const MAX_ROUNDS = 10;

/** The payload to use, and the forgiven violations as sentences. */
export interface Lenient {
  payload: unknown;
  forgiven: string[];
}

/** A violation with the value that it concerns, the parent of the value and its name there. */
export interface Fault extends Violation {
  /** The OCPP name of the message. */
  action: string;
  /** The path of the field, such as `chargingSchedule.duration`. */
  field: string;
  value: unknown;
  parent: Record<string, unknown>;
  name: string;
}

/** The verdict of a rule. `mended`: it changed the payload, which is checked again. `tolerated`: the payload is used as it is. */
export type Verdict = "mended" | "tolerated" | undefined;

/** Judges one violation; undefined if the rule does not apply to it. */
export type LenientRule = (fault: Fault) => Verdict;

/** The message of a payload, with its checker and the rules. */
export interface Expected {
  /** The OCPP name of the message. */
  action: string;
  checker: Checker;
  rules: readonly LenientRule[];
}

/**
 * Checks a payload as received and forgives harmless violations. Returns the payload itself if it is valid, else a
 * mended copy. Throws OcppError with the code of the first violation that no rule forgives.
 */
export function readLeniently(payload: unknown, expected: Expected, max_depth = MAX_DEPTH): Lenient {
  if (expected.checker.check(payload)) return { payload, forgiven: [] };
  if (!isRecord(payload)) throw new OcppError("TypeConstraintViolation", "The payload must be an object");
  if (isDeeper(payload, max_depth)) {
    throw new OcppError("FormationViolation", `The payload is nested deeper than ${max_depth}`);
  }
  return mend(structuredClone(payload), expected);
}

function mend(payload: Record<string, unknown>, { action, checker, rules }: Expected): Lenient {
  const forgiven = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let mended = false;
    for (const violation of checker.violations(payload)) {
      const verdict = judge(faultOf(violation, action, payload), rules);
      if (!verdict) throw new OcppError(codeOfKeyword(violation.keyword), sentenceOf(violation));
      forgiven.add(sentenceOf(violation));
      mended ||= verdict === "mended";
    }
    if (!mended) return { payload, forgiven: [...forgiven] };
  }
  throw new OcppError("FormationViolation", "The payload does not match the schema");
}

function faultOf(violation: Violation, action: string, payload: Record<string, unknown>): Fault {
  const path = violation.path.split("/").slice(1).map((part) =>
    part.replaceAll("~1", "/").replaceAll("~0", "~")
  );
  const name = path.pop() ?? "";
  let parent: unknown = payload;
  for (const part of path) parent = (parent as Record<string, unknown>)[part];
  const value = name === "" ? payload : (parent as Record<string, unknown>)[name];
  return {
    ...violation,
    action,
    field: fieldOf(violation),
    value,
    parent: parent as Record<string, unknown>,
    name,
  };
}

function judge(fault: Fault, rules: readonly LenientRule[]): Verdict {
  for (const rule of rules) {
    const verdict = rule(fault);
    if (verdict) return verdict;
  }
}
