// The files of an installed gateway: a folder for each version, links to the current and to the previous one.
import { link, remove, type Step, writeAtomically } from "./steps.ts";
import { SYSTEMD } from "../../paths.ts";

/** Root folder of an installation by `install`; the Debian package uses PACKAGE_ROOT. */
export const ROOT = "/opt/ocpp-gateway";
export const PACKAGE_ROOT = "/usr/lib/ocpp-gateway";
export const COMMAND_LINK = "/usr/local/bin/ocpp-gateway";
export const CONFIG_DIR = "/etc/ocpp-gateway";
export const UNIT_DIR = "/etc/systemd/system";
export const DATA_DIRS = ["/var/lib/ocpp-gateway", "/var/lib/private/ocpp-gateway"];
export const UNITS = ["ocpp-gateway.service", "ocpp-gateway-rollback.service"];

/** Suffix of the folder of a version that was replaced by another build of the same version. */
const BEFORE = ".before";

/** The versions of an installation, as paths below its root; the package keeps the previous one in `kept/`. */
export interface Links {
  current: string | null;
  previous: string | null;
}

/** Reads a file of systemd/ that is shipped with the program. */
export async function systemdFile(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(name, SYSTEMD));
}

/** Returns true if the Debian package is installed, which only dpkg may change. */
export async function isPackaged(): Promise<boolean> {
  return await Deno.lstat(`${PACKAGE_ROOT}/current`).then(() => true, () => false);
}

/** Returns the root folder of the installation on this machine. */
export async function installedRoot(): Promise<string> {
  return await isPackaged() ? PACKAGE_ROOT : ROOT;
}

/** Reads the links of an installation. */
export async function linksOf(root = ROOT): Promise<Links> {
  const read = (name: string) => Deno.readLink(`${root}/${name}`).catch(() => null);
  return { current: await read("current"), previous: await read("previous") };
}

/** Returns the version that a folder is named for. */
export function versionOf(folder: string): string {
  return folder.split("/").at(-1)!;
}

/** Lists the files of the running program: a single binary, or a folder with Deno and the bundle. */
export async function programFiles(): Promise<{ from: string; to: string }[]> {
  const home = Deno.env.get("OCPP_GATEWAY_HOME");
  if (!home) return [{ from: Deno.execPath(), to: "ocpp-gateway" }];
  const files = await filesBelow(home);
  return files.map((to) => ({ from: `${home}/${to}`, to }));
}

/** Returns the step that copies the program into its version's folder; a folder of that name is kept until `deleteOldVersions`. */
export function copyProgram(version: string, files: { from: string; to: string }[], root = ROOT): Step {
  const folder = `${root}/${version}`;
  return {
    description: `copy ${files.length === 1 ? files[0]!.from : `${files.length} files`} to ${folder}`,
    run: async () => {
      const fresh = `${folder}.new`;
      for (const left of [fresh, folder + BEFORE]) await remove(left);
      for (const { from, to } of files) {
        const { mode } = await Deno.stat(from);
        await writeAtomically(
          `${fresh}/${to}`,
          await Deno.readFile(from),
          (mode ?? 0o755) & 0o100 ? 0o755 : 0o644,
        );
      }
      await Deno.rename(folder, folder + BEFORE).catch(() => {}); // the version may be new
      await Deno.rename(fresh, folder);
    },
  };
}

/** Returns the step that makes the version in `folder` the current one, and the current one the previous. */
export function switchTo(folder: string, { current, previous }: Links, root = ROOT): Step {
  const other = current !== null && current !== folder ? current : previous;
  const named = other !== null && other !== previous ? `, ${versionOf(other)} the previous one` : "";
  return {
    description: `make ${versionOf(folder)} the current version${named}`,
    run: () => relink({ current: folder, previous: other }, root),
  };
}

/** Restores the links, and the folder of a version that was replaced by another build of it. */
export async function switchBack(links: Links, root = ROOT): Promise<void> {
  const { current } = links;
  if (current !== null && await exists(`${root}/${current}${BEFORE}`)) {
    await remove(`${root}/${current}`);
    await Deno.rename(`${root}/${current}${BEFORE}`, `${root}/${current}`);
  }
  await relink(links, root);
}

/** Returns the step that deletes all versions but the current and the previous one. */
export function deleteOldVersions(root = ROOT): Step {
  return {
    description: `delete older versions in ${root}`,
    run: async () => {
      const wanted: (string | null)[] = [...Object.values(await linksOf(root)), "new"];
      for await (const { name, isDirectory } of Deno.readDir(root)) {
        if (isDirectory && !wanted.includes(name)) await remove(`${root}/${name}`);
      }
    },
  };
}

/** Sets the links. No version counts as one that came up any more, until the service has started (systemd/supervise). */
async function relink(links: Links, root: string): Promise<void> {
  await remove(`${root}/came-up`);
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
