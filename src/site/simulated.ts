// Simulated or real: a fact of each session, set when it starts from how its charger identified itself at the handshake.
import type { Charger, Store } from "../store/store.ts";

/**
 * The identification of a simulator at its handshake: `proved` by the key of this process, which only the site's own
 * simulators have; `claimed`, as anybody can; or none.
 */
export type SimulatorClaim = "proved" | "claimed" | "none";

/** The header by which simulators identify themselves; its value is the key of the gateway's process, or any other text. */
export const SIMULATOR_HEADER = "x-ocpp-simulator";

/** A charger's record as far as it decides on a claim. */
type Claimant = Pick<Charger, "simulated" | "marked_simulated" | "adopted">;

/**
 * Returns true if the sessions of a connection are simulated. A claim holds for a charger that is new, that nobody has
 * adopted, or that is simulated already: a charger of the site cannot take its energy off the bill by a header.
 */
export function isSimulatedConnection(claim: SimulatorClaim, charger: Claimant | undefined): boolean {
  if (claim === "proved" || charger?.marked_simulated) return true;
  return claim === "claimed" && (charger === undefined || charger.simulated || charger.adopted === false);
}

/**
 * Returns `simulated` of a charger's record after a connection. An operator's mark stays. Otherwise a real device makes
 * the record real; a simulator makes it simulated only where nobody has adopted it.
 */
export function simulatedAfter(claim: SimulatorClaim, charger: Claimant): boolean {
  if (charger.marked_simulated) return true;
  return claim !== "none" && (charger.simulated || charger.adopted === false);
}

/**
 * Returns which records a question is about: true: simulated ones, false: real ones, undefined: all. `asked` is what the
 * person says; who says nothing gets the real ones, or all where the site has no real charger.
 */
export function simulatedFilter(asked: boolean | undefined, { chargers }: Store): boolean | undefined {
  if (asked !== undefined) return asked;
  for (const { simulated } of chargers.values()) if (!simulated) return false;
  return undefined;
}
