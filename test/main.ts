// `deno task test [--fast] [--slowest N] [FOLDER | FILE …]`: the test suite, in two processes of `deno test` at once. Most files
// run side by side in the first; files that measure the memory of their own process run one by one in the second.
import { parseArgs } from "node:util";
import { bundle, isFresh } from "../src/build/bundle.ts";
import { readReport, type Result } from "./kit/junit.ts";

const ROOT = new URL("../", import.meta.url).pathname;

/** Folders with browsers, processes that are killed, full disks or long series: `--fast` leaves them out. */
const SLOW = ["test/e2e/", "test/faults/", "test/fuzz/"];

/** Files that measure the memory of the process that they run in. */
const ALONE = ["test/conformance/flood_test.ts", "test/conformance/wire_test.ts", "test/fuzz/frames_test.ts"];

interface Options {
  fast: boolean;
  /** Files to list with their times. */
  slowest: number;
  /** Files and folders to run; all if empty. */
  paths: string[];
}

function readOptions(): Options {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: { fast: { type: "boolean", default: false }, slowest: { type: "string", default: "0" } },
  });
  return { fast: values.fast, slowest: Number(values.slowest), paths: positionals };
}

/** Returns the test files below a folder, as paths from the root. */
function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(ROOT + folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}${name}/`) : /_test\.tsx?$/.test(name) ? [folder + name] : []
  );
}

function filesOf({ fast, paths }: Options): string[] {
  const wanted = paths.map((path) => path.replace(/^\.?\//, ""));
  return filesBelow("test/").sort().filter((file) =>
    (wanted.length === 0 || wanted.some((path) => file.startsWith(path))) &&
    !(fast && SLOW.some((folder) => file.startsWith(folder)))
  );
}

/** The options of one `deno test`. */
interface RunOptions {
  flags?: string[];
  env: Record<string, string>;
  /** Prints all output at the end, so that it does not mix with that of another run. */
  late?: boolean;
}

/** Runs files in one `deno test`; resolves with the outcomes. */
async function run(files: string[], { flags = [], env, late = false }: RunOptions): Promise<Result[]> {
  if (files.length === 0) return [];
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const args = ["test", "--no-check", "--no-prompt", "-A", `--junit-path=${report}`, ...flags, ...files];
    const stdout = late ? "piped" : "inherit";
    const command = new Deno.Command(Deno.execPath(), { args, env, cwd: ROOT, stdin: "null", stdout });
    const process = command.spawn();
    const output = late ? new Response(process.stdout).bytes() : null;
    const { success } = await process.status;
    if (output) await writeAll(await output);
    const results = readReport(await Deno.readTextFile(report));
    const blamed = results.some(({ outcome }) => outcome === "failed");
    return success || blamed
      ? results
      : [...results, { file: "", name: "deno test", outcome: "failed", ms: 0 }];
  } finally {
    await Deno.remove(report);
  }
}

async function writeAll(bytes: Uint8Array): Promise<void> {
  await new Response(bytes as Uint8Array<ArrayBuffer>).body!.pipeTo(Deno.stdout.writable, {
    preventClose: true,
  });
}

function printSlowest(results: Result[], count: number): void {
  const ms = new Map<string, number>();
  for (const result of results) ms.set(result.file, (ms.get(result.file) ?? 0) + result.ms);
  const slowest = [...ms].sort(([, a], [, b]) => b - a).slice(0, count);
  for (const [file, time] of slowest) console.log(`${(time / 1000).toFixed(1).padStart(7)} s  ${file}`);
}

/** Prints the totals as the last line; returns the exit code. */
function printTotals(results: Result[]): number {
  const count = (wanted: Result["outcome"]) => results.filter(({ outcome }) => outcome === wanted).length;
  for (const { name, file, outcome } of results) {
    if (outcome === "failed") console.log(`failed: ${name} (${file})`);
    if (outcome === "ignored") console.log(`ignored: ${name} (${file})`);
  }
  console.log(`${count("passed")} passed, ${count("failed")} failed`);
  return count("failed") ? 1 : 0;
}

/** Starts the browser that all files share; the module is loaded only if one is needed. */
async function startBrowser(): Promise<{ env: Record<string, string>; close(): Promise<void> }> {
  const { BROWSER_VARIABLE, serveBrowser } = await import("./e2e/browser.ts");
  const server = await serveBrowser();
  return { env: { [BROWSER_VARIABLE]: server.wsEndpoint() }, close: () => server.close() };
}

async function main(): Promise<number> {
  const options = readOptions();
  const files = filesOf(options);
  if (files.length === 0) throw new Error(`No test file is in ${options.paths.join(", ")}`);
  const alone = files.filter((file) => ALONE.includes(file));
  const together = files.filter((file) => !ALONE.includes(file));
  const browser = files.some((file) => file.startsWith("test/e2e/")) ? await startBrowser() : null;
  const env = browser?.env ?? {};
  if (!await isFresh()) await bundle();
  const jobs = String(Math.min(4, Math.max(2, navigator.hardwareConcurrency)));
  const runs = [
    run(together, { flags: ["--parallel"], env: { ...env, DENO_JOBS: jobs } }),
    run(alone, { env, late: together.length > 0 }),
  ];
  const results = (await Promise.all(runs)).flat();
  await browser?.close();
  printSlowest(results, options.slowest);
  return printTotals(results);
}

try {
  Deno.exit(await main());
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  Deno.exit(2);
}
