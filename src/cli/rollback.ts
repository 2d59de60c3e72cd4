// `ocpp-gateway rollback`: goes back to the previous version.
import { parseArguments } from "./arguments.ts";
import { startOrRollBack } from "./system/switch_version.ts";
import type { Command } from "./command.ts";
import * as installation from "./system/installation.ts";
import { runSteps } from "./system/steps.ts";
import { isRoot, SERVICE } from "./system/systemd.ts";

export const command: Command = { run: rollback };

const OPTIONS = { "dry-run": { type: "boolean", help: "print the changes without making them" } } as const;

async function rollback(args: string[]): Promise<number> {
  const given = parseArguments(args, { name: "rollback", options: OPTIONS });
  if (!given) return 0;
  const dry = given.values["dry-run"] === true;
  if (!dry && !isRoot()) throw new Error("Cannot roll back: this needs root (sudo)");
  const root = await installation.installedRoot();
  const links = await installation.linksOf(root);
  if (links.previous === null) throw new Error("Cannot roll back: there is no previous version");
  await runSteps([
    installation.switchTo(links.previous, links, root),
    { description: `restart ${SERVICE}, and wait until it is running`, run: () => Promise.resolve() },
  ], dry);
  return dry ? 0 : await startOrRollBack(installation.versionOf(links.previous), { root, links });
}
