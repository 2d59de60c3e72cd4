// Energy of today and of this month, by the gateway's sums; power of today, as measured.
import type { AnswerAt } from "../../../http/client_types.ts";
import { at, get } from "../../api.ts";
import { onlyReal, simulatedSums } from "../../simulated.ts";
import type { PowerSlot } from "../../types.ts";
import { dayAfter, dayAt, wallAt } from "../../zone.ts";

const SLOT_MS = 900_000;
const HOUR_MS = 3_600_000;

/** The energy of today and this month, of the site's time zone. */
export interface MonthEnergy {
  today_wh: number;
  month_wh: number;
  /** False while the sums are built after an update. */
  complete: boolean;
  /** The first instant of today, ms since 1970. */
  day: number;
  /** Mean power of each quarter-hour of today, W: 92 to 100 of them. */
  slots: number[];
}

type Energy = AnswerAt<"GET", "/ocpp/energy/">;

/** Loads the figures. `now`: ms since 1970. */
export async function loadMonth(now: number): Promise<MonthEnergy> {
  const month = await get(at("/ocpp/energy/", {}, simulatedSums()));
  const day = dayAt(now, month.time_zone);
  const query = { from: day, to: dayAfter(day), by: "hour" as const, ...simulatedSums() };
  const [today, { slots }] = await Promise.all([
    get(at("/ocpp/energy/", {}, query)),
    get("/ocpp/power/"),
  ]);
  return {
    today_wh: today.totals.energy_wh,
    month_wh: month.totals.energy_wh,
    complete: month.complete,
    day: Date.parse(today.from),
    slots: slotsOf(today, slots, onlyReal() ? "real" : "all"),
  };
}

/**
 * Returns the mean power of each quarter-hour of a day: as the gateway has seen it, else by the energy of its hour.
 * `which`: of real chargers, or of all.
 */
export function slotsOf(
  { from, to, rows }: Pick<Energy, "from" | "to"> & {
    rows: Pick<Energy["rows"][number], "from" | "energy_wh">[];
  },
  seen: readonly PowerSlot[],
  which: "real" | "all",
): number[] {
  const start = Date.parse(from);
  const slots = new Array<number>(Math.round((Date.parse(to) - start) / SLOT_MS)).fill(0);
  for (const row of rows) {
    const first = (Date.parse(row.from) - start) / SLOT_MS;
    slots.fill(row.energy_wh, first, first + HOUR_MS / SLOT_MS);
  }
  for (const slot of seen) {
    const index = (Date.parse(slot.at) - start) / SLOT_MS;
    if (index in slots) slots[index] = which === "real" ? slot.power_w : slot.power_w + slot.simulated_w;
  }
  return slots;
}

/** Returns the number of the quarter-hour of a day at `now`. */
export function slotAt(now: number, { day, slots }: MonthEnergy): number {
  return Math.min(slots.length - 1, Math.max(0, Math.floor((now - day) / SLOT_MS)));
}

/** Returns the time of day at which a quarter-hour begins, `02:15`. */
export function slotTime(slot: number, { day }: MonthEnergy): string {
  return wallAt(day + slot * SLOT_MS).slice(11);
}
