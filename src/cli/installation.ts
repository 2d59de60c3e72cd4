// Where an installed gateway is: a folder a version, a link to the one that runs and one to the one before.
import { link, type Step, writeWhole } from "./steps.ts";

/** Where `install` puts things; the package has its own place. */
export const ROOT = "/opt/ocpp-gateway";
export const PACKAGE_ROOT = "/usr/lib/ocpp-gateway";
export const COMMAND_LINK = "/usr/local/bin/ocpp-gateway";
export const CONFIG_DIR = "/etc/ocpp-gateway";
export const CONFIG_FILE = `${CONFIG_DIR}/ocpp-gateway.conf`;
export const UNIT_DIR = "/etc/systemd/system";
export const DATA_DIRS = ["/var/lib/ocpp-gateway", "/var/lib/private/ocpp-gateway"];
export const UNITS = ["ocpp-gateway.service", "ocpp-gateway-rollback.service"];

const FILES = new URL("../../systemd/", import.meta.url);

/** A file of systemd/, out of the program itself. */
export async function systemdFile(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(name, FILES));
}

/** Whether the package of the system's package manager is installed, which is not ours to change. */
export async function isPackaged(): Promise<boolean> {
  return await Deno.lstat(`${PACKAGE_ROOT}/current`).then(() => true, () => false);
}

/** The version that a link of the installation leads to: `current`, `previous`. */
export async function versionAt(name: "current" | "previous", root = ROOT): Promise<string | null> {
  return await Deno.readLink(`${root}/${name}`).then((target) => target.split("/").at(-1)!, () => null);
}

/** Files of the running program: its binary alone, or the folder of Deno and its bundle. */
export async function programFiles(): Promise<{ from: string; to: string }[]> {
  const home = Deno.env.get("OCPP_GATEWAY_HOME");
  if (!home) return [{ from: Deno.execPath(), to: "ocpp-gateway" }];
  const files = await filesBelow(home);
  return files.map((to) => ({ from: `${home}/${to}`, to }));
}

/** Copies the program into a folder of its version. */
export function placing(version: string, files: { from: string; to: string }[], root = ROOT): Step {
  const folder = `${root}/${version}`;
  return {
    what: `copy ${files.length === 1 ? files[0]!.from : `${files.length} files`} to ${folder}`,
    do: async () => {
      const fresh = `${folder}.new`;
      await Deno.remove(fresh, { recursive: true }).catch(() => {});
      for (const { from, to } of files) {
        const { mode } = await Deno.stat(from);
        await writeWhole(
          `${fresh}/${to}`,
          await Deno.readFile(from),
          (mode ?? 0o755) & 0o100 ? 0o755 : 0o644,
        );
      }
      await Deno.remove(folder, { recursive: true }).catch(() => {});
      await Deno.rename(fresh, folder);
    },
  };
}

/** Makes `version` the one that runs, and the one that ran the one before. */
export function switching(version: string, running: string | null, root = ROOT): Step {
  return {
    what: `make ${version} the current version${
      running && running !== version ? `, ${running} the previous` : ""
    }`,
    do: async () => {
      if (running && running !== version) await link(running, `${root}/previous`);
      await link(version, `${root}/current`);
    },
  };
}

/** Deletes versions that are neither current nor the one before. */
export function tidying(root = ROOT): Step {
  return {
    what: `delete versions in ${root} that are older`,
    do: async () => {
      const wanted = [await versionAt("current", root), await versionAt("previous", root), "new"];
      for await (const { name, isDirectory } of Deno.readDir(root)) {
        if (isDirectory && !wanted.includes(name)) await Deno.remove(`${root}/${name}`, { recursive: true });
      }
    },
  };
}

async function filesBelow(folder: string, below = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${below}`)) {
    if (isDirectory) found.push(...await filesBelow(folder, `${below}${name}/`));
    else found.push(below + name);
  }
  return found;
}
