// The shipped program: the bundled modules with the files that they read.
import { bundleCode, workerModules } from "./code.ts";
import { licences } from "./licences.ts";
import { deno } from "./run.ts";
import { readSigner } from "./signing.ts";
import { RELEASE_KEYS, ROOT } from "../paths.ts";

const DIRECTORY = ROOT.pathname;
/** Folder of the bundle; as deep as that of `src/paths.ts`, which locates `static/`. */
const CODE = "src";
const FOLDERS = ["static", "systemd"];
/** File of the program's own licence. */
export const LICENCE = "LICENSE";
/** File of the licence notices. */
export const LICENCES = "licences.txt";
/** File of the public keys by which the program checks updates. */
export const KEYS = RELEASE_KEYS.pathname.slice(DIRECTORY.length);
/** Files and folders in FOLDERS that are not shipped. */
const LEFT_OUT = ["readme", "debian"];

/** Files of a program, relative to its folder. */
export interface Program {
  directory: string;
  main: string;
  /** Modules of workers, which are loaded by name, so that no module imports them. */
  workers: string[];
  /** The other files: folders that it reads, its licence, and the licence notices. */
  folders: string[];
}

/** Bundles the program into `directory`, which is emptied first. Throws Failed if a tool fails. */
export async function buildProgram(directory: string): Promise<Program> {
  await Deno.remove(directory, { recursive: true }).catch(() => {});
  await Deno.mkdir(`${directory}/${CODE}`, { recursive: true });
  await buildAdmin();
  const workers = await bundleCode(`${directory}/${CODE}`);
  for (const folder of FOLDERS) await copy(`${DIRECTORY}${folder}`, `${directory}/${folder}`);
  await Deno.copyFile(`${DIRECTORY}${LICENCE}`, `${directory}/${LICENCE}`);
  await Deno.writeTextFile(`${directory}/${LICENCES}`, await licences());
  const signer = await readSigner();
  if (signer) await Deno.writeTextFile(`${directory}/${KEYS}`, signer.accepted);
  return {
    directory,
    main: `${CODE}/main.js`,
    workers: workers.map((worker) => `${CODE}/${worker}`),
    folders: [...FOLDERS, LICENCE, LICENCES, ...(signer ? [KEYS] : [])],
  };
}

/** Returns the program in the checkout, for a Deno that cannot bundle it. */
export async function sourceProgram(): Promise<Program> {
  return {
    directory: DIRECTORY.replace(/\/$/, ""),
    main: "main.ts",
    workers: await workerModules(),
    folders: [...FOLDERS, LICENCE],
  };
}

async function buildAdmin(): Promise<void> {
  if (await exists(`${DIRECTORY}src/build/bundle.ts`)) await deno(["task", "bundle"], { cwd: ROOT.pathname });
}

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (LEFT_OUT.includes(name)) continue;
    if (isDirectory) await copy(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
