// /ocpp/report/statement/: the sessions of one holder, or of one card, in a month, with the report's own sum.
import { type Interval, labelAt, readInterval } from "../../calendar.ts";
import { acceptedTags, languageOf } from "../../i18n/language.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import { energyFigures, utcDaysOf } from "../../site/figures/energy_figures.ts";
import type { SessionPart } from "../../store/sums/session_part.ts";
import { seesTags, shownTo, type TagMaskDeps } from "../auth/tag_mask.ts";
import { HttpError } from "../http_error.ts";
import { reportCsp } from "../pages/energy_report.tsx";
import { statementPage } from "../pages/statement_page.tsx";
import { route } from "../route.ts";
import { Nullable, OptionalTime, Time } from "../schemas.ts";
import { groupKey, groupNames } from "./energy_groups.ts";
import { COUNT_SIMULATED, type EnergyDeps, simulatedIn } from "./energy_query.ts";
import { tagBehind } from "./transactions.ts";

const Line = Type.Object({
  transaction_id: Type.Integer(),
  charger_id: Type.String(),
  charger_name: Type.String(),
  connector_id: Type.Integer(),
  id_tag: Type.String(),
  start_time: Nullable(
    Type.String({ format: "date-time", description: "Null: the session's record is damaged" }),
  ),
  stop_time: OptionalTime,
  energy_wh: Type.Number({ description: "Within the month" }),
  connected_s: Type.Number({ description: "Within the month" }),
  flags: Type.Array(Type.String()),
});

const Statement = Type.Object({
  site_name: Type.String(),
  month: Type.String(),
  from: Time,
  to: Time,
  time_zone: Type.String(),
  holder: Type.String(),
  id_tag: Nullable(Type.String({ description: "Null: all cards of the holder" })),
  made_at: Time,
  complete: Type.Boolean({ description: "False while the sums are built after an update" }),
  sessions: Type.Array(Line),
  energy_wh: Type.Number(),
  connected_s: Type.Number(),
});

/** The routes of /ocpp/report/statement/. */
export const statementRoutes = [
  route({
    method: "GET",
    path: "/ocpp/report/statement/",
    role: "viewer",
    summary: "The sessions of one holder or card in a month, as data and as a page to print",
    query: Type.Object({
      month: Type.Optional(Type.String({ description: "YYYY-MM, of the site's zone; left out: this month" })),
      holder: Type.Optional(Type.String({ description: "The label of the RFIDs" })),
      id_tag: Type.Optional(
        Type.String({ description: "One card in place of a holder; empty: without a card" }),
      ),
      ...COUNT_SIMULATED,
      format: Type.Optional(Type.Enum(["json", "html"])),
      lang: Type.Optional(Type.String({ description: "en or es; left out: the browser's" })),
    }),
    response: Statement,
    also: { 200: "text/html" },
    async handle({ query, c }, deps: EnergyDeps & TagMaskDeps) {
      const { holder, format, lang } = query;
      const id_tag = query.id_tag && !seesTags(c) ? tagBehind(query.id_tag, deps) : query.id_tag;
      if (holder === undefined && id_tag === undefined) {
        throw new HttpError("invalid_query", "holder or id_tag is missing", { values: { field: "holder" } });
      }
      const simulated = simulatedIn(query.simulated, deps.store);
      const made = await statementOf(
        { interval: monthOf(query.month, deps), holder, id_tag, simulated },
        deps,
      );
      if (format !== "html") return made;
      const language = languageOf(acceptedTags(lang ?? c.req.header("accept-language")));
      c.header("content-security-policy", reportCsp());
      return c.html(statementPage(shownTo(c, made, deps), language));
    },
  }),
];

interface StatementQuestion {
  interval: Interval;
  holder: string | undefined;
  id_tag: string | undefined;
  simulated: boolean | undefined;
}

/** Adds up the sessions of a holder by the same parts as the report does: their sum is the report's. */
async function statementOf({ interval, holder, id_tag, simulated }: StatementQuestion, deps: EnergyDeps) {
  const { store, sums, now } = deps;
  const key = groupKey(holder === undefined ? "tag" : "holder", store);
  const wanted = holder ?? id_tag!.toUpperCase();
  const parts = new Map<string, SessionPart>();
  const groupOf = (part: SessionPart) => {
    if (key(part) !== wanted || (simulated !== undefined && part.simulated !== simulated)) return null;
    const id = String(part.transaction_id);
    parts.set(id, part);
    return id;
  };
  const { calendar } = store;
  const { rows, totals } = await energyFigures(sums.days(...utcDaysOf(interval)), {
    interval,
    calendar,
    groupOf,
  });
  const sessions = await Promise.all(rows.map(async ({ group, energy_wh, connected_s }) => {
    const { transaction_id, charger_id, connector_id, id_tag } = parts.get(group)!;
    const record = await store.transactions.get(transaction_id);
    return {
      transaction_id,
      charger_id,
      charger_name: store.chargers.get(charger_id)?.name ?? "",
      connector_id,
      id_tag,
      start_time: record?.start_time ?? null,
      stop_time: record?.stop_time ?? null,
      energy_wh,
      connected_s,
      flags: [...record?.flags ?? []],
    };
  }));
  const names = holder === undefined
    ? groupNames("tag", { ...interval, ...totals, group: wanted }, store)
    : {};
  return {
    site_name: store.settings.name,
    month: labelAt("month", interval.from, calendar.time_zone),
    from: new Date(interval.from).toISOString(),
    to: new Date(interval.to).toISOString(),
    time_zone: calendar.time_zone,
    holder: holder ?? names.holder ?? "",
    id_tag: holder === undefined ? names.id_tag ?? "" : null,
    made_at: new Date(now()).toISOString(),
    complete: sums.isComplete,
    sessions: sessions.sort((a, b) =>
      (a.start_time ?? "").localeCompare(b.start_time ?? "") || a.transaction_id - b.transaction_id
    ),
    energy_wh: totals.energy_wh,
    connected_s: totals.connected_s,
  };
}

/** Returns a month of the site's zone. Throws HttpError 400. */
export function monthOf(month: string | undefined, { store: { calendar }, now }: EnergyDeps): Interval {
  if (month === undefined) return calendar.intervalAt("month", now());
  const interval = /^\d{4}-\d\d$/.test(month) ? readInterval(month, calendar.time_zone) : null;
  if (interval) return interval;
  throw new HttpError("invalid_query", "month must be YYYY-MM", { values: { field: "month" } });
}
