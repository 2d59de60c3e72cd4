// /ocpp/backups/: backups, and restarts with one.
import type { Context } from "hono";
import type { Config } from "../../config.ts";
import type { Log } from "../../log.ts";
import type { Backups } from "../../machine/backups.ts";
import type { Maintenance } from "../../machine/maintenance.ts";
import type { Static } from "typebox";
import { Type } from "../../ocpp/schema_builder.ts";
import type { Store } from "../../store/store.ts";
import type { Setup } from "../auth/setup.ts";
import { MIN_PASSPHRASE } from "../../config.ts";
import type { BackupFile } from "../../store/file/backup.ts";
import { readManifest } from "../../store/file/archive/read_archive.ts";
import {
  keepSecret,
  MAX_SECRET,
  readSecret,
  type SecretFrom,
  type SecretName,
} from "../../store/file/secret_file.ts";
import { ArchiveError } from "../../store/file/archive/manifest.ts";
import { WrongPassphrase } from "../../store/file/archive/sealed_keys.ts";
import { deleteReplaced, listReplaced } from "../../store/file/replaced.ts";
import { OtherSite, PassphraseRequired, stageRestore } from "../../store/file/stage_restore.ts";
import { freeBytes, RESERVE } from "../../machine/disk.ts";
import { type ErrorCode, HttpError } from "../http_error.ts";
import { route } from "../route.ts";
import { Body, Nullable, OptionalTime, Time } from "../schemas.ts";
import { fileBody } from "../input.ts";

/** The site of a backup with which the gateway restarts. */
export const Restored = Type.Object({
  site_id: Type.String(),
  created_at: Time,
  keys: Type.Enum(["restored", "left out", "none"], { description: "Private keys of the archive" }),
  left_out: Type.Array(Type.String(), { description: "Files that the archive lacks, for there was no room" }),
});
/** The query of an upload of a backup. */
export const RestoreQuery = Type.Object({
  people: Type.Optional(Type.Enum(["now", "backup"], {
    description: "Users and API tokens that hold afterwards; now by default",
  })),
  keys: Type.Optional(Type.Enum(["restore", "leave"], {
    description:
      "Private keys of the archive; restore by default, with the passphrase in X-Backup-Passphrase",
  })),
  site: Type.Optional(Type.Enum(["same", "any"], {
    description: "The site of the backup; the same as this one's by default",
  })),
});
const Keys = Type.Enum(["encrypted", "left out", "none"], {
  description: "Private keys in it: encrypted, left out since there is no passphrase, or there are none",
});
const File = Type.Object({
  name: Type.String(),
  bytes: Type.Integer(),
  at: Time,
  damaged: Type.Optional(Type.Boolean({ description: "It holds damaged values" })),
  keys: Type.Optional(Keys),
});
const Origin = Type.Enum(["configuration", "admin", "none"], {
  description:
    "The origin of the secret, which is never shown: the process's configuration, the admin, or none",
});
const Copy = Type.Object({
  kind: Type.Enum(["folder", "s3"]),
  target: Type.String(),
  name: Nullable(Type.String({ description: "The newest copy; null: none is known" })),
  at: OptionalTime,
  error: Nullable(Type.String({ description: "The reason for which the last try failed" })),
});
/** The errors of an upload of a backup. */
export const RESTORE_ERRORS = [
  "invalid_file",
  "not_possible_here",
  "passphrase_required",
  "wrong_passphrase",
  "other_site",
] as const;

