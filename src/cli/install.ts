// `ocpp-gateway install`: the binary becomes a service of this machine, in one command, without the Internet.
import { BadUsage, CONFIG_FILE, readSettings } from "../config.ts";
import { VERSION } from "../version.ts";
import { readArguments } from "./arguments.ts";
import { startOrGoBack } from "./system/switch_version.ts";
import type { Command } from "./command.ts";
import * as place from "./system/installation.ts";
import { type Check, isBad, machineChecks, portCheck } from "./system/machine.ts";
import { installedPort, printReached } from "./addresses.ts";
import { link, type Step, take, writeWhole } from "./system/steps.ts";
import { hasSystemd, isRoot, SERVICE, systemctl } from "./system/systemd.ts";

export const command: Command = {
  name: "install",
  summary: "make this binary a service of the machine",
  run: install,
};

const OPTIONS = {
  "host": { type: "string", help: "address to listen on" },
  "port": { type: "string", help: "REST, pages and ws:// (8000; 80 is possible)" },
  "public-url": { type: "string", help: "base of the URLs in QR codes" },
  "dry-run": { type: "boolean", help: "only tell what would be done" },
} as const;

async function install(args: string[]): Promise<number> {
  const given = readArguments(args, { name: "install", options: OPTIONS });
  if (!given) return 0;
  const dry = given.values["dry-run"] === true;
  const settings = settingsOf(given.values);
  const config = await Deno.readTextFile(CONFIG_FILE).catch(() => null);
  if (!dry) await refuseMachine();
  if (!dry) await refusePort(new Map([...readSettings(config ?? ""), ...settings]));
  const before = { root: place.ROOT, links: await place.linksOf(), undo: () => putBack(config) };
  await take(await steps(before.links, config, settings), dry);
  if (dry) return 0;
  const since = Date.now();
  const code = await startOrGoBack(VERSION, before);
  await place.tidying().do();
  if (code === 0) await printReached(since);
  return code;
}

async function refuseMachine(): Promise<void> {
  if (!isRoot()) throw new Error("Cannot install: this needs root (sudo)");
  if (!await hasSystemd()) throw new Error("Cannot install: this machine is not run by systemd");
  if (await place.isPackaged()) {
    throw new Error("Cannot install: the package ocpp-gateway is installed; update it with dpkg -i");
  }
  if (isDeno()) {
    throw new Error("Cannot install from source: compile first (deno task compile), or use the package");
  }
  refuse((await machineChecks()).find(isBad));
}

/** What is taken now would keep the service from starting, over and over. */
async function refusePort(settings: Map<string, string>): Promise<void> {
  const check = await portCheck(settings.get("OCPP_HOST") || "0.0.0.0", await installedPort(settings));
  refuse(isBad(check) ? check : undefined);
}

function refuse(check: Check | undefined): void {
  if (check) throw new Error(`Cannot install: ${check.name} ${check.text}; ${check.advice}`);
}

/** Run by Deno itself, from a checkout. */
function isDeno(): boolean {
  return Deno.execPath().endsWith("/deno") && !Deno.env.has("OCPP_GATEWAY_HOME");
}

async function steps(
  links: place.Links,
  config: string | null,
  settings: Map<string, string>,
): Promise<Step[]> {
  const units = place.UNITS.map((unit): Step => ({
    what: `write ${place.UNIT_DIR}/${unit}`,
    do: async () => writeWhole(`${place.UNIT_DIR}/${unit}`, await place.systemdFile(unit)),
  }));
  return [
    place.placing(VERSION, await place.programFiles()),
    place.switching(VERSION, links),
    {
      what: `write ${place.ROOT}/rollback`,
      do: async () => writeWhole(`${place.ROOT}/rollback`, await place.systemdFile("rollback"), 0o755),
    },
    {
      what: `link ${place.COMMAND_LINK} to it`,
      do: () => link(`${place.ROOT}/current/ocpp-gateway`, place.COMMAND_LINK),
    },
    ...units,
    ...await configStep(config, settings),
    { what: "have systemd read its units again", do: () => must("daemon-reload") },
    { what: `enable ${SERVICE}, and start it at each boot`, do: () => must("enable", SERVICE) },
  ];
}

/** The file is the operator's: only what was asked for is changed in it. */
async function configStep(present: string | null, settings: Map<string, string>): Promise<Step[]> {
  if (present !== null && settings.size === 0) return [];
  const text = withSettings(present ?? await place.systemdFile("ocpp-gateway.conf"), settings);
  return [{
    what: `write ${CONFIG_FILE}${[...settings].map(([name, value]) => ` ${name}=${value}`).join("")}`,
    do: () => writeWhole(CONFIG_FILE, text, 0o600),
  }];
}

async function putBack(config: string | null): Promise<void> {
  if (config !== null) await writeWhole(CONFIG_FILE, config, 0o600);
}

/** The configuration file with some settings changed: a commented line of the same name gives its place. */
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
    if (/[\s"'\\]/.test(value)) throw new BadUsage(`--${flag} must not hold blanks or quotes`);
    settings.set(name, value);
  }
  return settings;
}

async function must(...args: string[]): Promise<void> {
  const { ok, text } = await systemctl(...args);
  if (!ok) throw new Error(`Cannot install: systemctl ${args.join(" ")}: ${text.split("\n")[0]}`);
}
