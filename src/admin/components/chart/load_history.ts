// Loads the data of a charger's chart from REST: sums of its readings, sessions with their holders, states and events.
import type { SummedReadings } from "../../../http/api/charger/readings.ts";
import { at, get, send } from "../../api.ts";
import type { Session } from "../../types.ts";
import { connectorName } from "../status.tsx";
import {
  barsOf,
  bucketTimes,
  type ChartData,
  linesOf,
  oneLimit,
  type Range,
  readableUnit,
  type SessionSpan,
} from "./chart_data.ts";
import { loadEvents } from "./load_states.ts";
import { daysOf, hoursOf } from "./period.ts";

/** The quantities that a chart can show: a measurand, and the one that limits it. Energy comes from the sessions' sums. */
export const QUANTITIES = {
  power: ["Power.Active.Import", "Power.Offered"],
  energy: [null, null],
  current: ["Current.Import", "Current.Offered"],
  voltage: ["Voltage", null],
  soc: ["SoC", null],
  temperature: ["Temperature", null],
} as const satisfies Record<string, readonly [string | null, string | null]>;

/** The name of a quantity. */
export type Quantity = keyof typeof QUANTITIES;

const DAY = 86_400_000;
const POINTS = 300;
/** Sessions that began before the chart reach into it for so long. */
const LONGEST = 3 * DAY;
/** Spans with more days than this have no sessions, states and events drawn. */
const DETAILED = 8 * DAY;

/** The question that a chart answers. */
export interface HistoryQuestion {
  charger_id: string;
  quantity: Quantity;
  range: Range;
  /** ms since 1970. */
  now: number;
  /** The texts of the legend. */
  words: { energy: string; limit: string };
}

/** Loads the data of a chart. Throws ApiError. */
export async function loadHistory(question: HistoryQuestion): Promise<ChartData> {
  const { quantity, range } = question;
  const detailed = quantity !== "energy" && range.to - range.from <= DETAILED;
  const [figures, sessions, events] = await Promise.all([
    quantity === "energy" ? loadBars(question) : loadLines(question),
    detailed ? loadSessions(question) : [],
    detailed ? loadEvents(question) : { states: [] },
  ]);
  return { ...figures, sessions, ...events };
}

type Figures = Pick<ChartData, "times" | "unit" | "series">;

async function loadBars({ charger_id, range, now, words }: HistoryQuestion): Promise<Figures> {
  const by = range.to - range.from <= 2 * DAY ? "hour" : "day";
  const query = { charger_id, by, simulated: "all", ...isoOf(range) } as const;
  const { rows } = await get(at("/ocpp/energy/", {}, query));
  const spans = by === "hour" ? hoursOf(range) : daysOf(range);
  return { unit: "kWh", ...barsOf(rows, { spans, now, label: words.energy }) };
}

async function loadLines(question: HistoryQuestion): Promise<Figures> {
  const { quantity, now, words } = question;
  const [measurand, offered] = QUANTITIES[quantity];
  const [shown, limits] = await Promise.all([
    loadSums(question, measurand!),
    offered === null ? null : loadSums(question, offered),
  ]);
  const connectors = new Set(shown.series.map(({ connector_id }) => connector_id));
  const label = ({ connector_id, phase }: SummedReadings["series"][number]) =>
    [connectors.size > 1 || phase === null ? connectorName(connector_id) : "", phase].filter(Boolean).join(
      " ",
    );
  const unit = readableUnit(shown.series[0]?.unit ?? "")[0];
  const limited = limits?.series.filter((one) => readableUnit(one.unit)[0] === unit) ?? [];
  const limit = limited.length > 1
    ? (one: SummedReadings["series"][number]) => `${words.limit} ${connectorName(one.connector_id)}`
    : () => words.limit;
  return {
    times: bucketTimes(shown, now),
    unit,
    series: [
      ...linesOf(shown, { now, label }),
      ...limits
        ? oneLimit(linesOf({ ...limits, series: limited }, { now, label: limit, kind: "limit" }), words.limit)
        : [],
    ],
  };
}

async function loadSums(
  { charger_id, range }: HistoryQuestion,
  measurand: string,
): Promise<SummedReadings> {
  const days = (range.to - range.from) / DAY;
  const points = days > 60 ? Math.ceil(days) : days > 2 ? Math.ceil(days * 24) : days === 1 ? 288 : POINTS;
  const query = { ...isoOf(range), measurand, points };
  return await (await send("GET", at("/ocpp/chargers/{charger_id}/readings/", { charger_id }, query))).json();
}

/** Loads the sessions of a range with their holders' names; a card without one is shown by its number. */
async function loadSessions({ charger_id, range, now }: HistoryQuestion): Promise<SessionSpan[]> {
  const { sessions, holders } = await sessionsIn({ charger_id, range, now });
  const connectors = [...new Set(sessions.map(({ connector_id }) => connector_id))].sort();
  return sessions.map(({ transaction_id, connector_id, start_time, stop_time, id_tag, energy_wh }) => ({
    transaction_id,
    from: Date.parse(start_time),
    to: stop_time ? Date.parse(stop_time) : now,
    label: holders.get(id_tag) || id_tag,
    energy_wh,
    row: connectors.indexOf(connector_id),
  }));
}

/** Loads the newest 200 sessions of a range, also those that reach into it, and the holders of cards. */
export async function sessionsIn(
  { charger_id, range, now }: Pick<HistoryQuestion, "charger_id" | "range" | "now">,
): Promise<{ sessions: Session[]; holders: ReadonlyMap<string, string> }> {
  const span = isoOf({ from: range.from - LONGEST, to: range.to });
  const [{ transactions }, { rows }] = await Promise.all([
    get(at("/ocpp/transactions/", {}, { charger_id, ...span, limit: 200 })),
    get(at("/ocpp/energy/", {}, { charger_id, ...span, group: "tag", simulated: "all" })),
  ]);
  const sessions = transactions.filter(({ start_time, stop_time }) =>
    (stop_time ? Date.parse(stop_time) : now) > range.from && Date.parse(start_time) < range.to
  );
  const named = rows.flatMap(({ id_tag, holder }) => id_tag && holder ? [[id_tag, holder] as const] : []);
  return { sessions, holders: new Map(named) };
}

/** Returns a range as a query. */
export function isoOf({ from, to }: Range): { from: string; to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
