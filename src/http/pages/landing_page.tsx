// The HTML of the landing page, which works with and without JavaScript.
import type { ComponentChildren } from "preact";
import { LOCALES } from "../../i18n/language.ts";
import { type Language, translator } from "../../i18n/messages.ts";
import { DRIVER_STATES, LANDING } from "../../i18n/pages/landing.ts";

/** The data of the page. */
export interface LandingView {
  charger_id: string;
  name: string;
  accepted: boolean;
  require_rfid: boolean;
  /** True: the figures are current. */
  fresh: boolean;
  /** Their age, s; null: no message from the charger since the gateway started. */
  age_s: number | null;
  connectors: LandingConnector[];
  help: { site: string; text: string | null; phone: string | null; whatsapp: string | null };
}

/** A connector as a driver sees it. */
export interface LandingConnector {
  connector_id: number;
  status: string;
  running: boolean;
  power_w: number | null;
  energy_wh: number | null;
  /** The duration of the session so far, s; null: no session. */
  seconds: number | null;
}

/** An icon for each state, so that colour is not the only sign. */
const ICONS: Record<string, string> = {
  Available: "M5 12.5l4.5 4.5L19 7.5",
  Preparing: "M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4",
  Charging: "M13 3L5 14h6l-1 7 8-11h-6z",
  SuspendedEV: "M9 5v14M15 5v14",
  SuspendedEVSE: "M9 5v14M15 5v14",
  Finishing: "M5 4v17M5 5h13l-3 4 3 4H5",
  Reserved: "M12 7v5l3 3M12 3a9 9 0 1 0 .01 0z",
  Unavailable: "M5.6 5.6l12.8 12.8M12 3a9 9 0 1 0 .01 0z",
  Faulted: "M12 4L2.5 20h19zM12 10v4M12 17v.5",
};

/** Renders the page of a charger. */
export function LandingPage({ view, language }: { view: LandingView; language: Language }) {
  const t = translator(LANDING, language);
  return (
    <Shell title={view.name} language={language} live>
      <header>
        {view.help.site && <p class="site">{view.help.site}</p>}
        <h1>{view.name}</h1>
        {view.name !== view.charger_id && <p class="id">{view.charger_id}</p>}
      </header>
      <Notice view={view} language={language} />
      <section class={view.fresh ? "plugs" : "plugs stale"} aria-live="polite">
        {view.connectors.map((connector) => (
          <Plug key={connector.connector_id} connector={connector} language={language} />
        ))}
      </section>
      <section class="how">
        <h2>{t("how")}</h2>
        <ol>
          <li>{view.require_rfid ? t("tap_1") : t("free_1")}</li>
          <li>{view.require_rfid ? t("tap_2") : t("free_2")}</li>
          <li>{view.require_rfid ? t("tap_3") : t("free_3")}</li>
        </ol>
      </section>
      <Help view={view} language={language} />
    </Shell>
  );
}

/** Renders the page of an unknown charger. */
export function NotFoundPage({ language }: { language: Language }) {
  const t = translator(LANDING, language);
  return (
    <Shell title={t("not_found")} language={language}>
      <header>
        <p class="site">404</p>
        <h1>{t("not_found")}</h1>
      </header>
      <p>{t("not_found_text")}</p>
    </Shell>
  );
}

interface ShellProps {
  title: string;
  language: Language;
  /** True: the page updates itself. */
  live?: boolean;
  children: ComponentChildren;
}

function Shell({ title, language, live, children }: ShellProps) {
  return (
    <html lang={LOCALES[language]}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        <link rel="icon" href="/static/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/static/landing.css" />
        {live && <script src="/static/landing.js" defer></script>}
        {live && (
          <noscript>
            <meta http-equiv="refresh" content="15" />
          </noscript>
        )}
      </head>
      <body>
        <main>{children}</main>
        {live && <p id="lost" role="status" hidden>{translator(LANDING, language)("lost")}</p>}
      </body>
    </html>
  );
}

function Notice({ view, language }: { view: LandingView; language: Language }) {
  const t = translator(LANDING, language);
  if (!view.accepted) return <p class="notice">{t("closed")}</p>;
  if (view.fresh) return null;
  if (view.age_s === null) return <p class="notice">{t("never")}</p>;
  return <p class="notice">{`${t("old")} ${ageText(view.age_s, language)}.`}</p>;
}

function Plug({ connector, language }: { connector: LandingConnector; language: Language }) {
  const t = translator(LANDING, language);
  const { connector_id, status, running } = connector;
  const known = status in ICONS ? status : "Unavailable";
  return (
    <article class={`plug ${known}`}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={ICONS[known]} />
      </svg>
      <div>
        <h2>{connector_id > 0 ? `${t("connector")} ${connector_id}` : t("charger")}</h2>
        <p class="state">{translator(DRIVER_STATES, language)(status)}</p>
        {status === "Faulted" && <p>{t("fault")}</p>}
      </div>
      {running && <Figures connector={connector} language={language} />}
    </article>
  );
}

function Figures({ connector, language }: { connector: LandingConnector; language: Language }) {
  const t = translator(LANDING, language);
  const kilo = (value: number | null, unit: string) =>
    value === null ? "–" : `${numberText(value / 1000, language)} ${unit}`;
  return (
    <dl>
      <div>
        <dt>{t("power")}</dt>
        <dd>{kilo(connector.power_w, "kW")}</dd>
      </div>
      <div>
        <dt>{t("energy")}</dt>
        <dd>{kilo(connector.energy_wh, "kWh")}</dd>
      </div>
      <div>
        <dt>{t("duration")}</dt>
        <dd>{durationText(connector.seconds ?? 0)}</dd>
      </div>
    </dl>
  );
}

function Help({ view: { help }, language }: { view: LandingView; language: Language }) {
  const t = translator(LANDING, language);
  if (!help.text && !help.phone && !help.whatsapp) return null;
  const digits = (text: string) => text.replace(/\D/g, "");
  return (
    <section class="help">
      <h2>{t("help")}</h2>
      {help.text && <p>{help.text}</p>}
      <p class="calls">
        {help.phone && <a href={`tel:+${digits(help.phone)}`}>{`${t("call")} ${help.phone}`}</a>}
        {help.whatsapp && <a href={`https://wa.me/${digits(help.whatsapp)}`} rel="noreferrer">WhatsApp</a>}
      </p>
    </section>
  );
}

function numberText(value: number, language: Language): string {
  return new Intl.NumberFormat(LOCALES[language], { minimumFractionDigits: 1, maximumFractionDigits: 1 })
    .format(value);
}

function durationText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

function ageText(seconds: number, language: Language): string {
  const format = new Intl.RelativeTimeFormat(LOCALES[language]);
  if (seconds < 90) return format.format(-seconds, "second");
  if (seconds < 5400) return format.format(-Math.round(seconds / 60), "minute");
  if (seconds < 129_600) return format.format(-Math.round(seconds / 3600), "hour");
  return format.format(-Math.round(seconds / 86_400), "day");
}
