// The program as it is shipped: everything bundled, with the files that it reads beside it.
import { deno } from "./run.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
/** As deep as the modules of src/<room>/, so that `../../static/` means the same. */
const CODE = "src/program";
const FOLDERS = ["static", "systemd"];

/** Files of a shipped program, relative to its folder. */
export interface Program {
  directory: string;
  main: string;
  /** Modules of workers: loaded by name, so nothing imports them. */
  workers: string[];
  /** Folders that it reads. */
  folders: string[];
}

/** Bundles the program into `directory`, which is emptied first. Throws Failed. */
export async function buildProgram(directory: string): Promise<Program> {
  await Deno.remove(directory, { recursive: true }).catch(() => {});
  await Deno.mkdir(`${directory}/${CODE}`, { recursive: true });
  await buildAdmin();
  await bundle(["--code-splitting", "--outdir", `${directory}/${CODE}`, "main.ts"]);
  const workers = await workerModules();
  for (const worker of workers) await bundle(["-o", `${directory}/${CODE}/${nameOf(worker)}`, worker]);
  await nameWorkers(`${directory}/${CODE}`);
  for (const folder of FOLDERS) await copy(`${ROOT}${folder}`, `${directory}/${folder}`);
  return {
    directory,
    main: `${CODE}/main.js`,
    workers: workers.map((worker) => `${CODE}/${nameOf(worker)}`),
    folders: FOLDERS,
  };
}

/** The program as it stands in the checkout, for a Deno that can't bundle here. */
export async function sourceProgram(): Promise<Program> {
  return {
    directory: ROOT.replace(/\/$/, ""),
    main: "main.ts",
    workers: await workerModules(),
    folders: FOLDERS,
  };
}

async function buildAdmin(): Promise<void> {
  if (await exists(`${ROOT}src/build/bundle.ts`)) await deno(["task", "bundle"], { cwd: ROOT });
}

async function bundle(args: string[]): Promise<void> {
  await deno(["bundle", "--platform", "deno", ...args], { cwd: ROOT });
}

/** By their name: `src/<room>/<what>_worker.ts`. */
async function workerModules(): Promise<string[]> {
  const found: string[] = [];
  for await (const room of Deno.readDir(`${ROOT}src`)) {
    if (!room.isDirectory || room.name === "admin") continue;
    for await (const file of Deno.readDir(`${ROOT}src/${room.name}`)) {
      if (file.name.endsWith("_worker.ts")) found.push(`src/${room.name}/${file.name}`);
    }
  }
  return found.sort();
}

/** Workers are named in strings, which the bundler leaves alone. */
async function nameWorkers(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(`${folder}/${name}`);
    const named = text.replaceAll(/"\.\/(\w+_worker)\.ts"/g, '"./$1.js"');
    if (named !== text) await Deno.writeTextFile(`${folder}/${name}`, named);
  }
}

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copy(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** A worker's file in the bundle. */
function nameOf(path: string): string {
  return path.split("/").at(-1)!.replace(/\.ts$/, ".js");
}
