// A charger's public landing page, for drivers who scan its label. It has no idTags and no serial numbers.
import { type Context as Exchange, Hono } from "hono";
import type { VNode } from "preact";
import type { Config } from "../../config.ts";
import { renderToString } from "preact-render-to-string";
import { acceptedTags, languageOf } from "../../i18n/language.ts";
import type { Charger } from "../../store/store.ts";
import { LandingPage, NotFoundPage } from "./landing_page.tsx";
import { landingView, type LandingViewDeps } from "./landing_view.ts";
import { answerError, HttpError } from "../http_error.ts";
import { onlyMethods } from "../methods.ts";
import { landingUrl } from "./landing_url.ts";
import { qrPng, qrSvg } from "./qr.ts";

const CSP =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** The parts that landing pages are made of. */
export interface LandingDeps extends LandingViewDeps {
  config: Pick<Config, "public_url" | "port">;
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
    return html(<LandingPage view={landingView(charger, deps)} language={language} />, 200);
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
