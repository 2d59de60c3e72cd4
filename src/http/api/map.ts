// /ocpp/map/: the site's own street map, for places without Internet.
import type { SiteMap, SiteMapView } from "../files/site_map.ts";
import { HttpError } from "../http_error.ts";
import { route } from "../route.ts";
import { emitSettings, type SettingsDeps, SiteMapSchema } from "./settings.ts";
import { fileBody } from "../input.ts";

interface MapDeps extends SettingsDeps {
  map: SiteMap;
}

/** The routes of /ocpp/map/. */
export const mapRoutes = [
  route({
    method: "GET",
    path: "/ocpp/map/",
    role: "viewer",
    summary: "The site's own map",
    response: SiteMapSchema,
    errors: ["not_found"],
    handle: (_, { map }: MapDeps) => existing(map),
  }),
  route({
    method: "PUT",
    path: "/ocpp/map/",
    role: "admin",
    summary: "Upload the site's own map: a PMTiles file",
    audit: { action: "change", kind: "map" },
    upload: "application/octet-stream",
    response: SiteMapSchema,
    status: 201,
    errors: [
      "invalid_file",
      "state_forbids",
      "body_too_large",
      "body_too_slow",
      "not_possible_here",
      "not_found",
    ],
    async handle({ c }, deps: MapDeps) {
      await deps.map.save(fileBody(c), Number(c.req.header("content-length") ?? 0));
      await emitSettings(deps);
      return await existing(deps.map);
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/map/",
    role: "admin",
    summary: "Delete the site's own map",
    audit: { action: "delete", kind: "map" },
    response: null,
    async handle(_, deps: MapDeps) {
      await deps.map.remove();
      await emitSettings(deps);
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/map/file",
    role: "viewer",
    summary: "Download the site's own map, or a range of it",
    response: "application/octet-stream",
    also: { 206: "application/octet-stream" },
    errors: ["not_found", "range_not_satisfiable"],
    handle: ({ c }, { map }: MapDeps) => map.download(c.req.header("range")),
  }),
];

async function existing(map: SiteMap): Promise<SiteMapView> {
  const view = await map.view();
  if (view) return view;
  throw new HttpError("not_found", "The site has no map of its own", { values: { kind: "map" } });
}
