// `ocpp-gateway rollback`: back to the version that ran before.
import { readArguments } from "./arguments.ts";
import { startOrGoBack } from "./system/switch_version.ts";
import type { Command } from "./command.ts";
import * as place from "./system/installation.ts";
import { take } from "./system/steps.ts";
import { isRoot, SERVICE } from "./system/systemd.ts";

export const command: Command = {
  name: "rollback",
  summary: "go back to the version before",
  run: rollback,
};

const OPTIONS = { "dry-run": { type: "boolean", help: "only tell what would be done" } } as const;

async function rollback(args: string[]): Promise<number> {
  const given = readArguments(args, { name: "rollback", options: OPTIONS });
  if (!given) return 0;
  const dry = given.values["dry-run"] === true;
  if (!dry && !isRoot()) throw new Error("Cannot go back: this needs root (sudo)");
  const root = await place.installedRoot();
  const links = await place.linksOf(root);
  if (links.previous === null) throw new Error("Cannot go back: there is no version before");
  await take([
    place.switching(links.previous, links, root),
    { what: `restart ${SERVICE}, and wait until it runs`, do: () => Promise.resolve() },
  ], dry);
  return dry ? 0 : await startOrGoBack(place.versionOf(links.previous), { root, links });
}
