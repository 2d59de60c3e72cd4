// `serve.sh` runs it with a stamp of the sources: bundles the program for `deno task start` into .bundle/.
import { ROOT } from "../paths.ts";
import { bundleCode, filesBelow } from "./code.ts";
import { Failed } from "./run.ts";

const FOLDER = new URL(".bundle/", ROOT).pathname;
const STAMP = `${FOLDER}stamp.txt`;
/** Paths of the newest bundle's files, one a line. */
const LIST = `${FOLDER}files.txt`;

/**
 * Makes the bundle; the stamp comes last and says that it is whole. A gateway may run the previous one, and load more of
 * its files, so these stay until the next one is made.
 */
async function makeBundle(stamp: string): Promise<void> {
  const fresh = await Deno.makeTempDir({ dir: await folder(), prefix: "new-" });
  try {
    await bundleCode(fresh);
    const files = await filesBelow(fresh);
    const before = await textOf(LIST);
    await Deno.remove(STAMP).catch(() => {});
    for (const path of files) await move(path, fresh);
    await Deno.writeTextFile(LIST, files.join("\n"));
    await Deno.writeTextFile(STAMP, stamp);
    if (before !== files.join("\n")) await removeOthers(new Set([...files, ...before.split("\n")]));
  } finally {
    await Deno.remove(fresh, { recursive: true });
  }
}

async function folder(): Promise<string> {
  await Deno.mkdir(FOLDER, { recursive: true });
  return FOLDER;
}

async function move(path: string, from: string): Promise<void> {
  await Deno.mkdir(`${FOLDER}${path}`.replace(/[^/]*$/, ""), { recursive: true });
  if (path.endsWith(".map")) {
    await Deno.writeTextFile(`${from}/${path}`, lifted(await textOf(`${from}/${path}`)));
  }
  await Deno.rename(`${from}/${path}`, `${FOLDER}${path}`);
}

/** Returns a source map for a file that moves up by one folder. */
function lifted(text: string): string {
  const map = JSON.parse(text) as { sources: string[] };
  return JSON.stringify({ ...map, sources: map.sources.map((source) => source.replace(/^\.\.\//, "")) });
}

async function removeOthers(kept: ReadonlySet<string>): Promise<void> {
  for (const path of await filesBelow(FOLDER)) {
    if (!kept.has(path) && /\.(js|map)$/.test(path) && !path.startsWith("new-")) {
      await Deno.remove(`${FOLDER}${path}`).catch(() => {});
    }
  }
}

async function textOf(path: string): Promise<string> {
  return await Deno.readTextFile(path).catch(() => "");
}

try {
  await makeBundle(Deno.args[0]!);
} catch (error) {
  console.error(error instanceof Failed ? `${error.message}\n${error.output}` : error);
  Deno.exit(1);
}
