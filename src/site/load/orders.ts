// The orders that bring chargers from their limits to their shares: lowerings at once, raises as the worst case allows.
import { floorTo } from "./allocate.ts";
import { addUse, roomFor } from "./constraints.ts";
import type { ManagedConnector, ReasonValues } from "./managed_connector.ts";
import { isAnyExceeded, isExceeded, type Moment } from "./moment.ts";

/** An order to a charger about one connector. */
export type Order = LimitOrder | SwitchOrder;

/** An order to limit a connector; `number` is told with the answer. */
export interface LimitOrder {
  kind: "lower" | "raise" | "renew";
  id: string;
  number: number;
  amperes: number;
  from_a: number;
  reason: string;
  reason_values: ReasonValues;
}

/** An order to take a connector that takes no limits out of service, or into it. */
export interface SwitchOrder {
  kind: "block" | "allow";
  id: string;
  reason: string;
}

const DEAD_BAND_A = 1;
const BETWEEN_RAISES_MS = 20_000;
/** Time for which a raise waits to be made in one step. */
const GATHER_MS = 15_000;
const EPSILON = 0.05;
const RETRY_MS = 10_000;

/** Returns the orders on limits, lowerings first, and counts them in the budgets and in the moment's sums. */
export function ordersFor(queue: readonly ManagedConnector[], moment: Moment): LimitOrder[] {
  for (const connector of queue) noteRun(connector, moment.now);
  const lowered = lower(queue, moment);
  return [...lowered, ...raise(queue, moment), ...renew(queue, moment)];
}

/** Keeps since when a connector has its minimum, and since when it could have more. */
function noteRun(connector: ManagedConnector, now: number): void {
  const { facts, current_a, goal_a } = connector;
  const runs = current_a >= facts.min_a - EPSILON;
  if (runs) connector.running_since ??= now;
  else if (connector.running_since !== null) {
    connector.running_since = null;
    connector.queued_at = now;
  }
  if (goal_a > current_a + EPSILON) connector.wanting_since ??= now;
  else connector.wanting_since = null;
}

/**
 * Lowers those that have much more than their share; all if a car waits for what they have; and as many as it takes if there
 * is too little. Those whose answers are missing do not count as lowered.
 */
function lower(queue: readonly ManagedConnector[], moment: Moment): LimitOrder[] {
  const { now } = moment;
  const excess = ({ current_a, goal_a }: ManagedConnector) => current_a - goal_a;
  const isStarved = queue.some(({ goal_a, current_a, facts: { min_a } }) =>
    goal_a >= min_a - EPSILON && current_a < min_a - EPSILON
  );
  const after = roomSoon(queue, moment);
  for (let at = 0; at < after.length; at++) {
    const { available, likely } = moment;
    if (likely[at]! < Infinity) after[at]! += likely[at]! - available[at]!;
  }
  let isOver = isAnyExceeded(after);
  const orders: LimitOrder[] = [];
  for (
    const connector of queue.filter((each) => excess(each) > EPSILON).sort((a, b) => excess(b) - excess(a))
  ) {
    if (!(isOver || isStarved || excess(connector) >= DEAD_BAND_A)) continue;
    if (!connector.is_stuck && !connector.is_late) {
      const less = connector.soon(now) - Math.max(connector.floor_a, connector.goal_a);
      addUse(after, connector.hardUses(moment.constraints), less);
      isOver = isAnyExceeded(after);
    }
    if (connector.isBusy(now)) continue;
    if (connector.goal_a < connector.facts.min_a - EPSILON) connector.paused_at = now;
    orders.push(order(connector, "lower", { amperes: connector.goal_a, now }));
  }
  return orders;
}

/** Returns the room that there is once all cars have followed their last limits. */
function roomSoon(queue: readonly ManagedConnector[], { room, constraints, now }: Moment): Float64Array {
  const after = Float64Array.from(room);
  for (const connector of queue) {
    addUse(after, connector.hardUses(constraints), connector.worst(now) - connector.soon(now));
  }
  return after;
}

/** Raises those that have less than their share, in their order, by what the worst case of all leaves. */
function raise(queue: readonly ManagedConnector[], moment: Moment): LimitOrder[] {
  const orders: LimitOrder[] = [];
  for (const connector of queue) {
    const amperes = raiseOf(connector, moment);
    if (amperes === null) continue;
    const before = connector.worst(moment.now);
    orders.push(order(connector, "raise", { amperes, now: moment.now }));
    connector.raised_at = moment.now;
    addUse(moment.room, connector.hardUses(moment.constraints), before - connector.worst(moment.now));
  }
  return orders;
}

