// `ocpp-gateway restore FILE`: replaces the database, and the files that an archive holds, on this machine or a new one.
import { AUTHORITY, FOLDERS } from "../store/file/archive/manifest.ts";
import { readSecret } from "../store/file/secret_file.ts";
import { cancelRestore, finishRestore } from "../store/file/pending_restore.ts";
import { forgetSite, noteSite } from "../store/file/site_guard.ts";
import {
  OtherSite,
  PassphraseRequired,
  type Staged,
  type StageOptions,
  stageRestore,
} from "../store/file/stage_restore.ts";
import { ownedSite, type PeopleOf } from "../store/file/succession.ts";
import { freeBytes } from "../machine/disk.ts";
import {
  DATABASE_OPTIONS,
  locateDatabase,
  type Option,
  parseArguments,
  type ParsedArguments,
} from "./arguments.ts";
import { BadUsage, readFleet } from "../config.ts";
import { type FleetSource, restoreFromFleet } from "./restore_from_fleet.ts";
import type { Command } from "./command.ts";
import { giveToOwner, lockDataDir, requireAccess } from "./data_dir.ts";
import { isActive, isRoot, SERVICE, systemctl } from "./system/systemd.ts";

export const command: Command = { run: restore };

const OPTIONS: Record<string, Option> = {
  ...DATABASE_OPTIONS,
  "backup-users": {
    type: "boolean",
    help: "take users and API tokens from the backup; those of now stay without it",
  },
  "without-keys": { type: "boolean", help: "leave the private keys of the archive out" },
  "fleet": {
    type: "string",
    help: "in place of FILE: read the site back from its fleet at this URL (wss://…)",
  },
  "fleet-code": { type: "string", help: "one-time code of the fleet for this site" },
  "site": { type: "string", help: "the site's id in the fleet" },
  "incomplete": { type: "boolean", help: "also if the site's last gateway had more to send to the fleet" },
  "other-site": { type: "boolean", help: "replace a gateway that is set up as another site" },
};

async function restore(args: string[]): Promise<number> {
  const given = parseArguments(args, {
    name: "restore",
    file: "FILE",
    options: OPTIONS,
  });
  if (!given) return 0;
  const source = sourceOf(given);
  const database = locateDatabase(given);
  await requireAccess(database.data_dir, "restore");
  const stopped = isRoot() && await isActive() && given.values["data-dir"] === undefined;
  if (stopped) await systemctl("stop", SERVICE);
  try {
    if (typeof source === "string") await restoreInto(source, await optionsOf(given, database));
    else await restoreFromFleet(source, database);
  } finally {
    if (stopped) await systemctl("start", SERVICE);
  }
  console.log(stopped ? "The gateway is running again" : "Start the gateway to use the restored database");
  return 0;
}

/** Returns the file, or the site in a fleet. Throws BadUsage. */
function sourceOf({ file, values }: ParsedArguments): string | FleetSource {
  const { fleet, "fleet-code": code, site, incomplete } = values;
  const texts = [fleet, code, site].filter((value) => typeof value === "string");
  if (file !== undefined && texts.length === 0) return file;
  if (file !== undefined) throw new BadUsage("--fleet is in place of FILE");
  if (texts.length === 0) throw new BadUsage("FILE is missing: ocpp-gateway restore FILE");
  if (texts.length < 3) throw new BadUsage("--fleet, --fleet-code and --site must be given together");
  const [url, code_text, site_id] = texts as [string, string, string];
  const flags = { incomplete: incomplete === true, other_site: values["other-site"] === true };
  return { url: readFleet(url), code: code_text, site_id, ...flags };
}

async function optionsOf(
  { values }: ParsedArguments,
  { data_dir, path, config }: ReturnType<typeof locateDatabase>,
): Promise<StageOptions> {
  const configured = config.backup_passphrase;
  return {
    data_dir,
    path,
    people: values["backup-users"] === true ? "backup" : "now",
    passphrase: (await readSecret("backup_passphrase", { data_dir, configured })).secret,
    without_keys: values["without-keys"] === true,
    only_site: values["other-site"] === true ? null : ownedSite(path),
    room: freeBytes(data_dir),
  };
}

async function restoreInto(file: string, options: StageOptions): Promise<void> {
  const { data_dir, path } = options;
  const unlock = await lockDataDir({ data_dir, kv: path }).catch(() => {
    throw new Error(`Cannot restore: a gateway uses ${data_dir}; stop it first`);
  });
  try {
    const staged = await stageRestore((await Deno.open(file)).readable, options);
    const { site, kept, people } = (await finishRestore(options, Date.now()))!;
    await forgetSite(path);
    await noteSite(path, site.site_id);
    await giveToOwner(data_dir, await writtenIn(data_dir, path));
    console.log(`Restored site ${site.site_id}${kept ? `; the previous database is now ${kept}` : ""}`);
    console.log(PEOPLE[people]);
    for (const line of linesOn(staged, data_dir)) console.log(line);
  } catch (error) {
    await cancelRestore(options);
    throw new Error(`Cannot restore: ${file} ${reasonOf(error)}`);
  } finally {
    unlock();
  }
}

function reasonOf(error: unknown): string {
  const remedy = error instanceof PassphraseRequired
    ? "; give it in OCPP_BACKUP_PASSPHRASE, or restore with --without-keys"
    : error instanceof OtherSite
    ? "; --other-site restores it all the same"
    : "";
  return (error instanceof Error ? error.message : String(error)) + remedy;
}

/** Returns the lines on what an archive has brought besides the database, and on what is left to do. */
function linesOn({ keys, tls, left_out }: Staged, data_dir: string): string[] {
  const pathOf = (name: string | null) => name && `${data_dir.replace(/\/+$/, "")}/${name}`;
  const settings = [
    ["OCPP_TLS_CERT", pathOf(tls.cert)],
    ["OCPP_TLS_KEY", pathOf(tls.key)],
    ["OCPP_TLS_CLIENT_CA", pathOf(tls.client_ca)],
  ].flatMap(([name, path]) => path ? [`${name}=${path}`] : []);
  return [
    ...(keys === "left out" ? ["The private keys were not restored, nor certificates that need them"] : []),
    ...(left_out.length > 0
      ? [`Files that the archive lacks, for there was no room: ${left_out.join(", ")}`]
      : []),
    ...(keys === "restored" && settings.length > 0
      ? [`The backed-up gateway served TLS; its configuration needs: ${settings.join(" ")}`]
      : []),
  ];
}

const PEOPLE: Readonly<Record<PeopleOf, string>> = {
  now: "Users and API tokens are still those of before the restore; all login sessions have ended",
  backup: "Users and API tokens are those of the backup; all login sessions have ended",
};

/** Returns the paths that a restore may have written: the database, the authority, and the folders of an archive. */
async function writtenIn(data_dir: string, path: string): Promise<string[]> {
  const folders: string[] = [];
  for await (const { name } of Deno.readDir(data_dir)) if (name.endsWith(".files")) folders.push(name);
  const names = ["lock", ...Object.values(AUTHORITY), ...FOLDERS, ...folders];
  return [path, `${path}.site`, ...names.map((name) => `${data_dir}/${name}`)];
}
