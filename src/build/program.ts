// The program as it is shipped: everything bundled, with the files that it reads beside it.
import { licences } from "./licences.ts";
import { deno } from "./run.ts";
import { ROOT } from "../paths.ts";

const DIRECTORY = ROOT.pathname;
/** As deep as `src/paths.ts`, which tells all others where `static/` is. */
const CODE = "src";
const FOLDERS = ["static", "systemd"];
/** The notices of its parts, beside it. */
export const LICENCES = "licences.txt";
/** Folders in them that only the repository needs. */
const LEFT_OUT = ["readme", "debian"];

/** Files of a shipped program, relative to its folder. */
export interface Program {
  directory: string;
  main: string;
  /** Modules of workers: loaded by name, so nothing imports them. */
  workers: string[];
  /** What else belongs to it: folders that it reads, the notices of its parts. */
  folders: string[];
}

/** Bundles the program into `directory`, which is emptied first. Throws Failed. */
export async function buildProgram(directory: string): Promise<Program> {
  await Deno.remove(directory, { recursive: true }).catch(() => {});
  await Deno.mkdir(`${directory}/${CODE}`, { recursive: true });
  await buildAdmin();
  const workers = await workerModules();
  await bundle(["--code-splitting", "--outdir", `${directory}/${CODE}`, "main.ts", ...workers]);
  await nameWorkers(`${directory}/${CODE}`, workers);
  for (const folder of FOLDERS) await copy(`${DIRECTORY}${folder}`, `${directory}/${folder}`);
  await Deno.writeTextFile(`${directory}/${LICENCES}`, await licences());
  return {
    directory,
    main: `${CODE}/main.js`,
    workers: workers.map((worker) => `${CODE}/${bundled(worker)}`),
    folders: [...FOLDERS, LICENCES],
  };
}

/** The program as it stands in the checkout, for a Deno that can't bundle here. */
export async function sourceProgram(): Promise<Program> {
  return {
    directory: DIRECTORY.replace(/\/$/, ""),
    main: "main.ts",
    workers: await workerModules(),
    folders: FOLDERS,
  };
}

async function buildAdmin(): Promise<void> {
  if (await exists(`${DIRECTORY}src/build/bundle.ts`)) await deno(["task", "bundle"], { cwd: ROOT.pathname });
}

async function bundle(args: string[]): Promise<void> {
  await deno(["bundle", "--platform", "deno", ...args], { cwd: ROOT.pathname });
}

/** By their name, `<what>_worker.ts`, in any folder but the admin's, whose code runs in browsers. */
async function workerModules(folder = "src"): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${DIRECTORY}${folder}`)) {
    if (isDirectory && name !== "admin") found.push(...await workerModules(`${folder}/${name}`));
    else if (name.endsWith("_worker.ts")) found.push(`${folder}/${name}`);
  }
  return found.sort();
}

/** Workers are named in strings, which the bundler leaves alone; its chunks are all in one folder. */
async function nameWorkers(folder: string, workers: string[]): Promise<void> {
  const paths = new Map(workers.map((worker) => [worker.split("/").at(-1)!, bundled(worker)]));
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile) continue;
    const text = await Deno.readTextFile(`${folder}/${name}`);
    const named = text.replaceAll(
      /"[./]+(\w+_worker\.ts)"/g,
      (_, worker: string) => `"./${paths.get(worker)}"`,
    );
    if (named !== text) await Deno.writeTextFile(`${folder}/${name}`, named);
  }
  for (const path of paths.values()) await refuseFiles(`${folder}/${path}`);
}

/** A worker's module is in a folder of its own: what it looks for beside itself would not be there. */
async function refuseFiles(path: string): Promise<void> {
  if (/new URL\([^)]*import\.meta\.url/.test(await Deno.readTextFile(path))) {
    throw new Error(
      `Cannot package: ${path} looks for files by its own place, which is another one in the bundle`,
    );
  }
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

/** Where the bundler puts a module that nothing imports. */
function bundled(module: string): string {
  return module.replace(/\.ts$/, ".js");
}
