// The report of a month as a page to print.
import { node } from "../../node.ts";
import { renderToString } from "preact-render-to-string";
import { LOCALES } from "../../i18n/language.ts";
import { columnOf, type Language, lookUp, translator } from "../../i18n/messages.ts";
import { REPORT } from "../../i18n/admin/report.ts";
import { FLAGS } from "../../i18n/admin/sessions.ts";
import type { Figures } from "../../site/figures/energy_figures.ts";
import { ENERGY_REPORT_STYLE } from "./energy_report_style.ts";

/** Returns the page's CSP: it loads nothing. Its style sheet is inline, so that the page can be kept as a file. */
export function reportCsp(): string {
  const hash = node("crypto").createHash("sha256").update(ENERGY_REPORT_STYLE).digest("base64");
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

/** The figures of one group with its names. */
export interface ReportRow extends Figures {
  charger_id?: string;
  name?: string;
  id_tag?: string | null;
  holder?: string;
}

/** The report of a month. */
export interface EnergyReport {
  site_name: string;
  /** `2026-10` */
  month: string;
  group: string;
  made_at: string;
  from: string;
  time_zone: string;
  simulated: boolean | null;
  complete: boolean;
  rows: ReportRow[];
  totals: Figures;
}

/** Returns the report as an HTML page. Energy is in kWh to three decimals: the figures of the exports. */
export function energyReportPage(report: EnergyReport, language: Language): string {
  return "<!doctype html>" + renderToString(<Page report={report} language={language} />);
}

interface Part {
  report: EnergyReport;
  language: Language;
}

function Page({ report, language }: Part) {
  const t = translator(REPORT, language);
  const { site_name, time_zone, simulated, complete, rows } = report;
  const time = { timeZone: time_zone };
  const month = new Intl.DateTimeFormat(LOCALES[language], { month: "long", year: "numeric", ...time })
    .format(new Date(report.from));
  const made = new Intl.DateTimeFormat(LOCALES[language], {
    dateStyle: "medium",
    timeStyle: "short",
    ...time,
  }).format(new Date(report.made_at));
  return (
    <html lang={LOCALES[language]}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${t("title")}: ${month}`}</title>
        <style dangerouslySetInnerHTML={{ __html: ENERGY_REPORT_STYLE }} />
      </head>
      <body>
        <p>{site_name}</p>
        <h1>{`${t("title")}: ${month}`}</h1>
        <p class="soft">{t("text", { zone: time_zone })}</p>
        {!complete && <p class="warn">{t("incomplete")}</p>}
        {simulated !== false && <p class="warn">{t(simulated ? "only_simulated" : "with_simulated")}</p>}
        {rows.length === 0 ? <p>{t("none")}</p> : <Table report={report} language={language} />}
        <footer>{t("made", { at: made })}</footer>
      </body>
    </html>
  );
}

function Table({ report: { group, rows, totals }, language }: Part) {
  const t = translator(REPORT, language);
  const names = namesOf(group);
  return (
    <table>
      <thead>
        <tr>
          {names.map((name) => <th key={name}>{t(name)}</th>)}
          <th class="num">{t("sessions")}</th>
          <th class="num">{t("energy")} (kWh)</th>
          <th class="num">{t("charging")} (h)</th>
          <th class="num">{t("duration")} (h)</th>
          <th class="num">{t("peak")} (kW)</th>
          <th>{t("flags")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {names.map((name) => (
              <td key={name}>{row[name] === "" && name === "id_tag" ? t("no_card") : row[name]}</td>
            ))}
            <Cells figures={row} language={language} />
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th colSpan={names.length}>{t("total")}</th>
          <Cells figures={totals} language={language} />
        </tr>
      </tfoot>
    </table>
  );
}

function namesOf(group: string) {
  if (group === "charger") return ["charger_id", "name"] as const;
  return group === "tag" ? ["id_tag", "holder"] as const : ["holder", "id_tag"] as const;
}

function Cells({ figures, language }: { figures: Figures; language: Language }) {
  const column = columnOf(FLAGS, language);
  const number = (value: number, decimals: number) =>
    new Intl.NumberFormat(LOCALES[language], {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    }).format(value);
  const flags = Object.entries(figures.flags).sort(([, a], [, b]) => b - a);
  return (
    <>
      <td class="num">{number(figures.sessions, 0)}</td>
      <td class="num">{number(figures.energy_wh / 1000, 3)}</td>
      <td class="num">{number(figures.charging_s / 3600, 2)}</td>
      <td class="num">{number(figures.connected_s / 3600, 2)}</td>
      <td class="num">{number(figures.peak_power_w / 1000, 1)}</td>
      <td class="flags">
        {flags.map(([flag, count]) => <div key={flag}>{`${count} × ${lookUp(column, flag)}`}</div>)}
      </td>
    </>
  );
}
