// /ocpp/energy/: energy, sessions, times and peak power by hour, day or month, and by charger, connector, tag or holder.
import type { Context } from "hono";
import type { CentralSystem } from "../../central/central_system.ts";
import { acceptedTags, languageOf } from "../../i18n/language.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import { csvResponse } from "../csv.ts";
import { seesTags, shownTo, type TagMaskDeps } from "../auth/tag_mask.ts";
import { route } from "../route.ts";
import { Nullable, type QueryOf, SHEET_FORMAT, Time } from "../schemas.ts";
import { XLSX, xlsxResponse } from "../xlsx.ts";
import { GROUP_FIELDS, GROUPS } from "./energy_groups.ts";
import {
  answerEnergy,
  COUNT_SIMULATED,
  type EnergyDeps,
  FIGURES,
  readSpan,
  simulatedIn,
} from "./energy_query.ts";
import { energyColumns, energyCsv } from "./energy_sheet.ts";
import { tagBehind } from "./transactions.ts";

const QUERY = {
  from: Type.Optional(
    Type.String({ description: "A day or month of the site's zone, or a time; left out: this month" }),
  ),
  to: Type.Optional(Type.String({ description: "The same; it is not included itself" })),
  by: Type.Optional(Type.Enum(["hour", "day", "month"], { description: "Left out: the whole time" })),
  group: Type.Optional(Type.Enum([...GROUPS], { description: "Left out: all sessions together" })),
  charger_id: Type.Optional(Type.String()),
  id_tag: Type.Optional(Type.String()),
  ...COUNT_SIMULATED,
  ...SHEET_FORMAT,
};

interface EnergyRouteDeps extends EnergyDeps, TagMaskDeps {
  central: Pick<CentralSystem, "registeredId">;
}

/** The routes of /ocpp/energy/. */
export const energyRoutes = [
  route({
    method: "GET",
    path: "/ocpp/energy/",
    role: "viewer",
    summary: "Energy, sessions, times and peak power by time and group, from sums that are kept",
    query: Type.Object(QUERY),
    response: Type.Object({
      from: Time,
      to: Time,
      time_zone: Type.String(),
      simulated: Nullable(Type.Boolean({ description: "Simulated or real sessions only; null: all" })),
      complete: Type.Boolean({ description: "False while the sums are built after an update" }),
      rows: Type.Array(
        Type.Object({
          from: Time,
          to: Time,
          label: Type.String({ description: "The hour, day or month; empty without `by`" }),
          ...GROUP_FIELDS,
          ...FIGURES,
        }),
      ),
      totals: Type.Object(FIGURES),
    }),
    also: { 200: ["text/csv", XLSX] },
    async handle({ query, c }, deps: EnergyRouteDeps) {
      const { by, format, lang, group } = query;
      const interval = readSpan(query, deps);
      const answer = await answerEnergy({ interval, by, group, ...countedIn(query, c, deps) }, deps);
      if (format !== "csv" && format !== "xlsx") return answer;
      const rows = shownTo(c, answer.rows, deps);
      if (format === "csv") return csvResponse("energy", ...energyCsv(rows, { group, by }));
      const language = languageOf(acceptedTags(lang ?? c.req.header("accept-language")));
      const columns = energyColumns({ group, by }, language);
      return await xlsxResponse("energy", { columns, records: rows, time_zone: answer.time_zone });
    },
  }),
];

/** Returns the sessions that a query is about. A viewer's tag is the mask of one. */
function countedIn(
  { charger_id, id_tag, simulated }: QueryOf<typeof QUERY>,
  c: Context,
  deps: EnergyRouteDeps,
) {
  return {
    charger_id: charger_id && deps.central.registeredId(charger_id),
    id_tag: id_tag && !seesTags(c) ? tagBehind(id_tag, deps) : id_tag,
    simulated: simulatedIn(simulated, deps.store),
  };
}
