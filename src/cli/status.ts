// `ocpp-gateway status`: how the installed gateway is.
import { VERSION } from "../version.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import * as place from "./system/installation.ts";
import { installedPort } from "./addresses.ts";
import { properties } from "./system/systemd.ts";

export const command: Command = {
  name: "status",
  summary: "tell how the installed gateway is",
  run: status,
};

const OPTIONS = {
  "port": { type: "string", help: "its port, where the configuration does not say" },
} as const;
const WAIT_MS = 3_000;

/** Exit code 0: chargers can connect and are remembered. */
async function status(args: string[]): Promise<number> {
  const given = readArguments(args, { name: "status", options: OPTIONS });
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
  const root = await place.installedRoot();
  const { current, previous } = await place.linksOf(root);
  const failed = await Deno.readTextFile(`${root}/rolled-back`).catch(() => null);
  return [
    `version   ${current ? place.versionOf(current) : `${VERSION}, not installed`}${
      previous ? `; the one before is ${place.versionOf(previous)}` : ""
    }`,
    ...(failed ? [`          ${failed.trim()} did not come up and was taken back`] : []),
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
