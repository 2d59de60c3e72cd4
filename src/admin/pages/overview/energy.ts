// Energy of today and of this month, from the sessions; power of today, as measured. Days and months are the site's.
import { get, getAll } from "../../api.ts";
import type { PowerSlot, Session } from "../../types.ts";
import { dayAfter, dayAt, timeOf, wallAt } from "../../zone.ts";

const SLOT_MS = 900_000;

/** The energy of a month's sessions. */
export interface MonthEnergy {
  today_wh: number;
  month_wh: number;
  /** Mean power of each quarter-hour of today, W: 96 of them, 92 or 100 when clocks change. */
  slots: number[];
  slot_now: number;
}

/** Loads the sessions that began in this month or on the day before it, and the power of the last days. */
export async function loadMonth(): Promise<{ stored: Session[]; seen: PowerSlot[] }> {
  const from = new Date(timeOf(dayAfter(monthOf(Date.now()), -1))).toISOString();
  const [stored, { slots }] = await Promise.all([
    getAll("/ocpp/transactions/", { from }),
    get("/ocpp/power/"),
  ]);
  return { stored, seen: slots };
}

/** Replaces the estimate from sessions by measured power in today's slots. `which`: of real chargers, or of all. */
export function withSeen(
  { slots, ...rest }: MonthEnergy,
  seen: readonly PowerSlot[],
  which: "real" | "all",
  now: number,
): MonthEnergy {
  const day = timeOf(dayAt(now));
  const known = new Map(seen.map((slot) => [(Date.parse(slot.at) - day) / SLOT_MS, wattsOf(slot, which)]));
  return { ...rest, slots: slots.map((watts, slot) => known.get(slot) ?? watts) };
}

function wattsOf({ power_w, simulated_w }: PowerSlot, which: "real" | "all"): number {
  return which === "real" ? power_w : power_w + simulated_w;
}

/** Sums the energy of sessions, each spread evenly over its duration. `running`: newer figures of active sessions. */
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
  const day = timeOf(dayAt(now));
  const month = timeOf(monthOf(now));
  const slots = new Array<number>((timeOf(dayAfter(dayAt(now))) - day) / SLOT_MS).fill(0);
  let month_wh = 0;
  let today_wh = 0;
  for (const session of all.values()) {
    const { energy_wh, from, to } = spanOf(session, now);
    if (energy_wh <= 0) continue;
    month_wh += energy_wh * share(from, to, month, now);
    today_wh += energy_wh * share(from, to, day, now);
    for (let slot = 0; slot < slots.length; slot++) {
      const at = day + slot * SLOT_MS;
      slots[slot]! += energy_wh * share(from, to, at, at + SLOT_MS) * (3_600_000 / SLOT_MS);
    }
  }
  return { today_wh, month_wh, slots, slot_now: Math.floor((now - day) / SLOT_MS) };
}

/** Returns the time of a slot of today on the site's clocks: `14:15`. */
export function slotTime(slot: number, now: number): string {
  return wallAt(timeOf(dayAt(now)) + slot * SLOT_MS).slice(11);
}

function spanOf({ energy_wh, start_time, stop_time }: Session, now: number) {
  const from = Date.parse(start_time);
  return {
    energy_wh: energy_wh ?? 0,
    from,
    to: Math.max(from + 1000, stop_time === null ? now : Date.parse(stop_time)),
  };
}

/** Returns the fraction of [from, to] inside [low, high]. */
function share(from: number, to: number, low: number, high: number): number {
  return Math.max(0, Math.min(to, high) - Math.max(from, low)) / (to - from);
}

/** Returns the first day of a time's month. */
function monthOf(at: number): string {
  return `${dayAt(at).slice(0, 7)}-01`;
}
