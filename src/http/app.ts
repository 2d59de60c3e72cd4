// All doors on one page: what is public, what needs the operator, and what errors look like.
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { describeError } from "../log.ts";
import { actionRoutes } from "./api/actions.ts";
import { chargerRoutes } from "./api/chargers.ts";
import { eventRoutes } from "./api/events.ts";
import { readingRoutes } from "./api/readings.ts";
import { rfidRoutes } from "./api/rfids.ts";
import { settingsRoutes } from "./api/settings.ts";
import { transactionRoutes } from "./api/transactions.ts";
import { healthOf } from "./health.ts";
import { HttpError } from "./http_error.ts";
import { landingRoutes } from "./landing.tsx";
import { openapi } from "./openapi.ts";
import type { Services } from "./services.ts";
import { staticRoutes } from "./static_files.ts";

/** The program's web side: give it requests. */
export function createApp(services: Services): Hono {
  const app = new Hono({ strict: false });
  app.use(headers);
  app.get("/healthz", (c) => c.json(healthOf(services)));
  app.get("/openapi.json", (c) => c.json(openapi(new URL(c.req.url).origin)));
  app.route("/", landingRoutes(services));
  app.route("/", staticRoutes());
  app.get("/", (c) => c.redirect("/admin/"));
  app.use("/ocpp/*", operatorsOnly(services));
  app.route("/ocpp/chargers", chargerRoutes(services));
  app.route("/ocpp/chargers", actionRoutes(services));
  app.route("/ocpp/chargers", readingRoutes(services));
  app.route("/ocpp/transactions", transactionRoutes(services));
  app.route("/ocpp/rfids", rfidRoutes(services));
  app.route("/ocpp/settings", settingsRoutes(services));
  app.route("/ocpp/events", eventRoutes(services));
  app.notFound((c) => c.json({ error: "There is nothing at this address" }, 404));
  app.onError((error, c) => answerError(error, c, services));
  return app;
}

const CSP =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; " +
  "base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

const headers: MiddlewareHandler = async (c, next) => {
  await next();
  c.header("x-content-type-options", "nosniff");
  c.header("content-security-policy", CSP);
  c.header("referrer-policy", "strict-origin-when-cross-origin");
  if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
};

function operatorsOnly({ auth }: Services): MiddlewareHandler {
  return async (c, next) => {
    if (!await auth.operatorOf(c.req.raw.headers)) {
      c.header("www-authenticate", 'Basic realm="ocpp-gateway"');
      return c.json({ error: "Log in first" }, 401);
    }
    await next();
  };
}

function answerError(error: Error, c: Context, { log }: Services): Response {
  if (error instanceof HttpError) return c.json({ error: error.message, ...error.more }, error.status);
  log.error("Cannot answer a request", { path: c.req.path, error: describeError(error) });
  return c.json({ error: "Something failed here; the log says what" }, 500);
}
