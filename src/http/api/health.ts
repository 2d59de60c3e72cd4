// /healthz: the gateway's health.
import type { CentralSystem } from "../../central/central_system.ts";
import type { Maintenance } from "../../machine/maintenance.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import type { UpgradeProgress, Upgrades } from "../../services/upgrades.ts";
import type { Store } from "../../store/store.ts";
import { VERSION } from "../../version.ts";
import { route } from "../route.ts";
import { Time } from "../schemas.ts";

const STUCK_MS = 10_000;

/** The parts that determine the health. */
export interface HealthDeps {
  store: Pick<Store, "commits" | "reads">;
  central: Pick<CentralSystem, "connected">;
  maintenance: Pick<Maintenance, "alarms" | "started_at">;
  upgrades: Pick<Upgrades, "progress">;
}

/** The gateway's health. */
export interface Health {
  /** `ok`: chargers can connect and what they send is stored. */
  status: "ok" | "failing";
  version: string;
  started_at: string;
  /** Connected chargers. */
  connected: number;
  problem?: string;
  alarms?: string[];
  /** Work on the records of an older program; left out: none is left. */
  upgrades?: UpgradeProgress[];
}

/** The routes of /healthz. */
export const healthRoutes = [
  route({
    method: "GET",
    path: "/healthz",
    role: "public",
    summary: "The gateway's health",
    response: Type.Object({
      status: Type.Enum(["ok", "failing"]),
      version: Type.String(),
      started_at: Time,
      connected: Type.Integer({ description: "Connected chargers" }),
      problem: Type.Optional(Type.String()),
      alarms: Type.Optional(Type.Array(Type.String())),
      upgrades: Type.Optional(
        Type.Array(Type.Object({ name: Type.Enum(["indexes", "sums"]), percent: Type.Integer() }), {
          description: "Work on the records of an older program, done while serving",
        }),
      ),
    }),
    handle: (_, deps: HealthDeps) => healthOf(deps),
  }),
];

/** Returns the gateway's health. */
export function healthOf({ store, central, maintenance, upgrades }: HealthDeps): Health {
  const { last_error, under_way_since } = store.commits.stats;
  const stuck = under_way_since !== null && performance.now() - under_way_since > STUCK_MS;
  const alarms = maintenance.alarms.all();
  const unfinished = upgrades.progress();
  const problem = stuck ? "The database does not answer" : alarms.find(({ failing }) => failing)?.text ??
    (last_error !== null
      ? "The database cannot be written"
      : store.reads?.last_error
      ? "The database cannot be read"
      : null);
  return {
    status: problem === null ? "ok" : "failing",
    version: VERSION,
    started_at: maintenance.started_at,
    connected: central.connected,
    ...(problem ? { problem } : {}),
    ...(unfinished.length ? { upgrades: unfinished } : {}),
    ...(alarms.length ? { alarms: alarms.map(({ text }) => text) } : {}),
  };
}
