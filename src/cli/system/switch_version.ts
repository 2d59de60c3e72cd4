// Another version, or other settings, in place of those that run: they come up, or all is as it was.
import { type Links, switchBack, versionOf } from "./installation.ts";
import { remove, writeWhole } from "./steps.ts";
import { lastWords, SERVICE, systemctl } from "./systemd.ts";

/** How an installation was before a change. */
export interface Before {
  root: string;
  links: Links;
  /** Puts back what else was changed. */
  undo?: () => Promise<void>;
}

/** Starts what is in place now. Returns why it does not come up; null: it runs. */
export async function start(): Promise<string | null> {
  const since = Date.now();
  await systemctl("reset-failed", SERVICE);
  const { ok, text } = await systemctl("restart", SERVICE);
  return ok ? null : await lastWords(since) ?? text.split("\n")[0]!.replace(/\.$/, "");
}

/** Starts `version`, which is in place now; where it does not come up, what ran before runs again. Returns the exit code. */
export async function startOrGoBack(version: string, before: Before): Promise<number> {
  const { root, links } = before;
  const why = await start();
  if (why === null) {
    await remove(`${root}/rolled-back`);
    return 0;
  }
  console.error(`Version ${version} does not come up: ${why}; see journalctl -u ocpp-gateway`);
  if (links.current === null) {
    console.error("It is tried again until it does; ocpp-gateway uninstall takes it away");
    return 1;
  }
  await switchBack(links, root);
  await before.undo?.();
  const former = versionOf(links.current);
  if (former !== version) await writeWhole(`${root}/rolled-back`, `${version}\n`);
  const again = await start();
  console.error(
    again === null ? `Version ${former} runs again` : `Version ${former} does not come up either: ${again}`,
  );
  return 1;
}
