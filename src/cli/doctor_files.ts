// Checks of `doctor` on the data directory, the database and the TLS files.
import type { Config } from "../config.ts";
import { verifyDatabase } from "../store/file/database_file.ts";
import { listReplaced } from "../store/file/replaced.ts";
import { examineDatabase, isNew } from "../store/file/site_guard.ts";
import type { Check } from "./system/machine.ts";

/** Checks that the gateway can write its files in `data_dir`. */
export async function dataDirCheck(data_dir: string): Promise<Check> {
  const name = "data dir";
  const stat = await Deno.stat(data_dir).catch((error) => error as Error);
  if (stat instanceof Deno.errors.NotFound) return { name, state: "ok", text: `${data_dir} will be created` };
  if (stat instanceof Error) return unreadable(name, data_dir, stat);
  const problem = await writeProblem(data_dir);
  if (problem !== null) {
    const advice =
      "make it writable for the user that runs the gateway (chown); if the file system is read-only, check the card";
    return { name, state: "bad", text: `${data_dir} cannot be written (${problem})`, advice };
  }
  const stray = await strayFile(data_dir, stat.uid);
  if (stray !== null) {
    const advice = `chown -R --reference=${data_dir}/. ${data_dir}/.`;
    return { name, state: "bad", text: `${stray} belongs to another user than ${data_dir}`, advice };
  }
  const open = ((stat.mode ?? 0) & 0o077) !== 0;
  return open
    ? {
      name,
      state: "warn",
      text: `${data_dir} is accessible to other users`,
      advice: `chmod 700 ${data_dir}`,
    }
    : { name, state: "ok", text: data_dir };
}

/** Checks that no database that a restore has replaced takes space. */
export async function replacedChecks(path: string): Promise<Check[]> {
  const replaced = await listReplaced(path).catch(() => []);
  if (replaced.length === 0) return [];
  const bytes = replaced.reduce((sum, file) => sum + file.bytes, 0);
  const text = `${replaced.map(({ name }) => name).join(", ")}: ${(bytes / 1e6).toFixed(1)} MB`;
  const advice = "if the restored database is good, delete them in the admin (System), or as files";
  return [{ name: "replaced", state: "warn", text, advice }];
}

/** Checks that the next start would accept the database, and that every page of it can be read. */
export async function databaseCheck(path: string): Promise<Check> {
  const name = "database";
  const stat = await Deno.stat(path).catch((error) => error as Error);
  if (stat instanceof Deno.errors.PermissionDenied) return unreadable(name, path, stat);
  try {
    if (await isNew(path)) return { name, state: "ok", text: `${path} will be created` };
    const site = await examineDatabase(path);
    if (site === null) return { name, state: "ok", text: `${path} is empty` };
    verifyDatabase(path);
    return { name, state: "ok", text: `${path} is site ${site.site_id}, schema ${site.schema}` };
  } catch (error) {
    return badDatabase(name, path, (error as Error).message);
  }
}

/** Checks that the TLS listener can use its files and that the certificate is valid at `now`, ms; empty if TLS is off. */
export async function certificateChecks(
  { tls_cert, tls_key }: Config,
  data_dir: string,
  now: number,
): Promise<Check[]> {
  if (tls_cert === null || tls_key === null) return [];
  const name = "certificate";
  const advice =
    "create a new one with 'ocpp-gateway cert', or import one with 'ocpp-gateway cert --cert FILE --key FILE'";
  const problem = await certificateProblem(tls_cert, tls_key, data_dir);
  if (problem !== null) return [{ name, state: "bad", text: problem, advice }];
  const { X509Certificate } = await import("node:crypto");
  const { validTo } = new X509Certificate(await Deno.readTextFile(tls_cert));
  const left = Math.floor((Date.parse(validTo) - now) / 86_400_000);
  if (left < 0) return [{ name, state: "bad", text: `${tls_cert} expired on ${validTo}`, advice }];
  const text = `${tls_cert} expires in ${left} days`;
  return [left < 30 ? { name, state: "warn", text, advice } : { name, state: "ok", text }];
}

function unreadable(name: string, path: string, { message }: Error): Check {
  const text = `${path} cannot be read (${message.split(":")[0]})`;
  return { name, state: "bad", text, advice: "run doctor as root (sudo)" };
}

function badDatabase(name: string, path: string, message: string): Check {
  const [, told, todo] = /^Cannot start: the database (.*?); (.*)$/s.exec(message) ?? [];
  const advice = todo ?? "restore a backup with 'ocpp-gateway restore FILE'";
  return { name, state: "bad", text: told ?? `${path} ${message}`, advice };
}

async function writeProblem(folder: string): Promise<string | null> {
  const path = `${folder}/.doctor`;
  try {
    await Deno.writeTextFile(path, "written", { mode: 0o600 });
    await Deno.remove(path);
    return null;
  } catch (error) {
    return (error as Error).message.split(":")[0]!;
  }
}

/** Returns the name of a file that another user owns, such as one that root has written; the service could not write it. */
async function strayFile(folder: string, owner: number | null): Promise<string | null> {
  if (owner === null) return null;
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && (await Deno.stat(`${folder}/${name}`)).uid !== owner) return name;
  }
  return null;
}

async function certificateProblem(cert: string, key: string, data_dir: string): Promise<string | null> {
  try {
    const { createPrivateKey, X509Certificate } = await import("node:crypto");
    const certificate = new X509Certificate(await Deno.readTextFile(cert));
    const fits = certificate.checkPrivateKey(createPrivateKey(await Deno.readTextFile(key)));
    if (!fits) return `${key} does not match ${cert}`;
  } catch (error) {
    return `${cert} or its key ${key} cannot be used (${(error as Error).message.split("\n")[0]})`;
  }
  for (const path of [cert, key]) {
    if (!await isReadableBy((await Deno.stat(data_dir).catch(() => null))?.uid ?? null, path)) {
      return `${path} cannot be read by the service, which is not root`;
    }
  }
  return null;
}

/** Checks the file's mode, since root can read every file. */
async function isReadableBy(uid: number | null, path: string): Promise<boolean> {
  const file = await Deno.stat(path);
  return uid === null || uid === 0 || file.uid === uid || ((file.mode ?? 0) & 0o004) !== 0;
}
