// `ocpp-gateway simulate`: a charge point that is not there, at the central system's door.
import { readFile } from "node:fs/promises";
import process from "node:process";
import { BadUsage, parseFlags } from "../config.ts";
import type { Command } from "./command.ts";
import { BadConfig, ChargePointSimulator, DEFAULTS, type SimulatorConfig, urlOf } from "../simulator/mod.ts";
import { progressOf } from "./simulate_progress.ts";

/** A flag of the command. */
export interface Option {
  flag: string;
  /** null: none. */
  default: string | number | boolean | null;
  help: string;
}

/** Where a flag goes and how its text is read. */
interface Binding extends Option {
  key: keyof SimulatorConfig;
  type: "text" | "number" | "flag" | "file";
}

function option(key: keyof SimulatorConfig, type: Binding["type"], help: string): Binding {
  const fallback = DEFAULTS[key] as string | number | boolean | undefined;
  return { flag: `--${key.replaceAll("_", "-")}`, key, type, default: fallback ?? null, help };
}

const BINDINGS: Binding[] = [
  option("host", "text", "central system to connect to"),
  option("ws_port", "number", "its port"),
  option("cp_path", "text", "path below the host; its last segment is the charge point's id"),
  option("rfid", "text", "tag that is shown"),
  option("duration", "number", "s that a session lasts"),
  option("kwh_min", "number", "kWh of a session at least"),
  option("kwh_max", "number", "kWh of a session at most"),
  option("interval", "number", "s between meter values"),
  option("pre_charge_delay", "number", "s from admission to the tag"),
  option("repeat", "flag", "session after session until stopped"),
  option("username", "text", "HTTP Basic; with only a password: the id"),
  option("password", "text", "HTTP Basic"),
  option("connectors", "number", "number of connectors"),
  option("phases", "number", "1 to 3"),
  option("max_current", "number", "A a phase; else what brings kwh-max within duration"),
  option("voltage", "number", "V to neutral"),
  option("battery_kwh", "number", "size of the cars' batteries"),
  option("soc", "number", "% in arriving batteries"),
  option("vendor", "text", "chargePointVendor"),
  option("model", "text", "chargePointModel"),
  option("serial_number", "text", "chargePointSerialNumber"),
  option("firmware_version", "text", "firmwareVersion"),
  option("start_delay", "number", "s before it connects"),
  option("tls", "flag", "connect by wss://"),
  option("tls_ca", "file", "file of certificates to trust"),
  option("tls_cert", "file", "file of the client certificate"),
  option("tls_key", "file", "file of its key"),
  option("tls_insecure", "flag", "take any server certificate"),
  option("seed", "number", "repeats a run: the same seed, the same energies"),
  option("speed", "number", "how many times faster than real time"),
];

/** The simulate command. */
export const command = {
  name: "simulate",
  summary: "be a charger, for this gateway or any other",
  options: BINDINGS.map(({ flag, default: fallback, help }): Option => ({ flag, default: fallback, help })),
  run,
} satisfies Command & { options: Option[] };

/** Runs until its sessions are done or the program is interrupted. Resolves with the exit code. */
async function run(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(help());
    return 0;
  }
  try {
    return await simulate(await readConfig(args));
  } catch (error) {
    if (!(error instanceof BadUsage || error instanceof BadConfig)) throw error;
    console.error(error.message);
    return 2;
  }
}

async function simulate(config: SimulatorConfig): Promise<number> {
  const simulator = new ChargePointSimulator(config);
  const progress = progressOf(simulator, urlOf(simulator.settings));
  let interrupted = false;
  const stop = () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    simulator.stop();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  simulator.start();
  await simulator.finished;
  await simulator.stop();
  process.off("SIGINT", stop);
  process.off("SIGTERM", stop);
  progress.end();
  return progress.charged || interrupted ? 0 : 1;
}

/** Throws BadUsage. */
async function readConfig(args: string[]): Promise<SimulatorConfig> {
  const options = Object.fromEntries(
    BINDINGS.map((
      { flag, type },
    ) => [flag.slice(2), { type: type === "flag" ? "boolean" : "string" } as const]),
  );
  const values: Record<string, string | boolean | undefined> = parseFlags(args, options);
  const config: Record<string, unknown> = {};
  for (const binding of BINDINGS) {
    const value = values[binding.flag.slice(2)];
    if (value !== undefined) config[binding.key] = await read(binding, value);
  }
  return config as SimulatorConfig;
}

async function read({ flag, type }: Binding, value: string | boolean): Promise<unknown> {
  if (type === "number") return number(flag, String(value));
  if (type !== "file") return value;
  try {
    return await readFile(String(value), "utf8");
  } catch (error) {
    throw new BadUsage(`${flag}: cannot read ${value}: ${(error as Error).message}`);
  }
}

function number(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) {
    throw new BadUsage(`${flag} must be a number, not '${text}'`);
  }
  return value;
}

function help(): string {
  const lines = BINDINGS.map(({ flag, type, default: fallback, help }) => {
    const name = type === "flag"
      ? flag
      : `${flag} ${type === "file" ? "FILE" : type === "number" ? "N" : "TEXT"}`;
    return `  ${name.padEnd(26)} ${help}${fallback === null || fallback === false ? "" : ` (${fallback})`}`;
  });
  return `simulate: ${command.summary}\n\n${lines.join("\n")}`;
}
