// Labels of chargers on sheets, as a page to print.
import { node } from "../../node.ts";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { LOCALES } from "../../i18n/language.ts";
import { type Language, translator } from "../../i18n/messages.ts";
import { LABEL_SHEETS } from "../../i18n/pages/label_sheets.ts";
import { LABEL_STOCKS, labelsOf, type StockName } from "./label_stocks.ts";
import { labelsStyle } from "./labels_style.ts";
import { qrSvg } from "./qr.ts";

/** A charger's label. */
export interface Label {
  charger_id: string;
  name: string;
  /** The address in its QR code. */
  url: string;
}

/** The sheets to print. */
export interface LabelSheets {
  labels: Label[];
  stock: StockName;
  /** The first free label of the first sheet, from 1. */
  start: number;
  /** With lines along which labels are cut out. */
  marks: boolean;
  site: string;
  /** A line of help; empty: none. */
  help: string;
}

/** Returns the CSP of a page of labels: it loads nothing but the script of its print button. */
export function labelsCsp({ stock, marks }: Pick<LabelSheets, "stock" | "marks">): string {
  const hash = node("crypto").createHash("sha256").update(labelsStyle(LABEL_STOCKS[stock], marks)).digest(
    "base64",
  );
  return `default-src 'none'; style-src 'sha256-${hash}'; script-src 'self'; img-src data:; base-uri 'none'; ` +
    "form-action 'none'; frame-ancestors 'none'";
}

/** Returns the page. Without chargers it has no sheet. */
export async function labelsPage(sheets: LabelSheets, language: Language): Promise<string> {
  const codes = await Promise.all(sheets.labels.map(({ url }) => qrSvg(url)));
  const labels = sheets.labels.map((label, index) => (
    <Sticker key={label.charger_id} label={label} qr={codes[index]!} sheets={sheets} />
  ));
  return "<!doctype html>" + renderToString(<Page sheets={sheets} labels={labels} language={language} />);
}

interface PageProps {
  sheets: LabelSheets;
  labels: VNode[];
  language: Language;
}

function Page({ sheets: { stock, start, marks, labels: { length } }, labels, language }: PageProps) {
  const t = translator(LABEL_SHEETS, language);
  const most = labelsOf(LABEL_STOCKS[stock]);
  const empty = Array.from(
    { length: length === 0 ? 0 : start - 1 },
    (_, index) => <div key={`empty ${index}`} />,
  );
  const places = [...empty, ...labels];
  const pages = Array.from(
    { length: Math.ceil(places.length / most) },
    (_, index) => places.slice(index * most, (index + 1) * most),
  );
  return (
    <html lang={LOCALES[language]}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{t("title")}</title>
        <style dangerouslySetInnerHTML={{ __html: labelsStyle(LABEL_STOCKS[stock], marks) }} />
        <script src="/static/print.js" defer></script>
      </head>
      <body>
        <div class="bar">
          <button type="button" hidden>{t("print")}</button>
          <p>{length === 0 ? t("none") : t("hint", { n: length, sheets: pages.length })}</p>
        </div>
        <main class="sheets">
          {pages.map((page, index) => <section key={index} class="sheet">{page}</section>)}
        </main>
      </body>
    </html>
  );
}

function Sticker({ label: { charger_id, name, url }, qr, sheets: { help, site } }: {
  label: Label;
  qr: string;
  sheets: LabelSheets;
}) {
  const shown = name || charger_id;
  return (
    <article class="label">
      <QrCode svg={qr} />
      <div>
        <b class={shown.length > 22 ? "longest" : shown.length > 12 ? "long" : ""}>{shown}</b>
        {name && name !== charger_id && <div class="id">{charger_id}</div>}
        {help && <p>{help}</p>}
        {site && <p>{site}</p>}
        <div class="url">{url}</div>
      </div>
    </article>
  );
}

/** The code's own SVG, as a child of the label. */
function QrCode({ svg }: { svg: string }) {
  const [, attributes = "", inner = ""] = /^[^]*?<svg([^>]*)>([^]*)<\/svg>/.exec(svg) ?? [];
  const viewBox = /viewBox="([^"]+)"/.exec(attributes)?.[1] ?? "0 0 1 1";
  return (
    <svg
      viewBox={viewBox}
      shape-rendering="crispEdges"
      aria-hidden="true"
      dangerouslySetInnerHTML={{ __html: inner }}
    />
  );
}
