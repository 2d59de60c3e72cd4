// `ocpp-gateway doctor`: looks for what may go wrong on this machine, and says what to do about it.
import { EARLIEST } from "../machine/clock.ts";
import { freeBytes } from "../machine/disk.ts";
import { isInstalled, readConfig } from "../config.ts";
import { PLACE, placeOf, readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { certificateChecks, databaseCheck, folderCheck } from "./doctor_files.ts";
import { type Check, isBad, machineChecks, portCheck } from "./system/machine.ts";
import { hasSystemd, isActive, lastWords, properties } from "./system/systemd.ts";

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
    ...await certificateChecks(config, data_dir, Date.now()),
    ...isInstalled() ? await serviceChecks() : [],
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

/** Whether the clock can be right, and whether somebody sets it. */
export async function clockCheck(now: number): Promise<Check> {
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

async function serviceChecks(): Promise<Check[]> {
  const name = "service";
  if (!await hasSystemd()) return [];
  if (await isActive()) return [{ name, state: "ok", text: "it runs" }];
  const { ActiveState = "unknown" } = await properties("ActiveState");
  const text = await lastWords() ?? `it is ${ActiveState}`;
  return [{
    name,
    state: "bad",
    text,
    advice: "systemctl restart ocpp-gateway when that is mended; journalctl -u ocpp-gateway",
  }];
}

/** The nearest folder above that is there. */
async function existing(path: string): Promise<string> {
  for (let folder = path; folder.includes("/"); folder = folder.replace(/\/[^/]*$/, "")) {
    if (await Deno.stat(folder).catch(() => null)) return folder;
  }
  return path.startsWith("/") ? "/" : ".";
}
