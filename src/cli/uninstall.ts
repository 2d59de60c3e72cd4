// `ocpp-gateway uninstall [--purge]`: removes the service; --purge also deletes its data.
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import * as installation from "./system/installation.ts";
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
  if (await installation.isPackaged()) {
    throw new Error("Cannot uninstall: the package ocpp-gateway is installed; remove it with apt");
  }
  await runSteps(steps(given.values["purge"] === true), dry);
  return 0;
}

function steps(purge: boolean): Step[] {
  const files = [
    ...installation.UNITS.map((unit) => `${installation.UNIT_DIR}/${unit}`),
    installation.COMMAND_LINK,
    installation.ROOT,
  ];
  const all = [...files, ...purge ? [installation.CONFIG_DIR, ...installation.DATA_DIRS] : [], ...cache()];
  return [
    {
      description: `stop ${SERVICE} and disable it`,
      run: async () => {
        await systemctl("stop", ...installation.UNITS.toReversed());
        await systemctl("disable", SERVICE);
        await systemctl("reset-failed", ...installation.UNITS);
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
