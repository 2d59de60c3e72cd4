// The scenario that a simulator's record names.
import type { Scenario } from "../../simulator/scenarios/scenario.ts";
import type { Simulator } from "../../store/store.ts";

/** Resolves with the ready or recorded scenario of a record; undefined for none. Rejects with BadScenario. */
export async function scenarioOf({ name, scenario, recorded }: Simulator): Promise<Scenario | undefined> {
  if (scenario === "recorded") {
    const { replayOf } = await import("../../simulator/scenarios/clone.ts");
    return replayOf(
      name,
      recorded.map(({ at, direction, text }) => ({ at, direction, message: parsed(text) })),
    );
  }
  if (!scenario) return undefined;
  const { scenarioNamed } = await import("../../simulator/scenarios/library.ts");
  return scenarioNamed(scenario);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
