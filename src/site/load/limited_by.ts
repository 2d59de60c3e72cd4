// The limits besides a circuit's own that hold cars down, as the reason of their shares.
import { HARD, PER_CIRCUIT } from "./constraints.ts";
import type { SupplyLimit } from "./feed_reading.ts";
import type { ManagedConnector } from "./managed_connector.ts";
import type { Moment } from "./moment.ts";
import { endOfLimit } from "./supply.ts";

/** The room left after sharing, and the limits of circuits besides their own. */
export interface Shared extends Pick<Moment, "now" | "wall" | "constraints"> {
  room: Float64Array;
  limitsOf(circuit: string): readonly SupplyLimit[];
}

const USED_UP_A = 0.1;

/** Names the limit besides a circuit's own that holds cars down which share or wait: in place of the others at the fuse. */
export function explain(queue: readonly ManagedConnector[], shared: Shared): void {
  for (const connector of queue) {
    if (connector.reason !== "shares" && connector.reason !== "waits") continue;
    const found = limitOn(connector, shared);
    if (!found) continue;
    const { kind, source } = found.limit;
    const end = endOfLimit(found.limit, shared);
    connector.explain(kind === "schedule" && end === null ? "schedule_always" : kind, {
      circuit: found.circuit,
      source,
      until: end === null ? null : new Date(end).toISOString(),
    });
  }
}

function limitOn(connector: ManagedConnector, { room, constraints, limitsOf }: Shared) {
  const { facts: { circuit, min_a }, goal_a, reason, floor_a } = connector;
  const missing = reason === "waits" ? Math.max(USED_UP_A, min_a - Math.max(goal_a, floor_a)) : USED_UP_A;
  const { at, by } = connector.hardUses(constraints);
  for (const number of constraints.chain(circuit)) {
    const { name, max_current_a, max_power_w } = constraints.circuits[number]!;
    const isUsedUp = (first: number, behind: number) =>
      at.some((constraint, index) =>
        constraint >= number * PER_CIRCUIT + first && constraint < number * PER_CIRCUIT + behind &&
        room[constraint]! / by[index]! < missing
      );
    const limits = limitsOf(name);
    if (limits.length === 0) continue;
    const limit = isUsedUp(0, HARD - 1) && least(limits, "limit_a", max_current_a) ||
      isUsedUp(HARD - 1, HARD) && least(limits, "limit_w", max_power_w);
    if (limit) return { circuit: name, limit };
  }
}

/** Returns the lowest limit that is below the circuit's own; undefined: its own is the lowest. */
function least(limits: readonly SupplyLimit[], field: "limit_a" | "limit_w", own: number | null) {
  const lower = limits.filter((limit) => (limit[field] ?? Infinity) < (own ?? Infinity));
  return lower.sort((a, b) => a[field]! - b[field]!)[0];
}
