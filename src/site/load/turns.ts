// The order in which cars are served, and its rotation.
import type { Moment } from "./moment.ts";
import type { ManagedConnector } from "./managed_connector.ts";

/**
 * Returns the connectors with cars in the order in which they are admitted: by priority where that is the policy; those
 * that have just begun to charge keep their place; then who came first. Cars that want nothing come last.
 */
export function queueOf(connectors: readonly ManagedConnector[], moment: Moment): ManagedConnector[] {
  const candidates = connectors.filter((connector) => connector.is_candidate);
  rotate(candidates, moment);
  const rankOf = new Map(candidates.map((connector) => [connector, ranks(connector, moment)]));
  return candidates.sort((a, b) => {
    const [x, y] = [rankOf.get(a)!, rankOf.get(b)!];
    for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return x[i]! - y[i]!;
    return a.id < b.id ? -1 : 1;
  });
}

function ranks(connector: ManagedConnector, { now, constraints, times }: Moment): number[] {
  const { facts, running_since, queued_at } = connector;
  const by_priority = constraints.root(facts.circuit)?.policy === "priority";
  const is_new = running_since !== null && now - running_since < times.dwell_s * 1000;
  return [facts.sleeping ? 1 : 0, by_priority ? -facts.priority : 0, is_new ? 0 : 1, queued_at];
}

/** Cars that have charged for the rotation time go to the end of the queue where others wait. */
function rotate(candidates: readonly ManagedConnector[], { now, constraints, times }: Moment): void {
  const waiting = new Set(
    candidates.filter(({ running_since, facts }) => running_since === null && !facts.sleeping)
      .map(({ facts }) => constraints.root(facts.circuit)),
  );
  for (const connector of candidates) {
    const { running_since, facts, queued_at } = connector;
    if (running_since === null || !waiting.has(constraints.root(facts.circuit))) continue;
    const since = Math.max(running_since, queued_at);
    if (now - since >= times.rotation_s * 1000) connector.queued_at = now;
  }
}
