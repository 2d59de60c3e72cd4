// `deno task compile [--target T] [--output FILE] …`: builds one binary. Other arguments are passed on to `deno compile`.
import { VERSION } from "../version.ts";
import { alignSegments } from "./elf.ts";
import { PERMISSIONS, V8_FLAGS } from "./permissions.ts";
import { buildProgram, type Program, sourceProgram } from "./program.ts";
import { deno, Failed, run } from "./run.ts";

/** Supported targets, by architecture. */
export const TARGETS: Record<string, string> = {
  x86_64: "x86_64-unknown-linux-gnu",
  aarch64: "aarch64-unknown-linux-gnu",
};

const NO_BASE =
  "Cannot compile: Deno's runtime base cannot be downloaded here; give one of the same version and target " +
  "(the unpacked denort-<target>.zip of its release) with DENORT_BIN=FILE";

/** Compiles the gateway for `target` into `output`. Throws Error whose first line gives the reason. */
export async function compile(output: string, target: string, more: readonly string[] = []): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "ocpp-gateway-program-" });
  try {
    const program = await bundled(directory) ?? await sourceProgram();
    await deno(compileArgs(program, output, target, more), { cwd: program.directory });
  } catch (error) {
    throw error instanceof Failed ? explained(error) : error;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
  await alignFile(output);
  await checkVersion(output, target);
}

/** Bundles the program; null if this Deno cannot, as older versions fail at some packages. */
async function bundled(directory: string): Promise<Program | null> {
  try {
    return await buildProgram(directory);
  } catch (error) {
    if (error instanceof Failed && /^deno bundle/.test(error.message) && isOld()) return null;
    throw error;
  }
}

function isOld(): boolean {
  const [major = 0, minor = 0] = Deno.version.deno.split(".").map(Number);
  return major < 2 || (major === 2 && minor < 9);
}

function compileArgs(program: Program, output: string, target: string, more: readonly string[]): string[] {
  const { directory, main, workers, folders } = program;
  const included = [...workers, ...folders].flatMap((path) => ["--include", path]);
  const config = main.endsWith(".ts") ? [] : ["--no-config", "--no-lock"];
  const unstable = ["--unstable-kv", "--unstable-net", "--unstable-worker-options"];
  const settings = ["--no-check", ...config, ...unstable, ...PERMISSIONS, V8_FLAGS, "--target", target];
  return ["compile", ...settings, ...included, "--output", output, ...more, `${directory}/${main}`];
}

/** Converts a failure into an Error; if only the runtime base is missing, it is one line that says how to give one. */
export function explained({ message, output }: Failed): Error {
  if (
    /dl\.deno\.land|denort|DENORT/i.test(output) &&
    /download|client error|dns|connect|404|tunnel|proxy/i.test(output)
  ) return new Error(NO_BASE);
  return new Error(`Cannot compile: ${message}\n${output.trim()}`);
}

/** Aligns the binary for memory pages of 16 KiB, as on a Raspberry Pi 5 (see elf.ts). */
async function alignFile(path: string): Promise<void> {
  const bytes = await Deno.readFile(path);
  const aligned = alignSegments(bytes);
  if (aligned !== bytes) await Deno.writeFile(path, aligned, { mode: 0o755 });
}

/** Throws Error if the given base is a whole `deno`, which would compile to a binary that is just Deno. */
async function checkVersion(path: string, target: string): Promise<void> {
  if (target !== TARGETS[Deno.build.arch]) return;
  const printed = await run(await Deno.realPath(path), ["--version"]).catch(String);
  if (printed.trim() !== VERSION) {
    throw new Error(
      `Cannot compile: the base is not a denort: ${path} --version prints '${printed.split("\n")[0]}'`,
    );
  }
}

interface Arguments {
  target: string;
  output: string;
  more: string[];
}

/** Parses `--target T`, `--target=T`, `--output FILE` and `-o FILE`; the rest is for `deno compile`. */
export function readArguments(args: readonly string[]): Arguments {
  const read: Arguments = { target: TARGETS[Deno.build.arch]!, output: "", more: [] };
  const rest = args.flatMap((arg) =>
    /^--(target|output)=/.test(arg) ? [arg.slice(0, 8), arg.slice(9)] : [arg]
  );
  for (let at = 0; at < rest.length; at++) {
    if (rest[at] === "--target") read.target = rest[++at] ?? "";
    else if (rest[at] === "--output" || rest[at] === "-o") read.output = rest[++at] ?? "";
    else read.more.push(rest[at]!);
  }
  read.output ||= `dist/ocpp-gateway-${read.target.split("-")[0]}`;
  return read;
}

if (import.meta.main) {
  const { target, output, more } = readArguments(Deno.args);
  const path = output.startsWith("/") ? output : `${Deno.cwd()}/${output}`;
  try {
    await Deno.mkdir(path.replace(/\/[^/]*$/, ""), { recursive: true });
    await compile(path, target, more);
    console.log(`${output}: ${((await Deno.stat(path)).size / 1e6).toFixed(1)} MB for ${target}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}
