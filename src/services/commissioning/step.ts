// What a step of a commissioning is, and what it can come to.
import { allTexts, type Text } from "../../i18n/messages.ts";
import { COMMISSIONING_STEPS } from "../../i18n/services/commissioning_steps.ts";
import type { CommissioningResult } from "../../store/store.ts";
import type { StepContext } from "./step_context.ts";

/** What a step has found. */
export type Outcome = Pick<CommissioningResult, "result" | "reason" | "figures">;

/** A step: what it does and how it is judged is told in words, done by `run`. */
export interface Step {
  id: string;
  /** Of the charger at the beginning or the end, or of each connector. */
  phase: "begin" | "connector" | "end";
  name: Text;
  does: Text;
  judged: Text;
  /** What to do when it fails. */
  hint: Text;
  /** Whether the installer has to do something. */
  guided?: true;
  /** Steps of the same connector that must have passed. */
  needs?: string[];
  /** Whether it goes on in the session that `remote_start` has begun. */
  in_session?: true;
  run(bench: StepContext): Promise<Outcome>;
}

/** Returns a message of the steps in each language. */
export const text = allTexts(COMMISSIONING_STEPS);

type Figures = Record<string, number | string | null | undefined>;

export function pass(reason: Text, figures: Figures = {}): Outcome {
  return { result: "pass", reason, figures: known(figures) };
}

export function fail(reason: Text, figures: Figures = {}): Outcome {
  return { result: "fail", reason, figures: known(figures) };
}

export function skip(reason: Text, figures: Figures = {}): Outcome {
  return { result: "skip", reason, figures: known(figures) };
}

function known(figures: Figures): Outcome["figures"] {
  const entries = Object.entries(figures).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as Outcome["figures"];
}

/** A number with two decimals at most. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
