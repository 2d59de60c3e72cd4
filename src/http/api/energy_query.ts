// Questions about energy: their time, and the sessions that they count.
import { type CalendarUnit, type Interval, labelAt, readInterval } from "../../calendar.ts";
import { ownTurn } from "../../event_loop.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import {
  energyFigures,
  type Figures,
  type FiguresAnswer,
  type FiguresQuestion,
  TooManyRows,
  utcDaysOf,
} from "../../site/figures/energy_figures.ts";
import type { SessionSums } from "../../services/session_sums.ts";
import { simulatedFilter } from "../../site/simulated.ts";
import type { Store } from "../../store/store.ts";
import { QUARTER, type SessionPart } from "../../store/sums/session_part.ts";
import { HttpError } from "../http_error.ts";
import { type Group, groupKey, type GroupNames, groupNames } from "./energy_groups.ts";

/** The parts that answer a question. */
export interface EnergyDeps {
  store: Store;
  sums: Pick<SessionSums, "days" | "isComplete">;
  /** ms since 1970. */
  now: () => number;
}

/** The sessions that are counted. */
export interface Counted {
  charger_id?: string | undefined;
  id_tag?: string | undefined;
  /** Simulated or real ones only; left out: all. */
  simulated?: boolean | undefined;
}

/** The choice between real and simulated sessions. */
export const COUNT_SIMULATED = {
  simulated: Type.Optional(
    Type.Enum(["true", "false", "all"], {
      description: "Left out: real sessions only, or all where the site has no real charger",
    }),
  ),
};

/** Returns the sessions that are counted: simulated ones, real ones, or all. */
export function simulatedIn(asked: "true" | "false" | "all" | undefined, store: Store): boolean | undefined {
  if (asked === "all") return undefined;
  return simulatedFilter(asked === undefined ? undefined : asked === "true", store);
}

/** The figures of rows and totals. */
export const FIGURES = {
  energy_wh: Type.Number(),
  sessions: Type.Integer({ description: "Sessions that start in it" }),
  doubtful_sessions: Type.Integer({ description: "Those of them with flags" }),
  flags: Type.Record(Type.String(), Type.Integer({ description: "Sessions with this flag" })),
  charging_s: Type.Number({ description: "Time in which energy flowed" }),
  connected_s: Type.Number(),
  peak_power_w: Type.Number({ description: "The highest mean power of a quarter-hour" }),
};

/**
 * Reads `from` and `to`: days and months are those of the site's zone, times are rounded down to a quarter-hour. Left
 * out: this month. Throws HttpError 400.
 */
export function readSpan(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  { store: { calendar }, now }: EnergyDeps,
): Interval {
  const month = calendar.intervalAt("month", now());
  const start = from === undefined ? month.from : readTime("from", from, calendar.time_zone);
  const end = to === undefined ? Math.max(month.to, start) : readTime("to", to, calendar.time_zone);
  if (end < start) throw new HttpError("invalid_query", "to is before from", { values: { field: "to" } });
  return { from: start, to: end };
}

function readTime(field: string, text: string, zone: string): number {
  const at = readInterval(text, zone)?.from ?? (/^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : NaN);
  if (Number.isFinite(at)) return Math.floor(at / QUARTER) * QUARTER;
  const message = `${field} must be a day, a month, or an ISO 8601 time`;
  throw new HttpError("invalid_query", message, { values: { field } });
}

/** A question about energy. */
export interface EnergyQuestion extends Counted {
  interval: Interval;
  by?: CalendarUnit | undefined;
  group?: Group | undefined;
}

/** A row of an answer. */
export interface EnergyRow extends GroupNames, Figures {
  /** ISO 8601. */
  from: string;
  to: string;
  /** The hour, day or month; empty if the answer has no such parts. */
  label: string;
}

/** Answers a question from the sums. Throws HttpError 400 for one with too many rows. */
export async function answerEnergy(question: EnergyQuestion, deps: EnergyDeps) {
  const { interval, by, group } = question;
  const { store, sums } = deps;
  const { calendar } = store;
  const isCounted = countedParts(question);
  const keyOf = groupKey(group, store);
  const groupOf = (part: SessionPart) => isCounted(part) ? keyOf(part) : null;
  const { rows, totals } = await figuresOf({ interval, by, calendar, groupOf }, deps);
  await ownTurn();
  const times = new Map<number, Pick<EnergyRow, "from" | "to" | "label">>();
  const timesOf = ({ from, to }: Interval) => {
    const label = by ? labelAt(by, from, calendar.time_zone) : "";
    return { from: iso(from), to: iso(to), label };
  };
  const named = rows.map((row): EnergyRow => {
    const { from, to: _to, group: _group, ...figures } = row;
    const own = times.get(from) ?? timesOf(row); // Temporal is slow, and a month has thousands of rows
    times.set(from, own);
    return { ...own, ...groupNames(group, row, store), ...figures };
  });
  return {
    from: iso(interval.from),
    to: iso(interval.to),
    time_zone: calendar.time_zone,
    simulated: question.simulated ?? null,
    complete: sums.isComplete,
    rows: named,
    totals,
  };
}

/** Returns the test for the sessions that are counted. */
function countedParts({ charger_id, id_tag, simulated }: Counted): (part: SessionPart) => boolean {
  const tag = id_tag?.toUpperCase();
  return (part) =>
    (simulated === undefined || part.simulated === simulated) &&
    (charger_id === undefined || part.charger_id === charger_id) &&
    (tag === undefined || part.id_tag.toUpperCase() === tag);
}

async function figuresOf(question: FiguresQuestion, { sums }: EnergyDeps): Promise<FiguresAnswer> {
  try {
    return await energyFigures(sums.days(...utcDaysOf(question.interval)), question);
  } catch (error) {
    if (!(error instanceof TooManyRows)) throw error;
    const message = `${error.message}: ask for a shorter time, longer parts of it, or no group`;
    throw new HttpError("invalid_query", message, { values: { field: "by" } });
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
