// /ocpp/report/: the report of a month, as data, as CSV, as a spreadsheet, and as a page to print, with the same figures.
import { labelAt } from "../../calendar.ts";
import { acceptedTags, languageOf } from "../../i18n/language.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import { csvResponse } from "../csv.ts";
import { shownTo, type TagMaskDeps } from "../auth/tag_mask.ts";
import { energyReportPage, reportCsp } from "../pages/energy_report.tsx";
import { route } from "../route.ts";
import { Nullable, Time } from "../schemas.ts";
import { XLSX, xlsxResponse } from "../xlsx.ts";
import { type Group, GROUP_FIELDS } from "./energy_groups.ts";
import { answerEnergy, COUNT_SIMULATED, type EnergyDeps, FIGURES, simulatedIn } from "./energy_query.ts";
import { energyColumns, energyCsv } from "./energy_sheet.ts";
import { monthOf } from "./statement.ts";

interface Asked {
  month?: string;
  group?: Group;
  simulated?: "true" | "false" | "all";
}

/** The routes of /ocpp/report/. */
export const reportRoutes = [
  route({
    method: "GET",
    path: "/ocpp/report/",
    role: "viewer",
    summary: "The report of a month by holder, tag or charger",
    query: Type.Object({
      month: Type.Optional(Type.String({ description: "YYYY-MM, of the site's zone; left out: this month" })),
      group: Type.Optional(Type.Enum(["holder", "tag", "charger"], { default: "holder" })),
      ...COUNT_SIMULATED,
      format: Type.Optional(Type.Enum(["json", "csv", "xlsx", "html"])),
      lang: Type.Optional(Type.String({ description: "en or es; left out: the browser's" })),
    }),
    response: Type.Object({
      site_name: Type.String(),
      month: Type.String(),
      group: Type.String(),
      made_at: Time,
      from: Time,
      to: Time,
      time_zone: Type.String({ description: "The zone of the month" }),
      simulated: Nullable(Type.Boolean({ description: "Simulated or real sessions only; null: all" })),
      complete: Type.Boolean({ description: "False while the sums are built after an update" }),
      rows: Type.Array(
        Type.Object({ from: Time, to: Time, label: Type.String(), ...GROUP_FIELDS, ...FIGURES }),
      ),
      totals: Type.Object(FIGURES),
    }),
    also: { 200: ["text/csv", XLSX, "text/html"] },
    async handle({ query, c }, deps: EnergyDeps & TagMaskDeps) {
      const { format, lang, group = "holder" } = query;
      const made = await energyReport({ ...query, group }, deps);
      if (format === undefined || format === "json") return made;
      const report = { ...made, rows: shownTo(c, made.rows, deps) };
      const name = `report-${report.month}-${group}`;
      const language = languageOf(acceptedTags(lang ?? c.req.header("accept-language")));
      if (format === "csv") return csvResponse(name, ...energyCsv(report.rows, { group }));
      if (format === "xlsx") {
        const columns = energyColumns({ group }, language);
        return await xlsxResponse(name, { columns, records: report.rows, time_zone: report.time_zone });
      }
      c.header("content-security-policy", reportCsp());
      return c.html(energyReportPage(report, language));
    },
  }),
];

/** Returns a month's figures with what is printed beside them. Throws HttpError 400. */
async function energyReport({ month, group, simulated }: Asked & { group: Group }, deps: EnergyDeps) {
  const { store, now } = deps;
  const { calendar, settings } = store;
  const interval = monthOf(month, deps);
  const question = { interval, by: "month" as const, group, simulated: simulatedIn(simulated, store) };
  const answer = await answerEnergy(question, deps);
  return {
    site_name: settings.name,
    month: labelAt("month", interval.from, calendar.time_zone),
    group,
    made_at: new Date(now()).toISOString(),
    ...answer,
  };
}
