// Where an installed gateway is: a folder a version, a link to the one that runs and one to the one before.
import { link, remove, type Step, writeWhole } from "./steps.ts";
import { SYSTEMD } from "../../paths.ts";

/** Where `install` puts things; the package has its own place. */
export const ROOT = "/opt/ocpp-gateway";
export const PACKAGE_ROOT = "/usr/lib/ocpp-gateway";
export const COMMAND_LINK = "/usr/local/bin/ocpp-gateway";
export const CONFIG_DIR = "/etc/ocpp-gateway";
export const UNIT_DIR = "/etc/systemd/system";
export const DATA_DIRS = ["/var/lib/ocpp-gateway", "/var/lib/private/ocpp-gateway"];
export const UNITS = ["ocpp-gateway.service", "ocpp-gateway-rollback.service"];

/** What is behind the name of a version's folder that another one of the same version has taken the place of. */
const BEFORE = ".before";

/** The versions of an installation, as folders in its root: the package keeps the one before in `kept/`. */
export interface Links {
  current: string | null;
  previous: string | null;
}

/** A file of systemd/, out of the program itself. */
export async function systemdFile(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(name, SYSTEMD));
}

/** Whether the package of the system's package manager is installed, which is not ours to change. */
export async function isPackaged(): Promise<boolean> {
  return await Deno.lstat(`${PACKAGE_ROOT}/current`).then(() => true, () => false);
}

/** Where the installation is that commands look at. */
export async function installedRoot(): Promise<string> {
  return await isPackaged() ? PACKAGE_ROOT : ROOT;
}

/** Where the links of an installation lead. */
export async function linksOf(root = ROOT): Promise<Links> {
  const read = (name: string) => Deno.readLink(`${root}/${name}`).catch(() => null);
  return { current: await read("current"), previous: await read("previous") };
}

/** The version in a folder. */
export function versionOf(folder: string): string {
  return folder.split("/").at(-1)!;
}

/** Files of the running program: its binary alone, or the folder of Deno and its bundle. */
export async function programFiles(): Promise<{ from: string; to: string }[]> {
  const home = Deno.env.get("OCPP_GATEWAY_HOME");
  if (!home) return [{ from: Deno.execPath(), to: "ocpp-gateway" }];
  const files = await filesBelow(home);
  return files.map((to) => ({ from: `${home}/${to}`, to }));
}

/** Copies the program into a folder of its version; what was there is kept until `tidying`. */
export function placing(version: string, files: { from: string; to: string }[], root = ROOT): Step {
  const folder = `${root}/${version}`;
  return {
    what: `copy ${files.length === 1 ? files[0]!.from : `${files.length} files`} to ${folder}`,
    do: async () => {
      const fresh = `${folder}.new`;
      for (const left of [fresh, folder + BEFORE]) await remove(left);
      for (const { from, to } of files) {
        const { mode } = await Deno.stat(from);
        await writeWhole(
          `${fresh}/${to}`,
          await Deno.readFile(from),
          (mode ?? 0o755) & 0o100 ? 0o755 : 0o644,
        );
      }
      await Deno.rename(folder, folder + BEFORE).catch(() => {}); // there may be none
      await Deno.rename(fresh, folder);
    },
  };
}

/** Makes the version in `folder` the one that runs, and the one that ran the one before. */
export function switching(folder: string, { current, previous }: Links, root = ROOT): Step {
  const other = current !== null && current !== folder ? current : previous;
  const named = other !== null && other !== previous ? `, ${versionOf(other)} the previous` : "";
  return {
    what: `make ${versionOf(folder)} the current version${named}`,
    do: () => relink({ current: folder, previous: other }, root),
  };
}

/** Makes the links lead where they led before, and a folder be what it was. */
export async function switchBack(links: Links, root = ROOT): Promise<void> {
  const { current } = links;
  if (current !== null && await exists(`${root}/${current}${BEFORE}`)) {
    await remove(`${root}/${current}`);
    await Deno.rename(`${root}/${current}${BEFORE}`, `${root}/${current}`);
  }
  await relink(links, root);
}

/** Deletes versions that are neither current nor the one before. */
export function tidying(root = ROOT): Step {
  return {
    what: `delete versions in ${root} that are older`,
    do: async () => {
      const wanted: (string | null)[] = [...Object.values(await linksOf(root)), "new"];
      for await (const { name, isDirectory } of Deno.readDir(root)) {
        if (isDirectory && !wanted.includes(name)) await remove(`${root}/${name}`);
      }
    },
  };
}

async function relink(links: Links, root: string): Promise<void> {
  for (const name of ["previous", "current"] as const) {
    if (links[name] === null) await remove(`${root}/${name}`);
    else await link(links[name], `${root}/${name}`);
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

async function filesBelow(folder: string, below = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${below}`)) {
    if (isDirectory) found.push(...await filesBelow(folder, `${below}${name}/`));
    else found.push(below + name);
  }
  return found;
}
