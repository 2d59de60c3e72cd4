// `ocpp-gateway install`: the binary becomes a service of this machine, in one command, without the Internet.
import { BadUsage } from "../config.ts";
import { VERSION } from "../version.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import * as place from "./installation.ts";
import { isBad, machineChecks } from "./machine.ts";
import { printReached } from "./reach.ts";
import { link, type Step, take, writeWhole } from "./steps.ts";
import { hasSystemd, isRoot, SERVICE, systemctl } from "./systemd.ts";

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
  if (!dry) await refuseMachine();
  const running = await place.versionAt("current");
  await take(await steps(settingsOf(given.values), running), dry);
  if (dry) return 0;
  const started = await systemctl("restart", SERVICE);
  if (!started.ok) return await takeBack(running, started.text);
  await printReached();
  return 0;
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
  const bad = (await machineChecks()).find(isBad);
  if (bad) throw new Error(`Cannot install: ${bad.text}; ${bad.advice}`);
}

/** Run by Deno itself, from a checkout. */
function isDeno(): boolean {
  return Deno.execPath().endsWith("/deno") && !Deno.env.has("OCPP_GATEWAY_HOME");
}

async function steps(settings: Map<string, string>, running: string | null): Promise<Step[]> {
  const units = place.UNITS.map((unit): Step => ({
    what: `write ${place.UNIT_DIR}/${unit}`,
    do: async () => writeWhole(`${place.UNIT_DIR}/${unit}`, await place.systemdFile(unit)),
  }));
  return [
    place.placing(VERSION, await place.programFiles()),
    place.switching(VERSION, running),
    place.tidying(),
    {
      what: `write ${place.ROOT}/rollback`,
      do: async () => writeWhole(`${place.ROOT}/rollback`, await place.systemdFile("rollback"), 0o755),
    },
    {
      what: `link ${place.COMMAND_LINK} to it`,
      do: () => link(`${place.ROOT}/current/ocpp-gateway`, place.COMMAND_LINK),
    },
    ...units,
    ...await configStep(settings),
    { what: "have systemd read its units again", do: () => must("daemon-reload") },
    { what: `enable ${SERVICE}, and start it at each boot`, do: () => must("enable", SERVICE) },
  ];
}

/** The file is the operator's: only what was asked for is changed in it. */
async function configStep(settings: Map<string, string>): Promise<Step[]> {
  const present = await Deno.readTextFile(place.CONFIG_FILE).catch(() => null);
  if (present !== null && settings.size === 0) return [];
  const text = withSettings(present ?? await place.systemdFile("ocpp-gateway.conf"), settings);
  return [{
    what: `write ${place.CONFIG_FILE}${[...settings].map(([name, value]) => ` ${name}=${value}`).join("")}`,
    do: () => writeWhole(place.CONFIG_FILE, text, 0o600),
  }];
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

/** The new version does not come up: the one that ran before runs on. */
async function takeBack(running: string | null, why: string): Promise<number> {
  console.error(`Version ${VERSION} does not come up: ${why.split("\n")[0]}; see journalctl -u ocpp-gateway`);
  if (running === null || running === VERSION) return 1;
  await link(running, `${place.ROOT}/current`);
  await Deno.remove(`${place.ROOT}/previous`).catch(() => {});
  await systemctl("reset-failed", SERVICE);
  const { ok } = await systemctl("restart", SERVICE);
  console.error(ok ? `Version ${running} runs again` : `Version ${running} does not come up either`);
  return 1;
}
