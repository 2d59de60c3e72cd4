// `ocpp-gateway status`: shows service, version, health and alarms of the installed gateway.
import { VERSION } from "../version.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import * as installation from "./system/installation.ts";
import { installedPort } from "./addresses.ts";
import { properties } from "./system/systemd.ts";

export const command: Command = { run: status };

const OPTIONS = {
  "port": { type: "string", help: "port of the gateway, if the configuration file does not name it" },
} as const;
const WAIT_MS = 3_000;

/** Prints the state; the exit code is 0 if chargers can connect and data is stored. */
async function status(args: string[]): Promise<number> {
  const given = parseArguments(args, { name: "status", options: OPTIONS });
  if (!given) return 0;
  const port = Number(given.values["port"] ?? await installedPort());
  const health = await healthAt(port);
  const lines = [...await serviceLines(), ...await versionLines(), ...healthLines(health, port)];
  console.log(lines.join("\n"));
  return health?.status === "ok" ? 0 : 1;
}

async function serviceLines(): Promise<string[]> {
  const { ActiveState, SubState, StatusText, NRestarts, MemoryCurrent } = await properties(
    "ActiveState",
    "SubState",
    "StatusText",
    "NRestarts",
    "MemoryCurrent",
  );
  if (!ActiveState) return ["service   systemd does not answer"];
  const memory = Number(MemoryCurrent) > 0 ? `, ${(Number(MemoryCurrent) / 1e6).toFixed(0)} MB` : "";
  const restarts = Number(NRestarts) > 0 ? `, restarted ${NRestarts} times` : "";
  return [`service   ${ActiveState} (${SubState}${memory}${restarts})${StatusText ? `: ${StatusText}` : ""}`];
}

async function versionLines(): Promise<string[]> {
  const root = await installation.installedRoot();
  const { current, previous } = await installation.linksOf(root);
  const failed = await Deno.readTextFile(`${root}/rolled-back`).catch(() => null);
  return [
    `version   ${current ? installation.versionOf(current) : `${VERSION}, not installed`}${
      previous ? `; the previous version is ${installation.versionOf(previous)}` : ""
    }`,
    ...(failed ? [`          ${failed.trim()} did not start and was rolled back`] : []),
  ];
}

function healthLines(health: Record<string, unknown> | null, port: number): string[] {
  if (!health) return [`health    nothing answers on port ${port}`];
  const alarms = Array.isArray(health.alarms) ? health.alarms.map((text) => `alarm     ${text}`) : [];
  const problem = health.problem ? `: ${health.problem}` : "";
  return [`health    ${health.status}${problem}, ${health.connected} chargers connected`, ...alarms];
}

async function healthAt(port: number): Promise<Record<string, unknown> | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/healthz`, {
      signal: AbortSignal.timeout(WAIT_MS),
    });
    return await response.json();
  } catch {
    return null;
  }
}
