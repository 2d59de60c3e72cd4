// The steps of a commissioning in their order: one list for all chargers.
import type { Commissioning } from "../../store/store.ts";
import { restoring } from "./restore.ts";
import type { Step } from "./step.ts";
import { CONNECTION } from "./steps/connection.ts";
import { AVAILABILITY, RESET, UNLOCK } from "./steps/control.ts";
import { FAILSAFE } from "./steps/failsafe.ts";
import { LINK_CUT } from "./steps/link.ts";
import { MEASUREMENTS } from "./steps/metering.ts";
import { BEGINNING, ENDING, LEAVING } from "./steps/session.ts";
import { TRIGGERS } from "./steps/triggers.ts";

/** Returns the steps of a commissioning; without a record they are for listing only. */
export function stepsOf(record?: () => Commissioning): Step[] {
  return [
    ...CONNECTION,
    ...TRIGGERS,
    ...BEGINNING,
    ...MEASUREMENTS,
    FAILSAFE,
    LINK_CUT,
    ...ENDING,
    UNLOCK,
    LEAVING,
    AVAILABILITY,
    RESET,
    restoring(
      record ?? (() => {
        throw new Error("There is no commissioning to restore from");
      }),
    ),
  ];
}

/** A step without its work. */
export type StepWords = Omit<Step, "run">;

/** The steps as data, for REST. */
export const STEPS: readonly StepWords[] = stepsOf().map(({ run: _run, ...words }) => words);

/** A step at a connector; 0 is the charger itself. */
export interface PlannedStep {
  step: Step;
  connector_id: number;
}

/** Returns the plan of a commissioning: the charger, each connector, the charger again. */
export function planOf(
  steps: Step[],
  { connectors, without }: Pick<Commissioning, "connectors" | "without">,
): PlannedStep[] {
  const chosen = steps.filter(({ id }) => !without.includes(id));
  const of = (phase: Step["phase"], connector_id: number) =>
    chosen.filter((step) => step.phase === phase).map((step) => ({ step, connector_id }));
  return [...of("begin", 0), ...connectors.flatMap((id) => of("connector", id)), ...of("end", 0)];
}
