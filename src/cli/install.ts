// `ocpp-gateway install`: installs this binary as a systemd service, without Internet access.
import { BadUsage, CONFIG_FILE, parseSettings } from "../config.ts";
import { VERSION } from "../version.ts";
import { parseArguments } from "./arguments.ts";
import { startOrRollBack } from "./system/switch_version.ts";
import type { Command } from "./command.ts";
import * as installation from "./system/installation.ts";
import { type Check, isBad, machineChecks, portCheck } from "./system/machine.ts";
import { installedPort, printAddresses } from "./addresses.ts";
import { link, runSteps, type Step, writeAtomically } from "./system/steps.ts";
import { hasSystemd, isRoot, SERVICE, systemctl } from "./system/systemd.ts";

export const command: Command = { run: install };

const OPTIONS = {
  "host": { type: "string", help: "address to listen on" },
  "port": { type: "string", help: "port for REST, pages and ws:// (8000; 80 is allowed)" },
  "public-url": { type: "string", help: "base URL for QR codes" },
  "dry-run": { type: "boolean", help: "print the changes without making them" },
} as const;

async function install(args: string[]): Promise<number> {
  const given = parseArguments(args, { name: "install", options: OPTIONS });
  if (!given) return 0;
  const dry = given.values["dry-run"] === true;
  const settings = settingsOf(given.values);
  const config = await Deno.readTextFile(CONFIG_FILE).catch(() => null);
  if (!dry) await refuseMachine();
  if (!dry) await refusePort(new Map([...parseSettings(config ?? ""), ...settings]));
  const before = {
    root: installation.ROOT,
    links: await installation.linksOf(),
    undo: () => restoreConfig(config),
  };
  await runSteps(await steps(before.links, config, settings), dry);
  if (dry) return 0;
  const since = Date.now();
  const code = await startOrRollBack(VERSION, before);
  await installation.deleteOldVersions().run();
  if (code === 0) await printAddresses(since);
  return code;
}

async function refuseMachine(): Promise<void> {
  if (!isRoot()) throw new Error("Cannot install: this needs root (sudo)");
  if (!await hasSystemd()) throw new Error("Cannot install: this machine does not run systemd");
  if (await installation.isPackaged()) {
    throw new Error("Cannot install: the package ocpp-gateway is installed; update it with dpkg -i");
  }
  if (isDeno()) {
    throw new Error("Cannot install from source: compile first (deno task compile), or use the package");
  }
  refuse((await machineChecks()).find(isBad));
}

/** Throws Error if the port is in use, which would make the service fail at every start. */
async function refusePort(settings: Map<string, string>): Promise<void> {
  const check = await portCheck(settings.get("OCPP_HOST") || "0.0.0.0", await installedPort(settings));
  refuse(isBad(check) ? check : undefined);
}

function refuse(check: Check | undefined): void {
  if (check) throw new Error(`Cannot install: ${check.name} ${check.text}; ${check.advice}`);
}

/** Returns true if Deno runs the program from its source. */
function isDeno(): boolean {
  return Deno.execPath().endsWith("/deno") && !Deno.env.has("OCPP_GATEWAY_HOME");
}

async function steps(
  links: installation.Links,
  config: string | null,
  settings: Map<string, string>,
): Promise<Step[]> {
  const units = installation.UNITS.map((unit): Step => ({
    description: `write ${installation.UNIT_DIR}/${unit}`,
    run: async () =>
      writeAtomically(`${installation.UNIT_DIR}/${unit}`, await installation.systemdFile(unit)),
  }));
  return [
    installation.copyProgram(VERSION, await installation.programFiles()),
    installation.switchTo(VERSION, links),
    {
      description: `write ${installation.ROOT}/supervise`,
      run: async () =>
        writeAtomically(`${installation.ROOT}/supervise`, await installation.systemdFile("supervise"), 0o755),
    },
    {
      description: `link ${installation.COMMAND_LINK} to ${installation.ROOT}/current/ocpp-gateway`,
      run: () => link(`${installation.ROOT}/current/ocpp-gateway`, installation.COMMAND_LINK),
    },
    ...units,
    ...await configStep(config, settings),
    { description: "reload the units of systemd", run: () => must("daemon-reload") },
    { description: `enable ${SERVICE} so that it starts at boot`, run: () => must("enable", SERVICE) },
  ];
}

/** Changes only the given settings in the configuration file, which belongs to the operator. */
async function configStep(present: string | null, settings: Map<string, string>): Promise<Step[]> {
  if (present !== null && settings.size === 0) return [];
  const text = withSettings(present ?? await installation.systemdFile("ocpp-gateway.conf"), settings);
  return [{
    description: `write ${CONFIG_FILE}${[...settings].map(([name, value]) => ` ${name}=${value}`).join("")}`,
    run: () => writeAtomically(CONFIG_FILE, text, 0o600),
  }];
}

async function restoreConfig(config: string | null): Promise<void> {
  if (config !== null) await writeAtomically(CONFIG_FILE, config, 0o600);
}

/** Returns the configuration file with some settings changed; a setting that is commented out is replaced in its place. */
export function withSettings(text: string, settings: Map<string, string>): string {
  let result = text;
  for (const [name, value] of settings) {
    const pattern = new RegExp(`^#?${name}=.*$`, "m");
    const line = `${name}=${value}`;
    result = pattern.test(result) ? result.replace(pattern, () => line) : `${result.trimEnd()}\n${line}\n`;
  }
  return result;
}

function settingsOf(values: Record<string, string | boolean | undefined>): Map<string, string> {
  const settings = new Map<string, string>();
  for (
    const [flag, name] of [["host", "OCPP_HOST"], ["port", "OCPP_PORT"], [
      "public-url",
      "OCPP_PUBLIC_URL",
    ]] as const
  ) {
    const value = values[flag];
    if (typeof value !== "string") continue;
    if (/[\s"'\\]/.test(value)) {
      throw new BadUsage(`--${flag} must not contain spaces, quotes or backslashes`);
    }
    settings.set(name, value);
  }
  return settings;
}

async function must(...args: string[]): Promise<void> {
  const { ok, text } = await systemctl(...args);
  if (!ok) throw new Error(`Cannot install: systemctl ${args.join(" ")}: ${text.split("\n")[0]}`);
}
