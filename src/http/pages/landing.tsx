// A charger's public landing page, for drivers who scan its label. It has no idTags and no serial numbers.
import { type Context as Exchange, Hono } from "hono";
import type { VNode } from "preact";
import type { CentralSystem } from "../../central/central_system.ts";
import type { Config } from "../../config.ts";
import { renderToString } from "preact-render-to-string";
import { acceptedTags, languageOf } from "../../i18n/language.ts";
import { connectorViews } from "../../site/charger_state.ts";
import type { Charger, Settings, Store } from "../../store/store.ts";
import { LandingPage, type LandingView, NotFoundPage } from "./landing_page.tsx";
import { answerError, HttpError } from "../http_error.ts";
import { onlyMethods } from "../methods.ts";
import { landingUrl } from "./landing_url.ts";
import { qrPng, qrSvg } from "./qr.ts";

/** The age up to which figures are shown as current, ms. */
const FRESH_MS = 15 * 60_000;

const CSP =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** The parts that landing pages are made of. */
export interface LandingDeps {
  store: Store;
  central: Pick<CentralSystem, "registeredId" | "state" | "isConnected">;
  config: Pick<Config, "public_url" | "port">;
  /** ms since 1970. */
  now: () => number;
}

/** The landing pages and their QR codes, all public. */
export function landingRoutes(deps: LandingDeps): Hono {
  const app = new Hono({ strict: false });
  const known = (c: Exchange): Charger | undefined => {
    const { central, store } = deps;
    return store.chargers.get(central.registeredId(c.req.param("charger_id") ?? ""));
  };
  app.get("/ocpp/c/:charger_id", (c) => {
    const language = languageOf(
      acceptedTags(c.req.header("accept-language")),
      deps.store.settings.language,
    );
    const charger = known(c);
    if (!charger) return html(<NotFoundPage language={language} />, 404);
    return html(<LandingPage view={viewOf(charger, deps)} language={language} />, 200);
  });
  app.get("/ocpp/c/:charger_id/qr.svg", async (c) => {
    const charger = known(c);
    if (!charger) return answerError(c, new HttpError("not_found", "There is no such charger"));
    const svg = await qrSvg(landingUrl(deps, c.req.raw, charger.charger_id));
    return c.body(svg, 200, { "content-type": "image/svg+xml", "cache-control": "no-cache" });
  });
  app.get("/ocpp/c/:charger_id/qr.png", async (c) => {
    const charger = known(c);
    if (!charger) return answerError(c, new HttpError("not_found", "There is no such charger"));
    const png = await qrPng(landingUrl(deps, c.req.raw, charger.charger_id));
    return c.body(png, 200, { "content-type": "image/png", "cache-control": "no-cache" });
  });
  for (const path of ["", "/qr.svg", "/qr.png"]) app.all(`/ocpp/c/:charger_id${path}`, onlyMethods("GET"));
  return app;
}

/** Returns the data of the page, and nothing else of the charger. */
function viewOf(charger: Charger, { central, store, now }: LandingDeps): LandingView {
  const state = central.state(charger.charger_id);
  const connectors = connectorViews(charger, state, store);
  const plugs = connectors.filter(({ connector_id }) => connector_id > 0);
  return {
    charger_id: charger.charger_id,
    name: charger.name || charger.charger_id,
    accepted: charger.registration === "Accepted",
    require_rfid: charger.require_rfid,
    fresh: central.isConnected(charger.charger_id) && now() - (state.last_seen ?? 0) < FRESH_MS,
    age_s: state.last_seen === null ? null : Math.max(0, Math.round((now() - state.last_seen) / 1000)),
    connectors: (plugs.length > 0 ? plugs : connectors).map((connector) => ({
      connector_id: connector.connector_id,
      status: connector.status,
      running: connector.transaction_id !== null,
      power_w: connector.power_w,
      energy_wh: connector.energy_wh,
      seconds: secondsOf(connector.transaction_id, store, now()),
    })),
    help: helpOf(store.settings),
  };
}

function secondsOf(transaction_id: number | null, store: Store, now: number): number | null {
  const transaction = transaction_id === null ? undefined : store.transactions.activeById(transaction_id);
  if (!transaction) return null;
  return Math.max(0, Math.round((now - Date.parse(transaction.start_received)) / 1000));
}

/** Returns the site's help from its settings. */
function helpOf(settings: Settings): LandingView["help"] {
  const { help_text, phone, whatsapp } = settings;
  const text = (value: string) => value.trim() || null;
  return { site: settings.name, text: text(help_text), phone: text(phone), whatsapp: text(whatsapp) };
}

function html(page: VNode, status: 200 | 404): Response {
  return new Response("<!doctype html>" + renderToString(page), {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": CSP,
      vary: "accept-language",
    },
  });
}
