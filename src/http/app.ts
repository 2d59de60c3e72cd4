// All doors on one page: what is public, what needs the operator, and what errors look like.
import { type Context, Hono } from "hono";
import { describeError } from "../log.ts";
import { StorageError } from "../store/kv/commits.ts";
import { actionRoutes } from "./api/actions.ts";
import { auditRoutes } from "./api/audit.ts";
import { chargerRoutes } from "./api/chargers.ts";
import { commissioningRoutes } from "./api/commissioning.ts";
import { configurationRoutes, standardRoutes } from "./api/configuration.ts";
import { eventRoutes } from "./api/events.ts";
import { chargerFileRoutes, firmwareRoutes } from "./api/files.ts";
import { heldRoutes, siteHeldRoutes } from "./api/held.ts";
import { mapRoutes } from "./api/map.ts";
import { planRoutes } from "./api/plan.ts";
import { powerRoutes } from "./api/power.ts";
import { readingRoutes } from "./api/readings.ts";
import { revocationRoutes } from "./api/revocations.ts";
import { rfidRoutes } from "./api/rfids.ts";
import { loginRoutes, sessionRoutes } from "./api/session.ts";
import { settingsRoutes } from "./api/settings.ts";
import { cloneRoutes, scenarioRoutes, simulatorRoutes } from "./api/simulators.ts";
import { backupRoutes, clockRoutes, systemRoutes } from "./api/system.ts";
import { setupRoutes } from "./api/setup.ts";
import { tileRoutes } from "./api/tiles.ts";
import { tokenRoutes } from "./api/tokens.ts";
import { transactionRoutes } from "./api/transactions.ts";
import { userRoutes } from "./api/users.ts";
import { waitingRoutes } from "./api/waiting.ts";
import { audited } from "./auth/audit.ts";
import { filesApp } from "./files/files.ts";
import { bodyLimit, guard, headers, sameOrigin, setupFirst } from "./auth/guards.ts";
import { healthOf } from "./api/health.ts";
import { HttpError } from "./http_error.ts";
import { landingRoutes } from "./pages/landing.tsx";
import { METRICS_TYPE, metricsDoor, metricsOf } from "./api/metrics.ts";
import { openapi } from "./openapi.ts";
import type { Services } from "./services.ts";
import { staticRoutes } from "./pages/static_files.ts";

/** The program's web side: give it requests. */
export function createApp(services: Services): Hono {
  const app = new Hono({ strict: false });
  app.use(headers, sameOrigin, setupFirst(services), bodyLimit(services));
  app.get("/healthz", (c) => c.json(healthOf(services)));
  app.get("/openapi.json", (c) => c.json(openapi(new URL(c.req.url).origin, services.central.protocols)));
  app.route("/", landingRoutes(services));
  app.route("/", staticRoutes());
  app.get("/", (c) => c.redirect("/admin/"));
  app.route("/", loginRoutes(services));
  app.route("/files", filesApp(services));
  app.route("/ocpp/setup", setupRoutes(services));
  app.use("/ocpp/*", guard(services), audited(services));
  app.get(
    "/metrics",
    metricsDoor(services),
    (c) => c.text(metricsOf(services), 200, { "content-type": METRICS_TYPE }),
  );
  app.route("/ocpp", sessionRoutes(services));
  app.route("/ocpp/users", userRoutes(services));
  app.route("/ocpp/tokens", tokenRoutes(services));
  app.route("/ocpp/waiting", waitingRoutes(services));
  app.route("/ocpp/audit", auditRoutes(services));
  app.route("/ocpp/revocations", revocationRoutes(services));
  app.route("/ocpp/chargers", chargerRoutes(services));
  app.route("/ocpp/chargers", actionRoutes(services));
  app.route("/ocpp/chargers", readingRoutes(services));
  app.route("/ocpp/chargers", heldRoutes(services));
  app.route("/ocpp/chargers", configurationRoutes(services));
  app.route("/ocpp/chargers", chargerFileRoutes(services));
  app.route("/ocpp/chargers", cloneRoutes(services));
  app.route("/ocpp/firmware", firmwareRoutes(services));
  app.route("/ocpp/standards", standardRoutes(services));
  app.route("/ocpp", siteHeldRoutes(services));
  app.route("/ocpp/transactions", transactionRoutes(services));
  app.route("/ocpp/rfids", rfidRoutes(services));
  app.route("/ocpp/simulators", simulatorRoutes(services));
  app.route("/ocpp/scenarios", scenarioRoutes());
  app.route("/ocpp/commissioning", commissioningRoutes(services));
  app.route("/ocpp/settings", settingsRoutes(services));
  app.route("/ocpp/clock", clockRoutes(services));
  app.route("/ocpp/backups", backupRoutes(services));
  app.route("/ocpp/system", systemRoutes(services));
  app.route("/ocpp/power", powerRoutes(services));
  app.route("/ocpp/plan", planRoutes(services));
  app.route("/ocpp/tiles", tileRoutes(services));
  app.route("/ocpp/map", mapRoutes(services));
  app.route("/ocpp/events", eventRoutes(services));
  app.notFound((c) => c.json({ error: "There is nothing at this address" }, 404));
  app.onError((error, c) => answerError(error, c, services));
  return app;
}

function answerError(error: Error, c: Context, { log }: Services): Response {
  if (error instanceof HttpError) {
    const wait = error.more.retry_after;
    const headers = typeof wait === "number" ? { "retry-after": String(wait) } : {};
    return c.json({ error: error.message, ...error.more }, error.status, headers);
  }
  if (error instanceof StorageError) {
    return c.json({ error: "Nothing was changed: the database cannot be written" }, 503);
  }
  log.error("Cannot answer a request", { path: c.req.path, error: describeError(error) });
  return c.json({ error: "Internal error: see the log of the gateway" }, 500);
}
