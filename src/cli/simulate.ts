// `ocpp-gateway simulate`: runs a simulated charger, a scenario or a fleet against any central system.
import { readFile } from "node:fs/promises";
import process from "node:process";
import { BadUsage, parseFlags } from "../config.ts";
import {
  BadConfig,
  BadScenario,
  ChargePointSimulator,
  DEFAULTS,
  Fleet,
  type Mix,
  MIXES,
  playScenario,
  readScenario,
  type Scenario,
  scenarioNamed,
  scenarioNames,
  type SimulatorConfig,
  StepFailed,
} from "../simulator/mod.ts";
import { fleetProgress, progressOf } from "./simulate_progress.ts";
import type { Command, Output } from "./command.ts";

/** A flag of the command. */
export interface Option {
  flag: string;
  /** null for none. */
  default: string | number | boolean | null;
  help: string;
}

/** A flag with the type of its argument. */
interface Binding extends Option {
  /** Option of the simulator; left out for a flag of the command itself. */
  key?: keyof SimulatorConfig;
  type: "text" | "number" | "flag" | "file";
}

function option(key: keyof SimulatorConfig, type: Binding["type"], help: string): Binding {
  const fallback = DEFAULTS[key] as string | number | boolean | undefined;
  return { flag: `--${key.replaceAll("_", "-")}`, key, type, default: fallback ?? null, help };
}

function own(flag: string, type: Binding["type"], help: string): Binding {
  return { flag, type, default: null, help };
}

const BINDINGS: Binding[] = [
  option("host", "text", "central system to connect to"),
  option("ws_port", "number", "its port"),
  option("cp_path", "text", "path below the host; its last segment is the charge point's id"),
  option("rfid", "text", "tag to present"),
  option("duration", "number", "length of a session, s"),
  option("kwh_min", "number", "least energy of a session, kWh"),
  option("kwh_max", "number", "greatest energy of a session, kWh"),
  option("interval", "number", "s between meter values"),
  option("pre_charge_delay", "number", "s from registration to the tag"),
  option("repeat", "flag", "start session after session until stopped"),
  option("username", "text", "HTTP Basic user; with only a password: the id"),
  option("password", "text", "HTTP Basic password"),
  option("connectors", "number", "number of connectors"),
  option("phases", "number", "1 to 3"),
  option("max_current", "number", "A a phase; left out: enough for kwh-max within duration"),
  option("voltage", "number", "V to neutral"),
  option("battery_kwh", "number", "battery size of the cars"),
  option("soc", "number", "state of charge of arriving cars, %"),
  option("vendor", "text", "chargePointVendor"),
  option("model", "text", "chargePointModel"),
  option("serial_number", "text", "chargePointSerialNumber"),
  option("firmware_version", "text", "firmwareVersion"),
  option("start_delay", "number", "s before it connects"),
  option("tls", "flag", "connect with wss://"),
  option("tls_ca", "file", "file of trusted certificates"),
  option("tls_cert", "file", "file of the client certificate"),
  option("tls_key", "file", "file of its key"),
  option("tls_insecure", "flag", "accept any server certificate"),
  option("seed", "number", "seed of the random numbers: the same seed gives the same energies"),
  option("speed", "number", "speed of the clock; 1 is real time"),
  own("--scenario", "text", "play a scenario: a file, or one of --scenarios"),
  own("--scenarios", "flag", "list the ready scenarios"),
  own("--fleet", "number", "run so many simulators at once, until stopped"),
  own("--mix", "text", `kind of site of the fleet: ${MIXES.join(", ")} (office)`),
];

/** The `simulate` command. */
export const command = {
  options: BINDINGS.map(({ flag, default: fallback, help }): Option => ({ flag, default: fallback, help })),
  run,
} satisfies Command & { options: Option[] };

/** Runs until its sessions are done or the program is interrupted. Resolves with the exit code. */
async function run(args: string[], output: Output = console): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) return print(help(), output);
  if (args.includes("--scenarios")) return print(scenarioList(), output);
  try {
    return await simulate(await readFlags(args), output);
  } catch (error) {
    if (!(error instanceof BadUsage || error instanceof BadConfig || error instanceof BadScenario)) {
      throw error;
    }
    output.error(error.message);
    return 2;
  }
}

/** The parsed flags. */
interface Flags {
  config: SimulatorConfig;
  scenario?: string;
  fleet?: number;
  mix?: string;
}

async function simulate({ config, scenario, fleet, mix }: Flags, output: Output): Promise<number> {
  if (fleet === undefined && mix !== undefined) throw new BadUsage("--mix needs --fleet");
  if (fleet !== undefined && scenario !== undefined) {
    throw new BadUsage("--fleet and --scenario exclude each other");
  }
  if (fleet !== undefined) {
    return await runFleet({ count: fleet, mix: (mix ?? "office") as Mix, base: config }, output);
  }
  if (scenario !== undefined) {
    return await runScenario(config, { scenario: await findScenario(scenario), output });
  }
  return await runOne(config, output);
}