/** The parts that receive an uploaded backup. */
export interface RestoreDeps {
  maintenance: Pick<Maintenance, "backups" | "restart">;
  config: Pick<Config, "kv" | "data_dir" | "backup_passphrase" | "backup_s3_secret_key">;
  store: Pick<Store, "site">;
  setup: Pick<Setup, "needed">;
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
      passphrase: Origin,
      s3_secret_key: Origin,
      copies: Type.Array(Copy, { description: "The places off the machine" }),
    }),
    errors: ["not_possible_here"],
    async handle(_, deps: RestoreDeps) {
      const backups = backupsOf(deps);
      const next = await backups.next();
      return {
        backups: await Promise.all((await backups.list()).map((file) => withKeys(file, backups.folder))),
        replaced: await listReplaced(deps.config.kv),
        next: null,
        next_nightly: next === null ? null : new Date(next).toISOString(),
        passphrase: await originOf("backup_passphrase", deps.config),
        s3_secret_key: await originOf("backup_s3_secret_key", deps.config),
        copies: await backups.copyStates(),
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
      keys: Keys,
      left_out: Type.Array(Type.String(), { description: "Files for which there was no room" }),
      damage: Nullable(Type.String({ description: "Number of the damaged values in it, and some names" })),
    }),
    status: 201,
    errors: ["not_possible_here", "backup_failed"],
    async handle(_, deps: RestoreDeps) {
      const { path, bytes, damage, keys, left_out } = await backupsOf(deps).make().catch((error) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new HttpError("backup_failed", `The backup failed: ${reason}`, { values: { reason } });
      });
      return { name: path.split("/").at(-1)!, bytes, keys, left_out, damage };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/backups/copy/",
    role: "admin",
    summary: "Copy the newest backup to the places off the machine",
    audit: { action: "copy", kind: "backup" },
    response: Type.Object({ copies: Type.Array(Copy) }),
    errors: ["not_possible_here"],
    handle: async (_, deps: RestoreDeps) => ({ copies: await backupsOf(deps).copy() }),
  }),
  route({
    method: "PUT",
    path: "/ocpp/backups/secrets/",
    role: "admin",
    summary:
      "Set or delete the passphrase of backups and the secret key of their bucket, which are never shown",
    proof: true,
    audit: { action: "change", kind: "backup secrets" },
    body: Body({
      passphrase: Type.Optional(
        Nullable(
          Type.String({ minLength: MIN_PASSPHRASE, maxLength: MAX_SECRET, description: "Encrypts keys" }),
        ),
      ),
      s3_secret_key: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: MAX_SECRET }))),
    }),
    response: Type.Object({ passphrase: Origin, s3_secret_key: Origin }),
    errors: ["not_possible_here"],
    async handle({ body: { passphrase, s3_secret_key } }, deps: RestoreDeps) {
      backupsOf(deps);
      const { data_dir } = deps.config;
      if (passphrase !== undefined) await keepSecret(data_dir, "backup_passphrase", passphrase);
      if (s3_secret_key !== undefined) await keepSecret(data_dir, "backup_s3_secret_key", s3_secret_key);
      return {
        passphrase: await originOf("backup_passphrase", deps.config),
        s3_secret_key: await originOf("backup_s3_secret_key", deps.config),
      };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/backups/restore/",
    role: "admin",
    summary: "Upload a backup and restart with it",
    proof: true,
    audit: { action: "restore", kind: "backup" },
    query: RestoreQuery,
    upload: "application/octet-stream",
    response: Restored,
    status: 202,
    errors: RESTORE_ERRORS,
    handle: ({ c, query }, deps: RestoreDeps) => restoreUpload(c, deps, query),
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
      if (!await deleteReplaced(deps.config.kv, params.name, deps.config.data_dir)) {
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

async function originOf(name: SecretName, config: RestoreDeps["config"]): Promise<SecretFrom> {
  return (await readSecret(name, { data_dir: config.data_dir, configured: config[name] })).from;
}

/** Adds what an archive's manifest says on its keys; an archive that cannot be read is listed without. */
async function withKeys(file: BackupFile, folder: string): Promise<Static<typeof File>> {
  if (!file.name.endsWith(".tar")) return file;
  const manifest = await readManifest(`${folder}/${file.name}`).catch(() => null);
  return manifest ? { ...file, keys: manifest.keys } : file;
}

async function download(name: string, folder: string): Promise<Response> {
  const file = /^gateway-[\w-]+\.(db|tar)$/.test(name)
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

/** Checks an uploaded backup and restarts the gateway, which then takes it. Throws HttpError; nothing is changed then. */
export async function restoreUpload(
  c: Context,
  { maintenance, config, store, setup, log }: RestoreDeps,
  { people = "now", keys, site: which }: Static<typeof RestoreQuery>,
): Promise<Static<typeof Restored>> {
  const body = fileBody(c);
  if (!maintenance.backups || !body) {
    throw new HttpError(
      "not_possible_here",
      "There is no backup in the body, or no database file to replace",
    );
  }
  const free = freeBytes(config.data_dir);
  const { site, keys: restored, left_out } = await stageRestore(body, {
    path: config.kv,
    data_dir: config.data_dir,
    people,
    passphrase: passphraseIn(c) ?? await maintenance.backups.passphrase(),
    without_keys: keys === "leave",
    only_site: which === "any" || setup.needed() ? null : store.site.site_id,
    room: free === null ? null : free - RESERVE,
  }).catch(refuse);
  log.warn("Restarting to restore a backup", { site_id: site.site_id });
  maintenance.restart.resolve();
  return { site_id: site.site_id, created_at: site.created_at, keys: restored, left_out };
}

function passphraseIn(c: Context): string | null {
  const text = c.req.header("x-backup-passphrase");
  if (!text) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpError("wrong_passphrase", "The passphrase in X-Backup-Passphrase is not percent-encoded");
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof ArchiveError)) throw error;
  const code: ErrorCode = error instanceof WrongPassphrase
    ? "wrong_passphrase"
    : error instanceof PassphraseRequired
    ? "passphrase_required"
    : error instanceof OtherSite
    ? "other_site"
    : "invalid_file";
  throw new HttpError(code, `The backup ${error.message}`);
}
