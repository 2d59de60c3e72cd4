// Circuits as trees, and the rules for them.
import type { Circuit, Store } from "../../store/store.ts";
import { loadPlaceOf } from "./load_place.ts";
import { phaseCount, VOLTS, wiredPhases } from "./phases.ts";

/** A charger beside the stored ones, or in place of one, while a change is checked. */
type Placed = Parameters<typeof loadPlaceOf>[0] & {
  charger_id: string;
  connectors: { connector_id: number }[];
};

/** Returns a circuit with those above it, itself first. Stops at an unknown name. */
export function chainOf(name: string | null, circuitOf: (name: string) => Circuit | undefined): Circuit[] {
  const chain: Circuit[] = [];
  for (let circuit = circuitOf(name ?? ""); circuit; circuit = circuitOf(circuit.parent ?? "")) {
    if (chain.includes(circuit)) break;
    chain.push(circuit);
  }
  return chain;
}

/** Returns true if a circuit under a parent would be its own ancestor. */
export function makesCircle(
  name: string,
  parent: string | null,
  circuitOf: (name: string) => Circuit | undefined,
): boolean {
  return chainOf(parent, circuitOf).some((above) => above.name === name);
}

/** Returns the connectors of a charger; one that has not reported any has one. */
export function connectorIdsOf(charger: { connectors: { connector_id: number }[] }): number[] {
  const ids = charger.connectors.map(({ connector_id }) => connector_id).filter((id) => id > 0);
  return ids.length > 0 ? ids : [1];
}

/** The load that chargers may be without the gateway, where it is more than a circuit allows. */
export interface FailsafeExcess {
  circuit: string;
  chargers: number;
  /** A on the fullest phase, or W. */
  sum: number;
  limit: number;
  unit: "A" | "W";
}

/**
 * Returns the first circuit whose limit the fail-safe limits of its chargers exceed by themselves. `changed` stands in
 * place of a stored circuit or charger.
 */
export function failsafeExcess(
  { circuits, chargers }: Pick<Store, "circuits" | "chargers">,
  changed: { circuit?: Circuit; charger?: Placed } = {},
): FailsafeExcess | undefined {
  const circuitOf = (name: string) => changed.circuit?.name === name ? changed.circuit : circuits.get(name);
  const sums = new Map<string, Sum>();
  const others = [...chargers.values()].filter(({ charger_id }) =>
    charger_id !== changed.charger?.charger_id
  );
  for (const charger of [...others, ...changed.charger ? [changed.charger] : []]) {
    addFailsafe(charger, { sums, circuitOf });
  }
  for (const [name, sum] of sums) {
    const excess = excessOf(circuitOf(name)!, sum);
    if (excess) return excess;
  }
}

interface Sum {
  chargers: number;
  amperes: number[];
  watts: number;
}

function addFailsafe(
  charger: Placed,
  { sums, circuitOf }: { sums: Map<string, Sum>; circuitOf: (name: string) => Circuit | undefined },
): void {
  const place = loadPlaceOf(charger);
  const amperes = place.failsafe_current_a * connectorIdsOf(charger).length;
  const bits = wiredPhases(place.phases, place.phase_rotation);
  for (const { name } of chainOf(place.circuit, circuitOf)) {
    const sum = sums.get(name) ?? { chargers: 0, amperes: [0, 0, 0], watts: 0 };
    sum.chargers++;
    sum.amperes = sum.amperes.map((before, phase) => bits >> phase & 1 ? before + amperes : before);
    sum.watts += amperes * VOLTS * Math.min(place.phases, phaseCount(bits));
    sums.set(name, sum);
  }
}

function excessOf(circuit: Circuit, { chargers, amperes, watts }: Sum): FailsafeExcess | undefined {
  if (!circuit.enabled) return;
  const { name, max_current_a, max_power_w } = circuit;
  const most = Math.max(...amperes);
  if (max_current_a !== null && most > max_current_a + 1e-6) {
    return { circuit: name, chargers, sum: most, limit: max_current_a, unit: "A" };
  }
  if (max_power_w !== null && watts > max_power_w + 1e-6) {
    return { circuit: name, chargers, sum: watts, limit: max_power_w, unit: "W" };
  }
}
