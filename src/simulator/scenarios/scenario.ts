// Scenarios: scripts for a simulated charger, as JSON that people can write.
import { Type } from "../../ocpp/schema_builder.ts";
import { isRecord } from "../../ocpp/frame.ts";
import { type Checker, checkerOf, sentenceOf } from "../../ocpp/schema.ts";
import { BadConfig, settingsOf, type SimulatorConfig } from "../config.ts";
import { JsonFault, readLined } from "./json_lines.ts";
import { type Step, type VerbName, verbOf, VERBS } from "./verbs.ts";

/** A scenario: the options of a simulator, and the steps to run with it. */
export interface Scenario {
  name: string;
  /** Summary in one sentence. */
  about: string;
  options: SimulatorConfig;
  steps: Step[];
}

/** An invalid scenario; the message names file and line. */
export class BadScenario extends Error {
  override readonly name = "BadScenario";
}

const outline = checkerOf(Type.Object({
  name: Type.String({ minLength: 1 }),
  about: Type.Optional(Type.String()),
  options: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  steps: Type.Array(Type.Unknown(), { minItems: 1 }),
}, { additionalProperties: false }));

const checkers = new Map<VerbName, Checker>();

function checkerOfVerb(verb: VerbName): Checker {
  const checker = checkers.get(verb) ?? checkerOf(VERBS[verb]);
  checkers.set(verb, checker);
  return checker;
}

/** Parses a scenario. Throws BadScenario such as `late.json:12: wait must be number`. */
export function readScenario(text: string, file = "scenario"): Scenario {
  try {
    const { value, lines } = readLined(text);
    return checkScenario(
      value,
      (path, message) => new BadScenario(`${file}:${lineAt(lines, path)}: ${message}`),
    );
  } catch (error) {
    if (error instanceof JsonFault) throw new BadScenario(`${file}:${error.line}: ${error.message}`);
    throw error;
  }
}

/** Checks a parsed scenario. Throws the error that `fault` makes of a JSON pointer and a sentence. */
export function checkScenario(
  value: unknown,
  fault: (path: string, message: string) => Error = (path, message) =>
    new BadScenario(`${path || "/"}: ${message}`),
): Scenario {
  const violation = outline.violations(value)[0];
  if (violation) throw fault(violation.path, sentenceOf(violation));
  const { name, about = "", options = {}, steps } = value as Scenario;
  try {
    settingsOf(options);
  } catch (error) {
    if (!(error instanceof BadConfig)) throw error;
    throw fault("/options", error.message);
  }
  checkSteps(steps, "/steps", fault);
  return { name, about, options, steps };
}

function checkSteps(
  steps: readonly unknown[],
  path: string,
  fault: (path: string, message: string) => Error,
): void {
  steps.forEach((step, index) => {
    const at = `${path}/${index}`;
    if (!isRecord(step)) throw fault(at, "a step must be an object");
    const verb = verbOf(step);
    if (!verb) {
      throw fault(
        at,
        `a step needs one verb, not ${Object.keys(step).join(", ") || "none"}; verbs: ${
          Object.keys(VERBS).join(", ")
        }`,
      );
    }
    const violation = checkerOfVerb(verb).violations(step)[0];
    if (violation) throw fault(at + violation.path, sentenceOf(violation));
    if (verb === "repeat") checkSteps((step as { steps: unknown[] }).steps, `${at}/steps`, fault);
  });
}

/** Returns the line of a value, or of the nearest value around it. */
function lineAt(lines: Map<string, number>, path: string): number {
  for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const line = lines.get(at);
    if (line !== undefined) return line;
  }
  return 1;
}