/** Returns the limit to which a connector can be raised now; null: it stays. */
function raiseOf(connector: ManagedConnector, moment: Moment): number | null {
  const { now, room: left, constraints } = moment;
  const { current_a, goal_a, facts: { min_a, step_a } } = connector;
  if (connector.isBusy(now) || goal_a <= current_a + EPSILON) return null;
  const runs = current_a >= min_a - EPSILON;
  const least = runs && !isDue(connector, moment) ? DEAD_BAND_A : EPSILON;
  if (goal_a - current_a < least || runs && now - connector.raised_at < BETWEEN_RAISES_MS) return null;
  const room = roomFor(left, connector.hardUses(constraints));
  if (room < -1e-6) return null;
  const amperes = floorTo(Math.min(goal_a, connector.worst(now) + Math.max(0, room)), step_a);
  if (amperes < min_a - EPSILON || amperes < current_a + least) return null;
  const gathers = now - (connector.wanting_since ?? now) < GATHER_MS;
  return amperes < goal_a - EPSILON && gathers ? null : amperes;
}

/**
 * Renews the limits of which a third of the time is over, and sends those again that were not accepted; they are in the
 * worst case already.
 */
function renew(queue: readonly ManagedConnector[], moment: Moment): LimitOrder[] {
  const { now } = moment;
  const due = queue.filter((connector) => {
    const { budget: { sent_a }, is_stuck } = connector;
    return sent_a !== null && sent_a > connector.floor_a + EPSILON && !connector.isBusy(now) &&
      (is_stuck || isDue(connector, moment)) && connector.worst(now) >= sent_a - 1e-6;
  });
  const after = roomSoon(queue, moment);
  return due.map((connector) => {
    const { current_a, goal_a, is_stuck, facts: { min_a } } = connector;
    if (is_stuck) return order(connector, ...retryOf(connector, after, moment));
    const amperes = goal_a >= min_a - EPSILON ? Math.min(current_a, goal_a) : current_a;
    return order(connector, "renew", { amperes, now });
  });
}

/**
 * Returns the order after a limit that was not accepted: the same limit, less what there is too little once the others have
 * followed theirs, and no more than it may have. Its answers may be lost again and again while its charger follows.
 */
function retryOf(
  connector: ManagedConnector,
  after: Float64Array,
  { now, constraints }: Moment,
): ["lower" | "renew", { amperes: number; now: number }] {
  const { current_a, floor_a, facts: { min_a, step_a } } = connector;
  const uses = connector.hardUses(constraints);
  const room = roomFor(after, uses) + connector.worst(now) - current_a;
  const most = floorTo(Math.min(current_a + Math.min(0, room), connector.most().amperes), step_a);
  const amperes = most >= min_a - EPSILON ? most : floor_a;
  if (amperes >= current_a - EPSILON) return ["renew", { amperes: current_a, now }];
  if (amperes < min_a - EPSILON) connector.paused_at = now;
  addUse(after, uses, current_a - amperes);
  return ["lower", { amperes, now }];
}

/** True: a third of its limit's time is over. A message is sent in any case: it raises it by little, too. */
function isDue({ budget: { sent_at } }: ManagedConnector, { now, times }: Moment): boolean {
  return now - sent_at >= times.validity_s * 1000 / 3;
}

function order(
  connector: ManagedConnector,
  kind: LimitOrder["kind"],
  { amperes, now }: { amperes: number; now: number },
): LimitOrder {
  const { id, current_a: from_a, reason, reason_values, budget } = connector;
  if (kind !== "renew") connector.changed_at = now;
  return { kind, id, amperes, from_a, reason, reason_values, number: budget.send(amperes, now) };
}

/** Takes connectors that take no limit out of service where all cannot have their maximum, and back where they can. */
export function switchOrders(connectors: readonly ManagedConnector[], moment: Moment): SwitchOrder[] {
  const uncontrolled = connectors.filter(({ facts: { takes_limits, failsafe_holds, connected, blocked } }) =>
    connected && (blocked || !takes_limits && !failsafe_holds)
  );
  if (uncontrolled.length === 0) return [];
  const { constraints, available, now } = moment;
  const left = Float64Array.from(available);
  for (const connector of connectors) addUse(left, connector.hardUses(constraints), -connector.floor_a);
  const rank = ({ facts, queued_at }: ManagedConnector) => facts.priority * 1e15 - queued_at;
  return uncontrolled.toSorted((a, b) => rank(a) - rank(b)).flatMap((connector): SwitchOrder[] => {
    const { id, facts: { blocked } } = connector;
    const changes = blocked ? mayReturn(connector, moment) : mustGo(connector, moment, left);
    if (!changes || now < connector.retry_at) return [];
    connector.switched_at = now;
    connector.retry_at = now + RETRY_MS;
    if (blocked) connector.facts = { ...connector.facts, blocked: false };
    return [blocked ? { kind: "allow", id, reason: "room" } : { kind: "block", id, reason: "no_room" }];
  });
}

function mustGo(connector: ManagedConnector, { constraints }: Moment, left: Float64Array): boolean {
  const goes = constraints.chain(connector.facts.circuit).some((number) => isExceeded(number, left));
  if (goes) addUse(left, connector.hardUses(constraints), connector.floor_a);
  return goes;
}

function mayReturn(connector: ManagedConnector, { constraints, room, now, times }: Moment): boolean {
  if (now - connector.switched_at < times.dwell_s * 1000) return false;
  const uses = connector.hardUses(constraints);
  if (roomFor(room, uses) < connector.facts.max_a) return false;
  addUse(room, uses, -connector.facts.max_a);
  return true;
}
