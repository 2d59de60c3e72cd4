// Today's and this month's energy, from the sessions.
import { getAll } from "../../api.ts";
import type { Session } from "../../types.ts";

const SLOT_MS = 1_800_000;
const SLOTS = 48;

/** What the sessions of a month come to. */
export interface MonthEnergy {
  today_wh: number;
  month_wh: number;
  /** Mean power of each half-hour of today, W. */
  slots: number[];
  slot_now: number;
}

/** The sessions that began in this month, or a day before it. */
export function loadMonth(): Promise<Session[]> {
  const from = new Date(monthStart(Date.now()) - 86_400_000).toISOString();
  return getAll<Session>(`/ocpp/transactions/?from=${from}`, "transactions");
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
