// The HTML of the landing page, which works with and without JavaScript.
import type { ComponentChildren } from "preact";
import { LOCALES } from "../../i18n/language.ts";
import { type Language, translator } from "../../i18n/messages.ts";
import { DRIVER_REASONS, DRIVER_STATES, LANDING } from "../../i18n/pages/landing.ts";
import type { LandingConnector, LandingView } from "./landing_view.ts";

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
          <Plug key={connector.connector_id} connector={connector} view={view} language={language} />
        ))}
      </section>
      <Others view={view} language={language} />
      <How view={view} language={language} />
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

function Plug({ connector, view, language }: {
  connector: LandingConnector;
  view: LandingView;
  language: Language;
}) {
  const t = translator(LANDING, language);
  const { connector_id, running, since } = connector;
  const status = view.fresh ? connector.status : "offline";
  const known = Object.hasOwn(ICONS, connector.status) && view.fresh ? connector.status : "Unavailable";
  const advice = adviceOn(connector, language);
  const alone = view.connectors.length === 1;
  return (
    <article class={`plug ${known}`}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={ICONS[known]} />
      </svg>
      <div>
        {!alone && <h2>{connector_id > 0 ? `${t("connector")} ${connector_id}` : t("charger")}</h2>}
        <p class="state">{translator(DRIVER_STATES, language)(status)}</p>
        {advice && <p class="reason">{advice}</p>}
        {since && view.fresh && <p class="since">{sinceText(since, view, language)}</p>}
      </div>
      {running && <Figures connector={connector} language={language} />}
    </article>
  );
}

/** The reason why a connector charges slowly or not at all; null: none that a driver should read. */
function adviceOn({ shared, reason }: LandingConnector, language: Language): string | null {
  const t = translator(DRIVER_REASONS, language);
  if (shared) {
    const { with: n, waits } = shared;
    if (n === 0) return t(waits ? "limit_zero" : "limit_low");
    return t(waits ? "waits" : "shared", { n });
  }
  return reason && reason in DRIVER_REASONS ? t(reason) : null;
}

/** Other chargers that are free; above all where this one is not. */
function Others({ view: { others }, language }: { view: LandingView; language: Language }) {
  const t = translator(LANDING, language);
  if (others.length === 0) return null;
  return (
    <nav class="others" aria-label={t("others")}>
      {others.map(({ charger_id, name }) => (
        <a key={charger_id} href={`/ocpp/c/${encodeURIComponent(charger_id)}/`}>{t("is_free", { name })}</a>
      ))}
    </nav>
  );
}

/** The way to a charge, where the charger can be used at all; a card is named only where one is needed. */
function How({ view, language }: { view: LandingView; language: Language }) {
  const t = translator(LANDING, language);
  const usable = view.connectors.some(({ status }) => status !== "Faulted" && status !== "Unavailable");
  if (!view.accepted || !view.fresh || !usable) return null;
  return (
    <section class="how">
      <h2>{t("how")}</h2>
      <ol>
        <li>{view.require_rfid ? t("tap_1") : t("free_1")}</li>
        <li>{view.require_rfid ? t("tap_2") : t("free_2")}</li>
        <li>{view.require_rfid ? t("tap_3") : t("free_3")}</li>
      </ol>
      {view.price && (
        <p class="price">
          <b>{t("price")}</b> {view.price}
        </p>
      )}
    </section>
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

/** Help, always: who has written nothing down is still asked on site. */
function Help({ view: { help }, language }: { view: LandingView; language: Language }) {
  const t = translator(LANDING, language);
  const digits = (text: string) => text.replace(/\D/g, "");
  const site = help.site || t("this_site");
  return (
    <section class="help">
      <h2>{t("help")}</h2>
      <p>{help.text ?? (help.phone || help.whatsapp ? t("help_call", { site }) : t("help_ask", { site }))}</p>
      {help.phone && <a class="call" href={`tel:+${digits(help.phone)}`}>{`${t("call")} ${help.phone}`}</a>}
      {help.whatsapp && (
        <a
          class={help.phone ? "write" : "call"}
          href={`https://wa.me/${digits(help.whatsapp)}`}
          rel="noreferrer"
        >
          WhatsApp
        </a>
      )}
    </section>
  );
}

/** Returns since when: the time of day, with the date if it is not today on the site's clocks. */
function sinceText(iso: string, { time_zone: timeZone, now }: LandingView, language: Language): string {
  const day = (at: number) => new Intl.DateTimeFormat("sv", { timeZone, dateStyle: "short" }).format(at);
  const at = Date.parse(iso);
  const date = day(at) === day(now) ? {} : { day: "numeric" as const, month: "short" as const };
  const time = new Intl.DateTimeFormat(LOCALES[language], {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...date,
  });
  return translator(LANDING, language)("since", { at: time.format(at) });
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
