// `ocpp-gateway rollback`: back to the version that ran before.
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import * as place from "./installation.ts";
import { take } from "./steps.ts";
import { isRoot, SERVICE, systemctl } from "./systemd.ts";

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
  const root = await place.isPackaged() ? place.PACKAGE_ROOT : place.ROOT;
  const [current, previous] = [
    await place.versionAt("current", root),
    await place.versionAt("previous", root),
  ];
  if (previous === null) throw new Error("Cannot go back: there is no version before");
  await take([
    place.switching(previous, current, root),
    { what: `restart ${SERVICE}, and wait until it runs`, do: restart },
  ], dry);
  return 0;
}

async function restart(): Promise<void> {
  await systemctl("reset-failed", SERVICE);
  const { ok, text } = await systemctl("restart", SERVICE);
  if (!ok) {
    throw new Error(
      `The version before does not come up: ${
        text.split("\n")[0]
      }; a newer database needs restore of a backup`,
    );
  }
}
