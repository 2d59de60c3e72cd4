// Today's and this month's energy, from the sessions; today's power, as the gateway has seen it.
import { call, getAll } from "../../api.ts";
import type { Session } from "../../types.ts";

const SLOT_MS = 900_000;
/** Quarters of an hour of a day. */
export const SLOTS = 96;

/** What the sessions of a month come to. */
export interface MonthEnergy {
  today_wh: number;
  month_wh: number;
  /** Mean power of each quarter-hour of today, W. */
  slots: number[];
  slot_now: number;
}

/** What the gateway has seen of a quarter-hour. */
export interface SeenPower {
  at: string;
  power_w: number;
  simulated_w: number;
}

/** The sessions that began in this month, or a day before it, and the power of the last days. */
export async function loadMonth(): Promise<{ stored: Session[]; seen: SeenPower[] }> {
  const from = new Date(monthStart(Date.now()) - 86_400_000).toISOString();
  const [stored, { slots }] = await Promise.all([
    getAll<Session>(`/ocpp/transactions/?from=${from}`, "transactions"),
    call<{ slots: SeenPower[] }>("GET", "/ocpp/power/"),
  ]);
  return { stored, seen: slots };
}

/** Power of today's slots in place of what the sessions' energy lets suppose. `which`: of the chargers or of simulators. */
export function withSeen(
  { slots, ...rest }: MonthEnergy,
  seen: readonly SeenPower[],
  which: "power_w" | "simulated_w",
  now: number,
): MonthEnergy {
  const day = dayStart(now);
  const known = new Map(seen.map((slot) => [(Date.parse(slot.at) - day) / SLOT_MS, slot[which]]));
  return { ...rest, slots: slots.map((watts, slot) => known.get(slot) ?? watts) };
}

/** Adds up; a session's energy is spread evenly over its time. `running` has the newest figures of those that go on. */
export function monthEnergy(
  stored: readonly Session[],
  running: readonly Session[],
  now: number,
): MonthEnergy {
  const all = new Map(
    [...stored.filter(({ state }) => state === "completed"), ...running].map((
      one,
    ) => [one.transaction_id, one]),
  );
  const day = dayStart(now);
  const slots = new Array<number>(SLOTS).fill(0);
  let month_wh = 0;
  let today_wh = 0;
  for (const session of all.values()) {
    const { energy_wh, from, to } = spanOf(session, now);
    if (energy_wh <= 0) continue;
    month_wh += energy_wh * share(from, to, monthStart(now), now);
    today_wh += energy_wh * share(from, to, day, now);
    for (let slot = 0; slot < SLOTS; slot++) {
      const at = day + slot * SLOT_MS;
      slots[slot]! += energy_wh * share(from, to, at, at + SLOT_MS) * (3_600_000 / SLOT_MS);
    }
  }
  return { today_wh, month_wh, slots, slot_now: Math.min(SLOTS - 1, Math.floor((now - day) / SLOT_MS)) };
}

function spanOf({ energy_wh, start_time, stop_time }: Session, now: number) {
  const from = Date.parse(start_time);
  return {
    energy_wh: energy_wh ?? 0,
    from,
    to: Math.max(from + 1000, stop_time === null ? now : Date.parse(stop_time)),
  };
}

/** Which part of [from, to] lies in [low, high]. */
function share(from: number, to: number, low: number, high: number): number {
  return Math.max(0, Math.min(to, high) - Math.max(from, low)) / (to - from);
}

function dayStart(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function monthStart(at: number): number {
  const date = new Date(dayStart(at));
  return date.setDate(1);
}
