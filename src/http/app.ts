// The web side of the program: REST, pages, files for chargers, and the errors of all of them.
import { type Context, Hono } from "hono";
import { describeError, type Log } from "../log.ts";
import { StorageError, TooLargeError } from "../store/kv/commits.ts";
import type { CentralSystem } from "../central/central_system.ts";
import { type ApiDeps, ROUTES } from "./routes.ts";
import type { HostDeps } from "./admission/origin.ts";
import {
  authenticate,
  type BodyDeps,
  bodyLimit,
  headers,
  ownHost,
  sameOrigin,
  setupFirst,
} from "./auth/guards.ts";
import { compressed } from "./compression.ts";
import { filesApp, type FilesDeps } from "./files/files.ts";
import { answerError, HttpError } from "./http_error.ts";
import { headOnly, onlyMethods } from "./methods.ts";
import { openapi } from "./openapi.ts";
import { type LandingDeps, landingRoutes } from "./pages/landing.tsx";
import { staticRoutes } from "./pages/static_files.ts";
import { mount } from "./router.ts";

/** The parts that the web side works with. */
export type AppDeps = ApiDeps & FilesDeps & LandingDeps & HostDeps & BodyDeps & { central: CentralSystem };

/** Returns the web side, which requests are given to. */
export function createApp(deps: AppDeps): Hono {
  const app = new Hono({ strict: false });
  app.use(headOnly, compressed, headers, ownHost(deps), sameOrigin, setupFirst(deps), bodyLimit(deps));
  app.get("/openapi.json", (c) => {
    const { protocols } = deps.central;
    return c.json(openapi(new URL(c.req.url).origin, { routes: ROUTES, protocols }));
  });
  app.all("/openapi.json", onlyMethods("GET"));
  app.route("/", landingRoutes(deps));
  app.route("/", staticRoutes());
  app.get("/", (c) => c.redirect("/admin/"));
  app.all("/", onlyMethods("GET"));
  app.route("/files", filesApp(deps));
  mount(app, ROUTES, deps);
  app.use("/ocpp/*", async (c, next) => {
    await authenticate(c, deps); // strangers are not told which paths there are
    await next();
  });
  app.notFound((c) => answerError(c, new HttpError("not_found", "There is nothing at this address")));
  app.onError((error, c) => answerError(c, publicError(error, c, deps)));
  return app;
}

/** Returns an error as the client may see it. A bug is logged, and named by its status only. */
function publicError(error: Error, c: Context, { log }: { log: Log }): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof StorageError) {
    return new HttpError("storage_failed", "Nothing was changed: the database cannot be written");
  }
  if (error instanceof TooLargeError) {
    return new HttpError("body_too_large", "Nothing was changed: the database holds records of up to 64 kB");
  }
  log.error("Cannot answer a request", { path: c.req.path, error: describeError(error) });
  return new HttpError("internal", "Internal error: see the log of the gateway");
}
