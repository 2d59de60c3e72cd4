// `ocpp-gateway backup [DIR|FILE]`: writes all that a new machine needs into one file and verifies it. The gateway may be
// running.
import { type Archive, type Backup, backUp, backupName, writeBackup } from "../store/file/backup.ts";
import { readSecret } from "../store/file/secret_file.ts";
import type { Config } from "../config.ts";
import { DATABASE_OPTIONS, locateDatabase, parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { requireAccess } from "./data_dir.ts";
import { isRoot } from "./system/systemd.ts";

export const command: Command = { run: backup };

async function backup(args: string[]): Promise<number> {
  const given = parseArguments(args, { name: "backup", file: "DIR|FILE", options: DATABASE_OPTIONS });
  if (!given) return 0;
  const { data_dir, path, config } = locateDatabase(given);
  await requireAccess(data_dir, "back up");
  if (!await Deno.stat(path).catch(() => null)) {
    throw new Error(`Cannot back up: there is no database at ${path}`);
  }
  const to = await targetOf(given.file ?? `${data_dir}/backups/`, Date.now());
  if (await Deno.stat(to(false)).catch(() => null)) {
    throw new Error(`Cannot back up: ${to(false)} already exists`);
  }
  await Deno.mkdir(to(false).replace(/[^/]*$/, "") || ".", { recursive: true, mode: 0o700 });
  const alone = to(false).endsWith(".db");
  const made = alone ? await backUp(path, to) : await writeBackup(await sourceOf(path, config), to);
  if (given.file === undefined) await giveToOwner(data_dir, made.path);
  return tell(made);
}

/** Gives a backup in the data directory to that one's owner, the service, which copies and deletes it. */
async function giveToOwner(data_dir: string, path: string): Promise<void> {
  const { uid, gid } = await Deno.stat(data_dir);
  if (!isRoot() || uid === null || gid === null) return;
  for (const made of [`${data_dir}/backups`, path]) await Deno.chown(made, uid, gid);
}

/** Returns the path of the backup, for one with damaged values and for one without; in a folder it gets a name. */
async function targetOf(target: string, now: number): Promise<(damaged: boolean) => string> {
  const stat = await Deno.stat(target).catch(() => null);
  if (!stat?.isDirectory && !target.endsWith("/")) return () => target;
  return (damaged) => `${target.replace(/\/+$/, "")}/${backupName(now, "manual", { damaged })}`;
}

async function sourceOf(path: string, config: Config) {
  const { data_dir, tls_cert: cert, tls_key: key, tls_client_ca: client_ca } = config;
  const { secret: passphrase } = await readSecret("backup_passphrase", {
    data_dir,
    configured: config.backup_passphrase,
  });
  return { path, data_dir, tls: { cert, key, client_ca }, passphrase, now: Date.now(), room: null };
}

const KEYS = {
  "encrypted": "with its private keys, encrypted",
  "left out": "WITHOUT its private keys: there is no passphrase",
  "none": "no private keys",
} as const;

function tell(made: Backup | Archive): number {
  const { path, bytes, site, damage } = made;
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  const keys = "keys" in made ? `, ${KEYS[made.keys]}` : "";
  console.log(`${path}: site ${site.site_id}, ${size}, ${damage === null ? "verified" : "damaged"}${keys}`);
  if (damage === null) return 0;
  console.error(`The backup holds damaged values: ${damage}; keep the backups from before`);
  return 1;
}
