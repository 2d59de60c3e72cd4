// `ocpp-gateway uninstall [--purge]`: the service goes; its data stays unless told otherwise.
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import * as place from "./system/installation.ts";
import { remove, type Step, take } from "./system/steps.ts";
import { isRoot, SERVICE, systemctl } from "./system/systemd.ts";

export const command: Command = {
  name: "uninstall",
  summary: "take the service away; --purge: its data too",
  run: uninstall,
};

const OPTIONS = {
  "purge": { type: "boolean", help: "also delete the data, the backups and the configuration" },
  "dry-run": { type: "boolean", help: "only tell what would be done" },
} as const;

async function uninstall(args: string[]): Promise<number> {
  const given = readArguments(args, { name: "uninstall", options: OPTIONS });
  if (!given) return 0;
  const dry = given.values["dry-run"] === true;
  if (!dry && !isRoot()) throw new Error("Cannot uninstall: this needs root (sudo)");
  if (await place.isPackaged()) {
    throw new Error("Cannot uninstall: the package ocpp-gateway is installed; remove it with apt");
  }
  await take(steps(given.values["purge"] === true), dry);
  return 0;
}

function steps(purge: boolean): Step[] {
  const files = [...place.UNITS.map((unit) => `${place.UNIT_DIR}/${unit}`), place.COMMAND_LINK, place.ROOT];
  const all = [...files, ...purge ? [place.CONFIG_DIR, ...place.DATA_DIRS] : [], ...cache()];
  return [
    {
      what: `stop ${SERVICE} and disable it`,
      do: async () => {
        await systemctl("stop", ...place.UNITS.toReversed());
        await systemctl("disable", SERVICE);
        await systemctl("reset-failed", ...place.UNITS);
      },
    },
    ...all.map((path): Step => ({ what: `delete ${path}`, do: () => remove(path) })),
    { what: "have systemd read its units again", do: () => systemctl("daemon-reload") },
  ];
}

/** What a self-contained file has unpacked and cached for the user who runs it. */
function cache(): string[] {
  const [folder] = /^.+\/ocpp-gateway(?=\/deno$)/.exec(Deno.env.get("DENO_DIR") ?? "") ?? [];
  return folder === undefined ? [] : [folder];
}
