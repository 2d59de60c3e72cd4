// `ocpp-gateway uninstall [--purge]`: removes the service; --purge also deletes its data.
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import * as place from "./system/installation.ts";
import { remove, runSteps, type Step } from "./system/steps.ts";
import { isRoot, SERVICE, systemctl } from "./system/systemd.ts";

export const command: Command = { run: uninstall };

const OPTIONS = {
  "purge": { type: "boolean", help: "also delete the data, the backups and the configuration" },
  "dry-run": { type: "boolean", help: "print the changes without making them" },
} as const;

async function uninstall(args: string[]): Promise<number> {
  const given = parseArguments(args, { name: "uninstall", options: OPTIONS });
  if (!given) return 0;
  const dry = given.values["dry-run"] === true;
  if (!dry && !isRoot()) throw new Error("Cannot uninstall: this needs root (sudo)");
  if (await place.isPackaged()) {
    throw new Error("Cannot uninstall: the package ocpp-gateway is installed; remove it with apt");
  }
  await runSteps(steps(given.values["purge"] === true), dry);
  return 0;
}

function steps(purge: boolean): Step[] {
  const files = [...place.UNITS.map((unit) => `${place.UNIT_DIR}/${unit}`), place.COMMAND_LINK, place.ROOT];
  const all = [...files, ...purge ? [place.CONFIG_DIR, ...place.DATA_DIRS] : [], ...cache()];
  return [
    {
      description: `stop ${SERVICE} and disable it`,
      run: async () => {
        await systemctl("stop", ...place.UNITS.toReversed());
        await systemctl("disable", SERVICE);
        await systemctl("reset-failed", ...place.UNITS);
      },
    },
    ...all.map((path): Step => ({ description: `delete ${path}`, run: () => remove(path) })),
    { description: "reload the units of systemd", run: () => systemctl("daemon-reload") },
  ];
}

/** Returns the folder in which a self-contained file has unpacked itself for the user who runs it. */
function cache(): string[] {
  const [folder] = /^.+\/ocpp-gateway(?=\/deno$)/.exec(Deno.env.get("DENO_DIR") ?? "") ?? [];
  return folder === undefined ? [] : [folder];
}