async function runOne(config: SimulatorConfig, output: Output): Promise<number> {
  const simulator = new ChargePointSimulator(config);
  const progress = progressOf(simulator, output);
  const interrupted = await untilInterrupted(() => simulator.start().finished, () => simulator.stop());
  progress.end();
  return progress.charged || interrupted ? 0 : 1;
}

async function runScenario(
  config: SimulatorConfig,
  { scenario: { options, steps }, output }: { scenario: Scenario; output: Output },
): Promise<number> {
  const simulator = new ChargePointSimulator({ ...options, ...config, autopilot: false });
  const progress = progressOf(simulator, output);
  const stopping = new AbortController();
  let failed = false;
  const play = () =>
    playScenario({ steps }, simulator.start(), { signal: stopping.signal }).catch((error) => {
      if (!(error instanceof StepFailed)) throw error;
      output.error(error.message);
      failed = true;
    });
  await untilInterrupted(play, () => {
    stopping.abort();
    return simulator.stop();
  });
  progress.end();
  return failed ? 1 : 0;
}

async function runFleet(
  { count, mix, base }: { count: number; mix: Mix; base: SimulatorConfig },
  output: Output,
): Promise<number> {
  const fleet = new Fleet({ count, mix, seed: base.seed ?? 1, base });
  const end = fleetProgress(fleet, output);
  fleet.start();
  const finished = () => Promise.all(fleet.simulators.map((simulator) => simulator.finished));
  await untilInterrupted(finished, () => fleet.stop());
  end();
  return 0;
}

/** Runs `work` until it is done or interrupted, then `stop`. Resolves with true when interrupted; a second interrupt exits at once. */
async function untilInterrupted(work: () => Promise<unknown>, stop: () => Promise<void>): Promise<boolean> {
  let stopped: Promise<void> | null = null;
  const interrupt = () => {
    if (stopped) process.exit(130);
    stopped = stop();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  await work();
  const interrupted = stopped !== null;
  await (stopped ?? stop());
  process.off("SIGINT", interrupt);
  process.off("SIGTERM", interrupt);
  return interrupted;
}

/** Returns a ready scenario, or reads one from a file. Throws BadScenario, BadUsage. */
async function findScenario(name: string): Promise<Scenario> {
  const ready = scenarioNamed(name);
  if (ready) return ready;
  if (/^\w+$/.test(name)) {
    throw new BadUsage(`There is no scenario '${name}'; simulate --scenarios lists them`);
  }
  return readScenario(await readText("--scenario", name), name);
}

/** Parses the flags and reads the files that they name. Throws BadUsage. */
async function readFlags(args: string[]): Promise<Flags> {
  const options = Object.fromEntries(
    BINDINGS.map((
      { flag, type },
    ) => [flag.slice(2), { type: type === "flag" ? "boolean" : "string" } as const]),
  );
  const values: Record<string, string | boolean | undefined> = parseFlags(args, options);
  const config: Record<string, unknown> = {};
  const flags: Record<string, unknown> = { config };
  for (const binding of BINDINGS) {
    const value = values[binding.flag.slice(2)];
    if (value === undefined) continue;
    (binding.key ? config : flags)[binding.key ?? binding.flag.slice(2)] = await read(binding, value);
  }
  return flags as unknown as Flags;
}

async function read({ flag, type }: Binding, value: string | boolean): Promise<unknown> {
  if (type === "number") return number(flag, String(value));
  return type === "file" ? await readText(flag, String(value)) : value;
}

async function readText(flag: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new BadUsage(`${flag}: cannot read ${path}: ${(error as Error).message}`);
  }
}

function number(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) {
    throw new BadUsage(`${flag} must be a number, not '${text}'`);
  }
  return value;
}

function print(text: string, output: Output): number {
  output.log(text);
  return 0;
}

function scenarioList(): string {
  return scenarioNames().map((name) => `${name.padEnd(28)} ${scenarioNamed(name)!.about}`).join("\n");
}

function help(): string {
  const lines = BINDINGS.map(({ flag, type, default: fallback, help }) => {
    const name = type === "flag"
      ? flag
      : `${flag} ${type === "file" ? "FILE" : type === "number" ? "N" : "TEXT"}`;
    return `  ${name.padEnd(26)} ${help}${fallback === null || fallback === false ? "" : ` (${fallback})`}`;
  });
  return `ocpp-gateway simulate [options]\n\n${lines.join("\n")}`;
}
