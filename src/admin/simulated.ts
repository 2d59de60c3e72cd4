// Simulated or real: only what is real is shown and summed, unless the site has no real charger or the person says otherwise.
import { computed, signal } from "@preact/signals";
import { allChargers } from "./live.ts";

/** True while the person wants to see simulated chargers and sessions, too. */
export const with_simulated = signal(false);

/** The kinds of chargers that the site has. */
export const kinds = computed(() => ({
  real: allChargers().some(({ simulated }) => !simulated),
  simulated: allChargers().some(({ simulated }) => simulated),
}));

/** Returns true if only what is real is shown and summed. */
export function onlyReal(): boolean {
  return kinds.value.real && !with_simulated.value;
}

/** Returns those chargers or sessions that are shown and summed. */
export function counted<T extends { simulated: boolean }>(all: readonly T[]): T[] {
  const only_real = onlyReal();
  return all.filter(({ simulated }) => !only_real || !simulated);
}

/** Returns the same choice as a part of a query. */
export function simulatedQuery(): { simulated?: "false" } {
  return onlyReal() ? { simulated: "false" } : {};
}

/** Returns the same choice as a part of a query for sums, which leave out what is simulated unless they are told. */
export function simulatedSums(): { simulated: "false" | "all" } {
  return { simulated: onlyReal() ? "false" : "all" };
}
