// /ocpp/backups/: backups of the database, and restarts with one.
import type { Context } from "hono";
import type { Config } from "../../config.ts";
import type { Log } from "../../log.ts";
import type { Backups } from "../../machine/backups.ts";
import type { Maintenance } from "../../machine/maintenance.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import { workOnDatabase } from "../../store/file/database_work.ts";
import { deleteReplaced, listReplaced } from "../../store/file/replaced.ts";
import { choosePeople, pendingRestore } from "../../store/file/site_guard.ts";
import type { PeopleOf } from "../../store/file/succession.ts";
import type { Site } from "../../store/site.ts";
import { HttpError } from "../http_error.ts";
import { route } from "../route.ts";
import { Nullable, OptionalTime, Time } from "../schemas.ts";
import { fileBody } from "../input.ts";

/** The site of a backup with which the gateway restarts. */
export const Restored = Type.Object({ site_id: Type.String(), created_at: Time });
const File = Type.Object({
  name: Type.String(),
  bytes: Type.Integer(),
  at: Time,
  damaged: Type.Optional(Type.Boolean({ description: "It holds damaged values" })),
});
/** The errors of an upload of a backup. */
export const RESTORE_ERRORS = ["invalid_file", "not_possible_here"] as const;

/** The parts that receive an uploaded backup. */
export interface RestoreDeps {
  maintenance: Pick<Maintenance, "backups" | "restart">;
  config: Pick<Config, "kv">;
  log: Log;
}

/** The routes of /ocpp/backups/. */
export const backupRoutes = [
  route({
    method: "GET",
    path: "/ocpp/backups/",
    role: "admin",
    summary: "Backups, and the time of the next nightly one",
    response: Type.Object({
      backups: Type.Array(File),
      replaced: Type.Array(File, { description: "Databases that restores have replaced" }),
      next: Type.Null(),
      next_nightly: OptionalTime,
    }),
    errors: ["not_possible_here"],
    async handle(_, deps: RestoreDeps) {
      const backups = backupsOf(deps);
      const next = await backups.next();
      return {
        backups: await backups.list(),
        replaced: await listReplaced(deps.config.kv),
        next: null,
        next_nightly: next === null ? null : new Date(next).toISOString(),
      };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/backups/",
    role: "admin",
    summary: "Create a backup",
    audit: { action: "create", kind: "backup" },
    response: Type.Object({
      name: Type.String(),
      bytes: Type.Integer(),
      damage: Nullable(Type.String({ description: "Number of the damaged values in it, and some names" })),
    }),
    status: 201,
    errors: ["not_possible_here", "backup_failed"],
    async handle(_, deps: RestoreDeps) {
      const { path, bytes, damage } = await backupsOf(deps).make().catch((error) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new HttpError("backup_failed", `The backup failed: ${reason}`, { values: { reason } });
      });
      return { name: path.split("/").at(-1)!, bytes, damage };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/backups/restore/",
    role: "admin",
    summary: "Upload a backup and restart with it",
    proof: true,
    audit: { action: "restore", kind: "backup" },
    query: Type.Object({
      people: Type.Optional(Type.Enum(["now", "backup"], {
        description: "Users and API tokens that hold afterwards; now by default",
      })),
    }),
    upload: "application/octet-stream",
    response: Restored,
    status: 202,
    errors: RESTORE_ERRORS,
    handle: ({ c, query }, deps: RestoreDeps) => stageRestore(c, deps, query.people),
  }),
  route({
    method: "DELETE",
    path: "/ocpp/backups/replaced/{name}/",
    role: "admin",
    summary: "Delete a database that a restore has replaced",
    audit: { action: "delete", kind: "replaced database", id: "name" },
    response: null,
    errors: ["not_possible_here", "not_found"],
    async handle({ params }, deps: RestoreDeps) {
      backupsOf(deps);
      if (!await deleteReplaced(deps.config.kv, params.name)) {
        throw new HttpError("not_found", "There is no such database", {
          values: { kind: "replaced database" },
        });
      }
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/backups/{name}/",
    role: "admin",
    summary: "Download a backup",
    response: "application/octet-stream",
    errors: ["not_possible_here"],
    handle: ({ params }, deps: RestoreDeps) => download(params.name, backupsOf(deps).folder),
  }),
];

function backupsOf({ maintenance }: RestoreDeps): Backups {
  if (maintenance.backups) return maintenance.backups;
  throw new HttpError("not_possible_here", "There is no database file to back up");
}

async function download(name: string, folder: string): Promise<Response> {
  const file = /^gateway-[\w-]+\.db$/.test(name)
    ? await Deno.open(`${folder}/${name}`).catch(() => null)
    : null;
  if (!file) throw new HttpError("not_found", "There is no such backup", { values: { kind: "backup" } });
  const { size } = await file.stat();
  return new Response(file.readable, {
    headers: {
      "content-type": "application/octet-stream",
      "content-length": String(size),
      "content-disposition": `attachment; filename="${name}"`,
    },
  });
}

/**
 * Stores the uploaded backup beside the database and restarts the gateway, which then replaces the database with it.
 * Throws HttpError.
 */
export async function stageRestore(
  c: Context,
  { maintenance, config, log }: RestoreDeps,
  people: PeopleOf = "now",
): Promise<{ site_id: string; created_at: string }> {
  const body = fileBody(c);
  if (!maintenance.backups || !body) {
    throw new HttpError(
      "not_possible_here",
      "There is no backup in the body, or no database file to replace",
    );
  }
  const pending = pendingRestore(config.kv);
  const partial = `${pending}.partial`;
  try {
    const file = await Deno.open(partial, { write: true, create: true, truncate: true, mode: 0o600 });
    await body.pipeTo(file.writable);
    const { site_id, created_at } = await verified(partial);
    await choosePeople(config.kv, people);
    await Deno.rename(partial, pending);
    log.warn("Restarting to restore a backup", { site_id });
    maintenance.restart.resolve();
    return { site_id, created_at };
  } finally {
    await Promise.all(["", "-wal", "-shm"].map((suffix) => Deno.remove(partial + suffix).catch(() => {})));
  }
}

async function verified(path: string): Promise<Site> {
  try {
    return (await workOnDatabase({ work: "verify", path })).site!;
  } catch (error) {
    throw new HttpError("invalid_file", `The backup ${error instanceof Error ? error.message : error}`);
  }
}
