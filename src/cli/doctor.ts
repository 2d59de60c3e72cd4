// `ocpp-gateway doctor`: checks the machine and the installation, and prints each problem with its remedy.
import { EARLIEST } from "../machine/clock.ts";
import { TimeServers } from "../machine/time_servers.ts";
import { freeBytes } from "../machine/disk.ts";
import { isInstalled, readConfig } from "../config.ts";
import { DATABASE_OPTIONS, locateDatabase, parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { certificateChecks, databaseCheck, dataDirCheck, replacedChecks } from "./doctor_files.ts";
import { type Check, isBad, machineChecks, portCheck } from "./system/machine.ts";
import { hasSystemd, isActive, lastError, properties } from "./system/systemd.ts";

export const command: Command = { run: doctor };

const OPTIONS = {
  ...DATABASE_OPTIONS,
  "port": { type: "string", help: "port to check" },
} as const;
const LITTLE = 256_000_000;
const MARKS = { ok: "ok  ", warn: "WARN", bad: "BAD " } as const;

/** Prints one line for each check; the exit code is 1 if one is BAD. */
async function doctor(args: string[]): Promise<number> {
  const given = parseArguments(args, { name: "doctor", options: OPTIONS });
  if (!given) return 0;
  const { data_dir, path } = locateDatabase(given);
  const port = typeof given.values["port"] === "string" ? ["--port", given.values["port"]] : [];
  const config = readConfig(port);
  const checks = [
    ...await machineChecks(),
    diskCheck(freeBytes(await existing(data_dir))),
    await portCheck(config.host, config.port),
    await clockCheck(Date.now()),
    await dataDirCheck(data_dir),
    await databaseCheck(path),
    ...await replacedChecks(path),
    ...await certificateChecks(config, data_dir, Date.now()),
    ...isInstalled() ? await serviceChecks() : [],
  ];
  for (const { name, state, text, advice } of checks) {
    console.log(`${MARKS[state]}  ${name.padEnd(13)} ${text}${advice ? `: ${advice}` : ""}`);
  }
  return checks.some(isBad) ? 1 : 0;
}

/** Checks the free space of the data directory's file system, bytes; null if it is unknown. */
export function diskCheck(free: number | null): Check {
  const name = "disk";
  if (free === null) return { name, state: "warn", text: "the free space is unknown" };
  const text = `${(free / 1e6).toFixed(0)} MB free`;
  return free >= LITTLE ? { name, state: "ok", text } : {
    name,
    state: free < 64_000_000 ? "bad" : "warn",
    text,
    advice: "free some space, or use a larger card",
  };
}

/** Checks that the clock, ms since 1970, is plausible and synchronized with a time server. */
export async function clockCheck(now: number): Promise<Check> {
  const name = "clock";
  const text = new Date(now).toISOString();
  if (now < EARLIEST) {
    return {
      name,
      state: "bad",
      text: `${text} is wrong`,
      advice: "set the clock with timedatectl set-time, or in the admin",
    };
  }
  if (!await hasSystemd() || await isConfirmed(now)) return { name, state: "ok", text };
  return {
    name,
    state: "warn",
    text: `${text}, not synchronized with a time server`,
    advice: "without Internet access, use the router's NTP server or a real-time clock module",
  };
}

/** Returns true if a time server has confirmed the clock within a day. */
async function isConfirmed(now: number): Promise<boolean> {
  const servers = new TimeServers();
  await servers.ask();
  return servers.confirmations().some((at) => Math.abs(now - at) < 86_400_000);
}

async function serviceChecks(): Promise<Check[]> {
  const name = "service";
  if (!await hasSystemd()) return [];
  if (await isActive()) return [{ name, state: "ok", text: "running" }];
  const { ActiveState = "unknown" } = await properties("ActiveState");
  const text = await lastError() ?? `the service is ${ActiveState}`;
  return [{
    name,
    state: "bad",
    text,
    advice: "fix the cause, then run systemctl restart ocpp-gateway; the log is journalctl -u ocpp-gateway",
  }];
}

/** Returns the nearest existing folder at or above a path. */
async function existing(path: string): Promise<string> {
  for (let folder = path; folder.includes("/"); folder = folder.replace(/\/[^/]*$/, "")) {
    if (await Deno.stat(folder).catch(() => null)) return folder;
  }
  return path.startsWith("/") ? "/" : ".";
}
