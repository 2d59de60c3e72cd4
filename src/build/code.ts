// The bundled code of the program: few files without types and comments, so that it starts fast.
import { ROOT } from "../paths.ts";
import { deno } from "./run.ts";

const DIRECTORY = ROOT.pathname;

/**
 * The bundler's import of `require`, for packages that need it. It would load a large part of Node at each start, and
 * what it is called with are modules of Node only, since all others are in the bundle.
 */
const REQUIRE =
  /import ?\{ ?createRequire as (\w+) ?\} from "node:module";\s*var (\w+) ?= ?\1\(import\.meta\.url\);/;

/** Bundles the program into a folder, which is as deep as that of `src/paths.ts`. Returns its workers' paths. Throws Failed. */
export async function bundleCode(folder: string): Promise<string[]> {
  const workers = await workerModules();
  const args = ["--platform", "deno", "--code-splitting", "--minify", "--sourcemap", "linked"];
  await deno(["bundle", ...args, "--outdir", folder, "main.ts", ...workers], { cwd: DIRECTORY });
  const paths = new Map(workers.map((worker) => [worker.split("/").at(-1)!, bundled(worker)]));
  for (const path of await filesBelow(folder)) {
    if (path.endsWith(".map")) await change(`${folder}/${path}`, withoutSources);
    else await change(`${folder}/${path}`, (text) => named(withoutRequire(text), paths));
  }
  for (const path of paths.values()) await refuseFiles(`${folder}/${path}`);
  return [...paths.values()];
}

/** Lists the files below a folder, relative to it. */
export async function filesBelow(root: string, below = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${below}`)) {
    if (isDirectory) found.push(...await filesBelow(root, `${below}${name}/`));
    else found.push(below + name);
  }
  return found;
}

/** Lists the workers by their name, `…_worker.ts`, in all folders but the admin's, whose code runs in browsers. */
export async function workerModules(): Promise<string[]> {
  const files = await filesBelow(`${DIRECTORY}src`);
  return files.filter((path) => path.endsWith("_worker.ts") && !path.startsWith("admin/"))
    .map((path) => `src/${path}`).sort();
}

async function change(path: string, work: (text: string) => string): Promise<void> {
  const text = await Deno.readTextFile(path);
  const changed = work(text);
  if (changed !== text) await Deno.writeTextFile(path, changed);
}

/** Removes the sources from a source map: the lines that errors name need none. */
function withoutSources(text: string): string {
  const { sourcesContent: _, ...map } = JSON.parse(text);
  return JSON.stringify(map);
}

function withoutRequire(text: string): string {
  return text.replace(
    REQUIRE,
    (_, _import, name) =>
      `var ${name}=(name)=>{const found=process.getBuiltinModule(name);if(found)return found;` +
      'throw Object.assign(new Error("Cannot find module "+name),{code:"MODULE_NOT_FOUND"})};',
  );
}

/** Replaces the names of workers, which are strings that the bundler does not change, by their bundled paths. */
function named(text: string, paths: ReadonlyMap<string, string>): string {
  return text.replaceAll(/"[./]+(\w+_worker\.ts)"/g, (_, worker: string) => `"./${paths.get(worker)}"`);
}

/** Throws Error if a worker's module locates files by its own URL, which is another one in the bundle. */
async function refuseFiles(path: string): Promise<void> {
  if (/new URL\([^)]*import\.meta\.url/.test(await Deno.readTextFile(path))) {
    throw new Error(
      `Cannot package: ${path} locates files by import.meta.url, which is another one in the bundle`,
    );
  }
}

/** Returns the bundled path of a module that no other imports. */
function bundled(module: string): string {
  return module.replace(/\.ts$/, ".js");
}
