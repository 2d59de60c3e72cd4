// The simulated chargers, which are marked everywhere and left out of totals.
import { effect, signal } from "@preact/signals";
import { getAll, session } from "./api.ts";
import type { Simulator } from "./types.ts";

/** The ids of simulated chargers. */
export const simulated = signal<ReadonlySet<string>>(new Set());

/** Loads the ids. */
export async function findSimulated(): Promise<Simulator[]> {
  const found = await getAll("/ocpp/simulators/");
  const here = found.filter(({ host }) =>
    /^(localhost|127\.|::1|\[::1\])/.test(host) || host === location.hostname
  );
  const ids = here.map(({ charger_id }) => charger_id);
  if (ids.some((id) => !simulated.value.has(id)) || ids.length !== simulated.value.size) {
    simulated.value = new Set(ids);
  }
  return found;
}

effect(() => {
  if (session.value) void findSimulated().catch(() => {});
});
