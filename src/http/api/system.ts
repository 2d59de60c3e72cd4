// /ocpp/system/: the machine that the gateway runs on.
import { node } from "../../node.ts";
import type { Config } from "../../config.ts";
import type { Addresses } from "../../machine/addresses.ts";
import type { Maintenance } from "../../machine/maintenance.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import type { Store } from "../../store/store.ts";
import { VERSION } from "../../version.ts";
import { route } from "../route.ts";
import { named, Nullable, Time } from "../schemas.ts";
import { ClockSchema } from "./clock.ts";

const Port = Nullable(Type.Integer());

const Alarm = named(
  "Alarm",
  Type.Object({
    kind: Type.String(),
    text: Type.String({ description: "In English" }),
    texts: Type.Object({ en: Type.String(), es: Type.String() }),
    since: Time,
    failing: Type.Boolean({ description: "The gateway cannot do its work" }),
  }),
);

interface SystemDeps {
  maintenance: Pick<Maintenance, "disk" | "clock" | "alarms">;
  store: Pick<Store, "site" | "commits">;
  config: Pick<Config, "data_dir">;
  addresses: Pick<Addresses, "hosts" | "ports">;
}

/** The routes of /ocpp/system/. */
export const systemRoutes = [
  route({
    method: "GET",
    path: "/ocpp/system/",
    role: "viewer",
    summary: "Version, disk, memory, commits, clock, alarms, own addresses",
    response: Type.Object({
      version: Type.String(),
      deno: Type.String(),
      architecture: Type.String(),
      uptime_s: Type.Integer(),
      site_id: Type.String(),
      data_dir: Type.String(),
      disk_free_bytes: Nullable(Type.Integer()),
      memory_bytes: Type.Integer(),
      commits: Type.Object({
        commits: Type.Integer(),
        failures: Type.Integer(),
        mutations: Type.Integer(),
        last_error: Nullable(Type.String()),
        last_ms: Type.Number(),
        max_ms: Type.Number(),
        under_way_since: Nullable(Type.Number({ description: "Monotonic ms" })),
      }),
      clock: ClockSchema,
      hosts: Type.Array(Type.String()),
      charger_ports: Type.Object({ ws: Port, wss: Port }),
      alarms: Type.Array(Alarm),
    }),
    handle: (_, { maintenance, store, config, addresses }: SystemDeps) => ({
      version: VERSION,
      deno: Deno.version.deno,
      architecture: Deno.build.arch,
      uptime_s: Math.round(node("process").uptime()),
      site_id: store.site.site_id,
      data_dir: config.data_dir,
      disk_free_bytes: maintenance.disk?.free ?? null,
      memory_bytes: Deno.memoryUsage().rss,
      commits: store.commits.stats,
      clock: maintenance.clock.describe(),
      hosts: addresses.hosts(),
      charger_ports: addresses.ports,
      alarms: maintenance.alarms.all(),
    }),
  }),
];
