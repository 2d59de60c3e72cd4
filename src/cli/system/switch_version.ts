// Switching to another version or other settings: if the service does not start with them, the previous ones are restored.
import { type Links, switchBack, versionOf } from "./installation.ts";
import { remove, writeAtomically } from "./steps.ts";
import { lastError, SERVICE, systemctl } from "./systemd.ts";

/** The state of an installation before a change. */
export interface PreviousState {
  root: string;
  links: Links;
  /** Undoes the other changes. */
  undo?: () => Promise<void>;
}

/** Restarts the service. Returns the reason why it does not start, or null if it is running. */
export async function start(): Promise<string | null> {
  const since = Date.now();
  await systemctl("reset-failed", SERVICE);
  const { ok, text } = await systemctl("restart", SERVICE);
  return ok ? null : await lastError(since) ?? text.split("\n")[0]!.replace(/\.$/, "");
}

/** Starts `version`, whose files are in place; if it does not start, restores and starts the previous state. Returns the exit code. */
export async function startOrRollBack(version: string, before: PreviousState): Promise<number> {
  const { root, links } = before;
  const why = await start();
  if (why === null) {
    await remove(`${root}/rolled-back`);
    return 0;
  }
  console.error(`Version ${version} does not start: ${why}; see journalctl -u ocpp-gateway`);
  if (links.current === null) {
    console.error("systemd keeps trying to start it; 'ocpp-gateway uninstall' removes it");
    return 1;
  }
  await switchBack(links, root);
  await before.undo?.();
  const former = versionOf(links.current);
  if (former !== version) await writeAtomically(`${root}/rolled-back`, `${version}\n`);
  const again = await start();
  console.error(
    again === null
      ? `Version ${former} is running again`
      : `Version ${former} does not start either: ${again}`,
  );
  return 1;
}
