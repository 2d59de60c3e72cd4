// The steps of a commissioning: their texts, and the outcome of one.
import { allTexts, type Text } from "../../i18n/messages.ts";
import { COMMISSIONING_STEPS } from "../../i18n/services/commissioning_steps.ts";
import type { CommissioningResult } from "../../store/store.ts";
import type { StepContext } from "./step_context.ts";

/** The outcome of a step. */
export type Outcome = Pick<CommissioningResult, "result" | "reason" | "figures">;

/** A step: its texts for people, and `run`, which does it. */
export interface Step {
  id: string;
  /** Done once at the beginning or the end, or at each connector. */
  phase: "begin" | "connector" | "end";
  name: Text;
  does: Text;
  judged: Text;
  /** Advice for when it fails. */
  hint: Text;
  /** True where the installer has to do something. */
  guided?: true;
  /** Steps of the same connector that must have passed. */
  needs?: string[];
  /** True where it needs the session that `remote_start` has begun. */
  in_session?: true;
  run(context: StepContext): Promise<Outcome>;
}

/** Returns a message of the steps in each language. */
export const text = allTexts(COMMISSIONING_STEPS);

type Figures = Record<string, number | string | null | undefined>;

/** Makes the outcome of a step that passed; unknown figures are left out. */
export function pass(reason: Text, figures: Figures = {}): Outcome {
  return { result: "pass", reason, figures: known(figures) };
}

/** Makes the outcome of a step that did what was asked, with something that people should know. */
export function observe(reason: Text, figures: Figures = {}): Outcome {
  return { result: "observation", reason, figures: known(figures) };
}

/** Makes the outcome of a step that failed. */
export function fail(reason: Text, figures: Figures = {}): Outcome {
  return { result: "fail", reason, figures: known(figures) };
}

/** Makes the outcome of a step that does not apply. */
export function skip(reason: Text, figures: Figures = {}): Outcome {
  return { result: "skip", reason, figures: known(figures) };
}

function known(figures: Figures): Outcome["figures"] {
  const entries = Object.entries(figures).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as Outcome["figures"];
}

/** Rounds to two decimals. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
