// /ocpp/map/: the site's own map, for places without Internet.
import { Hono } from "hono";
import { HttpError } from "../http_error.ts";
import type { Services } from "../services.ts";
import { tellSettings } from "./settings.ts";

/** The routes of the map: see, upload, download, delete. */
export function mapRoutes(services: Services): Hono {
  const { map } = services;
  const app = new Hono({ strict: false });
  const there = async () => {
    const view = await map.view();
    if (view) return view;
    throw new HttpError(404, "The site has no map of its own");
  };
  app.get("/", async (c) => c.json(await there()));
  app.put("/", async (c) => {
    await map.save(c.req.raw.body, Number(c.req.header("content-length") ?? 0));
    return c.json((await tellSettings(services)).map, 201);
  });
  app.get("/file", async (c) => await map.download(c.req.header("range")));
  app.delete("/", async (c) => {
    await map.remove();
    await tellSettings(services);
    return c.body(null, 204);
  });
  return app;
}
