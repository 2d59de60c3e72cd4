// The statement of one holder's month as a page to print.
import { renderToString } from "preact-render-to-string";
import { LOCALES } from "../../i18n/language.ts";
import { columnOf, type Language, lookUp, translator } from "../../i18n/messages.ts";
import { REPORT } from "../../i18n/admin/report.ts";
import { FLAGS } from "../../i18n/admin/sessions.ts";
import { ENERGY_REPORT_STYLE } from "./energy_report_style.ts";

/** A session of a statement; figures are those within the month. */
export interface StatementLine {
  transaction_id: number;
  charger_id: string;
  charger_name: string;
  connector_id: number;
  id_tag: string;
  start_time: string | null;
  stop_time: string | null;
  energy_wh: number;
  connected_s: number;
  flags: string[];
}

/** The statement of a month. */
export interface Statement {
  site_name: string;
  from: string;
  time_zone: string;
  holder: string;
  /** Null: all cards of the holder. */
  id_tag: string | null;
  made_at: string;
  complete: boolean;
  sessions: StatementLine[];
  energy_wh: number;
  connected_s: number;
}

/** Returns the statement as an HTML page. Energy is in kWh to three decimals, as in the report. */
export function statementPage(statement: Statement, language: Language): string {
  return "<!doctype html>" + renderToString(<Page statement={statement} language={language} />);
}

interface Part {
  statement: Statement;
  language: Language;
}

function Page({ statement, language }: Part) {
  const t = translator(REPORT, language);
  const { site_name, time_zone: timeZone, complete, holder, id_tag, sessions } = statement;
  const format = (options: Intl.DateTimeFormatOptions, iso: string) =>
    new Intl.DateTimeFormat(LOCALES[language], { ...options, timeZone }).format(new Date(iso));
  const month = format({ month: "long", year: "numeric" }, statement.from);
  const name = holder || id_tag || t("no_card");
  const made = format({ dateStyle: "medium", timeStyle: "short", hourCycle: "h23" }, statement.made_at);
  return (
    <html lang={LOCALES[language]}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${name}: ${month}`}</title>
        <style dangerouslySetInnerHTML={{ __html: ENERGY_REPORT_STYLE }} />
      </head>
      <body>
        <p>{site_name}</p>
        <h1>{name}</h1>
        <p>{t("statement", { month })}{holder && id_tag ? ` · ${t("card")} ${id_tag}` : ""}</p>
        <p class="soft">{t("statement_text", { zone: timeZone })}</p>
        {!complete && <p class="warn">{t("incomplete")}</p>}
        {sessions.length === 0 ? <p>{t("none")}</p> : <Table statement={statement} language={language} />}
        <footer>{t("made", { at: made })}</footer>
      </body>
    </html>
  );
}

function Table({ statement, language }: Part) {
  const t = translator(REPORT, language);
  const { sessions, energy_wh, connected_s, time_zone: timeZone } = statement;
  const flags = columnOf(FLAGS, language);
  const time = new Intl.DateTimeFormat(LOCALES[language], {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  });
  const shown = (iso: string | null) => iso === null ? "–" : time.format(new Date(iso));
  const number = (value: number, decimals: number) =>
    new Intl.NumberFormat(LOCALES[language], {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    })
      .format(value);
  return (
    <table>
      <thead>
        <tr>
          <th>{t("from")}</th>
          <th>{t("to")}</th>
          <th>{t("charger")}</th>
          <th>{t("card")}</th>
          <th class="num">{t("duration")} (h)</th>
          <th class="num">{t("energy")} (kWh)</th>
          <th>{t("flags")}</th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((one) => (
          <tr key={one.transaction_id}>
            <td>{shown(one.start_time)}</td>
            <td>{shown(one.stop_time)}</td>
            <td>{`${one.charger_name || one.charger_id} · ${one.connector_id}`}</td>
            <td>{one.id_tag || t("no_card")}</td>
            <td class="num">{number(one.connected_s / 3600, 2)}</td>
            <td class="num">{number(one.energy_wh / 1000, 3)}</td>
            <td class="flags">{one.flags.map((flag) => <div key={flag}>{lookUp(flags, flag)}</div>)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th colSpan={4}>{t("total")}</th>
          <td class="num">{number(connected_s / 3600, 2)}</td>
          <td class="num">{number(energy_wh / 1000, 3)}</td>
          <td></td>
        </tr>
      </tfoot>
    </table>
  );
}
