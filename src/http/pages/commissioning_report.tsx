// The hand-over report of a commissioning, as a printable page and as data.
import { node } from "../../node.ts";
import { renderToString } from "preact-render-to-string";
import { STEPS } from "../../services/commissioning/steps.ts";
import {
  type Commissioning,
  type CommissioningResult,
  type RecordedMessage,
  resultKey,
  type Store,
} from "../../store/store.ts";
import { landingUrl } from "./landing_url.ts";
import { qrSvg } from "./qr.ts";
import { LOCALES } from "../../i18n/language.ts";
import { columnOf, type Language, lookUp, type Text, translator } from "../../i18n/messages.ts";
import { COMMISSIONING_FIGURES } from "../../i18n/admin/commissioning_figures.ts";
import { figureText } from "../../i18n/figure_text.ts";
import { HANDOVER_REPORT } from "../../i18n/pages/handover_report.ts";
import { REPORT_STYLE } from "./commissioning_report_style.ts";
import type { Commissionings } from "../../services/commissioning/commissionings.ts";
import type { Config } from "../../config.ts";

/** Returns the page's CSP: it loads nothing. Its style sheet is inline, so that the page can be kept as a file. */
export function reportCsp(): string {
  const hash = node("crypto").createHash("sha256").update(REPORT_STYLE).digest("base64");
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

/** A step's result with the step's description and frames. */
export interface ReportedResult extends CommissioningResult {
  name: Text;
  does: Text;
  judged: Text;
  hint: Text;
  frames: RecordedMessage[];
}

/** A charger's position. */
interface Place {
  charger_id: string;
  latitude: number;
  longitude: number;
}

/** The data of a report. */
export interface Report extends Omit<Commissioning, "before" | "current" | "signature"> {
  made_at: string;
  /** The zone of the printed times, by its name in the tz database. */
  time_zone: string;
  site: { name: string; latitude: number | null; longitude: number | null };
  charger: Record<string, unknown> & Partial<Place>;
  landing_url: string;
  verdict: "pass" | "observation" | "fail" | "unfinished";
  signature: { name: string; at: string } | null;
  results: ReportedResult[];
  /** The positions of all chargers that have one. */
  places: Place[];
}

/** The parts that a report is made of. */
export interface ReportDeps {
  store: Store;
  commissionings: Pick<Commissionings, "results">;
  config: Pick<Config, "public_url" | "port">;
  /** ms since 1970. */
  now: () => number;
}

/** The report as data. */
export async function commissioningReport(
  record: Commissioning,
  request: Request,
  deps: ReportDeps,
): Promise<Report> {
  const { store, now } = deps;
  const { before: _before, current: _current, ...shown } = record;
  const { name, latitude, longitude } = store.settings;
  const results = await Promise.all(
    deps.commissionings.results(record).map((result) => withTexts(result, deps)),
  );
  return {
    ...shown,
    made_at: new Date(now()).toISOString(),
    time_zone: store.calendar.time_zone,
    site: { name, latitude, longitude },
    charger: chargerOf(record, deps),
    landing_url: landingUrl(deps, request, record.charger_id),
    verdict: verdictOf(record, results),
    signature: record.signature ?? null,
    results,
    places: store.chargers.all().flatMap(({ charger_id, latitude, longitude }) =>
      latitude === null || longitude === null ? [] : [{ charger_id, latitude, longitude }]
    ),
  };
}

/** Returns the gravest result of a test that is done. */
function verdictOf({ state }: Commissioning, results: readonly CommissioningResult[]): Report["verdict"] {
  if (state !== "done") return "unfinished";
  const graver = ["fail", "observation"] as const;
  return graver.find((one) => results.some(({ result }) => result === one)) ?? "pass";
}

async function withTexts(result: CommissioningResult, { store }: ReportDeps): Promise<ReportedResult> {
  const { name, does, judged, hint } = STEPS.find(({ id }) => id === result.step)!;
  const evidence = await store.commissioning_frames.get(resultKey(result));
  return { ...result, name, does, judged, hint, frames: evidence?.frames ?? [] };
}

function chargerOf({ charger_id }: Commissioning, { store }: ReportDeps): Report["charger"] {
  const charger = store.chargers.get(charger_id);
  if (!charger) return { charger_id };
  const { name, vendor, model, serial_number, firmware_version, latitude, longitude, last_path } = charger;
  return {
    charger_id,
    name,
    vendor,
    model,
    serial_number,
    firmware_version,
    latitude,
    longitude,
    last_path,
  } as Report["charger"];
}

/** Returns the report as an HTML page. */
export async function reportPage(report: Report, language: Language): Promise<string> {
  const qr = await qrSvg(report.landing_url);
  return "<!doctype html>" + renderToString(<Page report={report} language={language} qr={qr} />);
}

interface Part {
  report: Report;
  language: Language;
}

function Page({ report, language, qr }: Part & { qr: string }) {
  const t = translator(HANDOVER_REPORT, language);
  const { charger, site, verdict } = report;
  return (
    <html lang={LOCALES[language]}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${t("title")}: ${report.charger_id}`}</title>
        <style dangerouslySetInnerHTML={{ __html: REPORT_STYLE }} />
      </head>
      <body>
        <header>
          <div>
            <p>{site.name}</p>
            <h1>{t("title")}</h1>
            <h2>{String(charger.name || report.charger_id)}</h2>
            <p class={`verdict ${verdict}`}>{t(verdict === "observation" ? "observed" : verdict)}</p>
          </div>
          <div class="qr" dangerouslySetInnerHTML={{ __html: qr }} />
        </header>
        <main>
          <Facts report={report} language={language} />
          <Plan report={report} language={language} />
        </main>
        <Results report={report} language={language} />
        <Evidence report={report} language={language} />
        <Signature report={report} language={language} />
      </body>
    </html>
  );
}

function Facts({ report, language }: Part) {
  const t = translator(HANDOVER_REPORT, language);
  const { charger } = report;
  const place = charger.latitude == null ? "–" : `${charger.latitude}, ${charger.longitude}`;
  const facts: [string, unknown][] = [
    [t("charger"), report.charger_id],
    [t("vendor"), `${charger.vendor ?? "–"} ${charger.model ?? ""}`],
    [t("serial"), charger.serial_number],
    [t("firmware"), charger.firmware_version],
    [t("place"), place],
    [t("installer"), report.installer],
    [t("date"), timeOf(report.started_at, report, language)],
    [t("ended"), report.ended_at && timeOf(report.ended_at, report, language)],
    [t("time_zone"), report.time_zone],
    [t("version"), report.gateway_version],
    [t("notes"), report.notes],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{String(value || "–")}</dd>
        </div>
      ))}
    </dl>
  );
}

const PLAN = 200;

/** A sketch of the charger's position among the others; north is up. */
function Plan({ report: { places, charger_id }, language }: Part) {
  if (places.length < 2 || !places.some((place) => place.charger_id === charger_id)) return null;
  const squeeze = Math.cos(places[0]!.latitude * Math.PI / 180);
  const points = places.map((place) => ({ ...place, x: place.longitude * squeeze, y: -place.latitude }));
  const [left, top] = [Math.min(...points.map(({ x }) => x)), Math.min(...points.map(({ y }) => y))];
  const size = Math.max(...points.map(({ x, y }) => Math.max(x - left, y - top)), 1e-5);
  const at = (value: number, from: number) => 10 + (PLAN - 20) * (value - from) / size;
  return (
    <figure>
      <svg viewBox={`0 0 ${PLAN} ${PLAN}`} role="img">
        {points.map(({ charger_id: id, x, y }) => (
          <circle
            key={id}
            cx={at(x, left)}
            cy={at(y, top)}
            r={id === charger_id ? 7 : 3}
            class={id === charger_id ? "this" : ""}
          />
        ))}
      </svg>
      <figcaption>{translator(HANDOVER_REPORT, language)("plan")}</figcaption>
    </figure>
  );
}

/** The name of who has accepted the results, or a line for it. */
function Signature({ report, language }: Part) {
  const t = translator(HANDOVER_REPORT, language);
  const { signature } = report;
  return (
    <footer>
      {signature
        ? (
          <p class="signed">
            <b>{signature.name}</b>
            <br />
            {t("signed", { at: timeOf(signature.at, report, language) })}
          </p>
        )
        : <p class="line">{t("signature")}</p>}
      <p>{report.landing_url}</p>
    </footer>
  );
}

function Results({ report, language }: Part) {
  const t = translator(HANDOVER_REPORT, language);
  return (
    <table>
      <thead>
        <tr>
          <th>{t("step")}</th>
          <th>{t("connector")}</th>
          <th>{t("result")}</th>
          <th>{t("found")}</th>
        </tr>
      </thead>
      <tbody>
        {report.results.map((each) => (
          <tr key={resultKey(each)} class={each.result}>
            <td>{each.name[language]}</td>
            <td class={each.connector_id ? "" : "off"} data-label={t("connector")}>
              {each.connector_id || "–"}
            </td>
            <td>{t(each.result)}</td>
            <td>
              {each.reason[language]}
              {each.result === "fail" && <p class="hint">{each.hint[language]}</p>}
              <p class="figures">{figuresOf(each, report, language)}</p>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The frames of failed steps; the data has those of all steps. */
function Evidence({ report, language }: Part) {
  const failed = report.results.filter(({ result, frames }) => result === "fail" && frames.length > 0);
  if (failed.length === 0) return null;
  return (
    <section>
      <h3>{translator(HANDOVER_REPORT, language)("evidence")}</h3>
      {failed.map((each) => (
        <div key={resultKey(each)}>
          <h4>{each.name[language]} {each.connector_id || ""}</h4>
          <pre>{each.frames.map(({ at, direction, text }) => `${at} ${direction === "in" ? "→" : "←"} ${text}`).join("\n")}</pre>
        </div>
      ))}
    </section>
  );
}

/** Returns a result's figures in words, units and the site's zone. */
function figuresOf({ figures }: ReportedResult, { time_zone }: Report, language: Language): string {
  const format = { locale: LOCALES[language], time_zone };
  const column = columnOf(COMMISSIONING_FIGURES, language);
  return Object.entries(figures).map(([name, value]) =>
    figureText(name, value, { ...format, word: (key) => lookUp(column, key) })
  ).join(" · ");
}

function timeOf(iso: string, { time_zone }: Report, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    dateStyle: "long",
    timeStyle: "short",
    hourCycle: "h23",
    timeZone: time_zone,
  }).format(new Date(iso));
}
