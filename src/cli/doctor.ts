// `ocpp-gateway doctor`: looks for what may go wrong on this machine, and says what to do about it.
import { EARLIEST } from "../central/clock.ts";
import { freeBytes } from "../central/disk.ts";
import { readConfig } from "../config.ts";
import { readSite } from "../store/database_file.ts";
import { PLACE, placeOf, readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { type Check, isBad, machineChecks } from "./machine.ts";
import { hasSystemd, isActive } from "./systemd.ts";

export const command: Command = {
  name: "doctor",
  summary: "look for what may go wrong on this machine",
  run: doctor,
};

const OPTIONS = { ...PLACE, "port": { type: "string", help: "the port that it shall listen on" } } as const;
const LITTLE = 256_000_000;
const MARKS = { ok: "ok  ", warn: "WARN", bad: "BAD " } as const;

/** Exit code 1: something is bad. */
async function doctor(args: string[]): Promise<number> {
  const given = readArguments(args, { name: "doctor", options: OPTIONS });
  if (!given) return 0;
  const { data_dir, path } = placeOf(given);
  const port = typeof given.values["port"] === "string" ? ["--port", given.values["port"]] : [];
  const config = readConfig(port);
  const checks = [
    ...await machineChecks(),
    diskCheck(freeBytes(await existing(data_dir))),
    await portCheck(config.host, config.port),
    await clockCheck(Date.now()),
    await folderCheck(data_dir),
    await databaseCheck(path),
    ...await certificateChecks(config.tls_cert, config.tls_key, Date.now()),
  ];
  for (const { name, state, text, advice } of checks) {
    console.log(`${MARKS[state]}  ${name.padEnd(13)} ${text}${advice ? `: ${advice}` : ""}`);
  }
  return checks.some(isBad) ? 1 : 0;
}

export function diskCheck(free: number | null): Check {
  const name = "disk";
  if (free === null) return { name, state: "warn", text: "the free space is unknown" };
  const text = `${(free / 1e6).toFixed(0)} MB are free`;
  return free >= LITTLE
    ? { name, state: "ok", text }
    : { name, state: free < 64_000_000 ? "bad" : "warn", text, advice: "make room, or use a larger card" };
}

async function portCheck(host: string, port: number): Promise<Check> {
  const name = "port";
  try {
    Deno.listen({ hostname: host, port }).close();
    return { name, state: "ok", text: `${port} is free` };
  } catch (error) {
    if (await isActive()) return { name, state: "ok", text: `${port} is the running gateway's` };
    const taken = error instanceof Deno.errors.AddrInUse;
    return {
      name,
      state: "bad",
      text: `${port} ${taken ? "is taken" : "cannot be listened on"}`,
      advice: taken
        ? "end the other program, or choose another --port"
        : "choose an address of this machine, and a port that this user may have",
    };
  }
}

async function clockCheck(now: number): Promise<Check> {
  const name = "clock";
  const text = new Date(now).toISOString();
  if (now < EARLIEST) {
    return {
      name,
      state: "bad",
      text: `${text} cannot be right`,
      advice: "set it (timedatectl set-time), or set it in the admin",
    };
  }
  if (!await hasSystemd() || await Deno.stat("/run/systemd/timesync/synchronized").catch(() => null)) {
    return { name, state: "ok", text };
  }
  return {
    name,
    state: "warn",
    text: `${text}, not set by a time server`,
    advice: "without Internet, use the router's NTP or a clock module",
  };
}

async function folderCheck(data_dir: string): Promise<Check> {
  const name = "data dir";
  const stat = await Deno.stat(data_dir).catch((error) => error as Error);
  if (stat instanceof Deno.errors.NotFound) return { name, state: "ok", text: `${data_dir} will be made` };
  if (stat instanceof Error) {
    return {
      name,
      state: "bad",
      text: `${data_dir} cannot be read (${stat.message})`,
      advice: "run doctor as root",
    };
  }
  const open = ((stat.mode ?? 0) & 0o077) !== 0;
  return open
    ? { name, state: "warn", text: `${data_dir} is open to other users`, advice: `chmod 700 ${data_dir}` }
    : { name, state: "ok", text: data_dir };
}

async function databaseCheck(path: string): Promise<Check> {
  const name = "database";
  if (!await Deno.stat(path).catch(() => null)) return { name, state: "ok", text: `${path} will be made` };
  try {
    const site = readSite(path);
    return {
      name,
      state: "ok",
      text: site ? `${path} is site ${site.site_id}, schema ${site.schema}` : `${path} is empty`,
    };
  } catch (error) {
    return {
      name,
      state: "bad",
      text: `${path} ${(error as Error).message}`,
      advice: "restore a backup (ocpp-gateway restore FILE)",
    };
  }
}

async function certificateChecks(cert: string | null, key: string | null, now: number): Promise<Check[]> {
  if (cert === null) return [];
  const name = "certificate";
  try {
    const { X509Certificate } = await import("node:crypto");
    await Deno.readTextFile(key!);
    const { validTo } = new X509Certificate(await Deno.readTextFile(cert));
    const left = Math.floor((Date.parse(validTo) - now) / 86_400_000);
    if (left < 0) return [{ name, state: "bad", text: `${cert} ended ${validTo}`, advice: "renew it" }];
    return [{ name, state: left < 30 ? "warn" : "ok", text: `${cert} ends in ${left} days` }];
  } catch (error) {
    return [{
      name,
      state: "bad",
      text: `${cert} or its key cannot be used (${(error as Error).message})`,
      advice: "check both files",
    }];
  }
}

/** The nearest folder above that is there. */
async function existing(path: string): Promise<string> {
  for (let folder = path; folder.includes("/"); folder = folder.replace(/\/[^/]*$/, "")) {
    if (await Deno.stat(folder).catch(() => null)) return folder;
  }
  return path.startsWith("/") ? "/" : ".";
}
