// Limits that a test has set.
import { CallFailed, OcppError } from "../../../ocpp/error.ts";
import type { StepContext } from "../step_context.ts";

/** Clears a limit; one that cannot be cleared now is tried again at the end. */
export async function clearProfile(context: StepContext, id: number): Promise<void> {
  try {
    await context.port.clearLimits(id);
  } catch (error) {
    if (error instanceof OcppError || error instanceof CallFailed) return;
    throw error;
  }
  const { before, keep } = context.deps;
  before.profiles = before.profiles.filter((each) => each !== id);
  await keep();
}
