// Runs a scenario with a simulator.
import type { ChargePointSimulator } from "../charge_point_simulator.ts";
import type { Scenario } from "./scenario.ts";
import { StepContext, WAIT_LIMIT } from "./step_context.ts";
import { STEPS } from "./steps.ts";
import { type Step, type StepOf, verbOf } from "./verbs.ts";

/** The conditions of a run. */
export interface PlayOptions {
  /** Aborts the scenario: it resolves without an error. */
  signal?: AbortSignal;
  /** Called before each step. */
  onStep?: (step: Step) => void;
}

/** Runs a scenario with a simulator that has been started without autopilot. Rejects with StepFailed when a step fails. */
export async function playScenario(
  { steps }: Pick<Scenario, "steps">,
  simulator: ChargePointSimulator,
  { signal, onStep = () => {} }: PlayOptions = {},
): Promise<void> {
  const context = new StepContext(simulator, signal);
  try {
    await context.waitFor(() => simulator.charger.online, WAIT_LIMIT, "admission");
    await runSteps(steps, context, onStep);
  } finally {
    context.end();
  }
}

async function runSteps(
  steps: readonly Step[],
  context: StepContext,
  onStep: (step: Step) => void,
): Promise<void> {
  for (const step of steps) {
    if (context.signal?.aborted) return;
    onStep(step);
    const verb = verbOf(step)!;
    if (verb === "repeat") await repeatSteps(step as StepOf<"repeat">, context, onStep);
    else await (STEPS[verb] as (step: Step, context: StepContext) => void | Promise<void>)(step, context);
  }
}

async function repeatSteps(
  { repeat, steps }: StepOf<"repeat">,
  context: StepContext,
  onStep: (step: Step) => void,
): Promise<void> {
  for (let round = 0; round < repeat; round++) await runSteps(steps as Step[], context, onStep);
}
