// /ocpp/clock/, /ocpp/backups/ and /ocpp/system/: the machine that the gateway runs on.
import { type Context, Hono } from "hono";
import process from "node:process";
import { Type } from "../../ocpp/schema_builder.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import { workOnDatabase } from "../../store/file/database_work.ts";
import { pendingRestore } from "../../store/file/site_guard.ts";
import type { Site } from "../../store/site.ts";
import { VERSION } from "../../version.ts";
import { HttpError } from "../http_error.ts";
import { readBody } from "../input.ts";
import type { Services } from "../services.ts";

/** What a POST to the clock holds. */
export const NewTime = Type.Object({ now: Type.String({ format: "date-time" }) }, {
  additionalProperties: false,
});
const timeChecker = { ...checkerOf(NewTime), schema: NewTime };
const EARLIEST = Date.UTC(2025, 0, 1);

/** The routes of the clock: how it stands, and the operator's word on it. */
export function clockRoutes({ maintenance, store }: Services): Hono {
  const app = new Hono({ strict: false });
  const state = () => ({
    ...maintenance.clock.describe(),
    settled: maintenance.clock.settled,
    steps: store.clock.get("clock")?.steps ?? [],
  });
  app.get("/", (c) => c.json(state()));
  app.post("/", async (c) => {
    const { now } = await readBody(c, timeChecker);
    const time = Date.parse(now);
    if (!(time >= EARLIEST)) throw new HttpError(400, "now must be a time after 2025-01-01");
    maintenance.clock_monitor.set(time);
    return c.json(state());
  });
  return app;
}

/** The routes of the backups. */
export function backupRoutes(services: Services): Hono {
  const app = new Hono({ strict: false });
  const backups = () => {
    if (services.maintenance.backups) return services.maintenance.backups;
    throw new HttpError(409, "There is no database file to back up");
  };
  app.get("/", async (c) => {
    const next = await backups().next();
    return c.json({
      backups: await backups().list(),
      next: null,
      next_nightly: next === null ? null : new Date(next).toISOString(),
    });
  });
  app.post("/", async (c) => {
    const { path, bytes } = await backups().make().catch((error) => {
      throw new HttpError(503, `The backup failed: ${error instanceof Error ? error.message : error}`);
    });
    return c.json({ name: path.split("/").at(-1), bytes }, 201);
  });
  app.post("/restore", async (c) => c.json(await stageRestore(c, services), 202));
  app.get("/:name", async (c) => await download(c, backups().folder));
  return app;
}

/** The routes of the system's state. */
export function systemRoutes({ maintenance, store, config, addresses }: Services): Hono {
  const app = new Hono({ strict: false });
  app.get("/", (c) =>
    c.json({
      version: VERSION,
      deno: Deno.version.deno,
      architecture: Deno.build.arch,
      uptime_s: Math.round(process.uptime()),
      site_id: store.site.site_id,
      data_dir: config.data_dir,
      disk_free_bytes: maintenance.disk?.free ?? null,
      memory_bytes: Deno.memoryUsage().rss,
      commits: store.commits.stats,
      clock: maintenance.clock.describe(),
      hosts: addresses.hosts(),
      charger_ports: addresses.ports,
      alarms: maintenance.alarms.all(),
    }));
  return app;
}

async function download(c: Context, folder: string): Promise<Response> {
  const name = c.req.param("name")!;
  if (!/^gateway-[\w-]+\.db$/.test(name)) throw new HttpError(404, "There is no such backup");
  const file = await Deno.open(`${folder}/${name}`).catch(() => null);
  if (!file) throw new HttpError(404, "There is no such backup");
  const { size } = await file.stat();
  return new Response(file.readable, {
    headers: {
      "content-type": "application/octet-stream",
      "content-length": String(size),
      "content-disposition": `attachment; filename="${name}"`,
    },
  });
}

/** Keeps the uploaded backup beside the database and has the gateway start anew, which puts it in its place. Throws HttpError. */
export async function stageRestore(
  c: Context,
  { maintenance, config, log }: Services,
): Promise<Record<string, unknown>> {
  if (!maintenance.backups || !c.req.raw.body) {
    throw new HttpError(409, "There is no backup in the body, or no database file to replace");
  }
  const pending = pendingRestore(config.kv);
  const partial = `${pending}.partial`;
  try {
    const file = await Deno.open(partial, { write: true, create: true, truncate: true, mode: 0o600 });
    await c.req.raw.body.pipeTo(file.writable);
    const site = await verified(partial);
    await Deno.rename(partial, pending);
    log.warn("Restarting to restore a backup", { site_id: site.site_id });
    maintenance.restart.resolve();
    return { site_id: site.site_id, created_at: site.created_at };
  } finally {
    await Promise.all(["", "-wal", "-shm"].map((suffix) => Deno.remove(partial + suffix).catch(() => {})));
  }
}

async function verified(path: string): Promise<Site> {
  try {
    return (await workOnDatabase({ work: "verify", path })).site!;
  } catch (error) {
    throw new HttpError(400, `The backup ${error instanceof Error ? error.message : error}`);
  }
}
