// `deno task package [--fast] [amd64] [arm64]`: builds a .deb and a self-contained file for each architecture in dist/, with
// checksums, and signatures if OCPP_SIGNING_KEY names a key file. It needs the npm registry only: without a base to compile
// with, the package contains Deno's binary and the bundle.
import { VERSION } from "../version.ts";
import { bestCompression } from "./compress.ts";
import { filesBelow } from "./code.ts";
import { compile, TARGETS } from "./compile.ts";
import { dataArchive, deb, type DebParts, programPath } from "./deb.ts";
import { type Architecture, denoBinary } from "./deno_binary.ts";
import { launcher, selfExtractor } from "./launcher.ts";
import { buildProgram, KEYS, LICENCE, LICENCES } from "./program.ts";
import { readSigner, type Signer, SIGNING_KEY, writeSignatures, writeSums } from "./signing.ts";
import { type Entry, file, joined } from "./tar.ts";
import { ROOT } from "../paths.ts";

const DIST = new URL("dist/", ROOT).pathname;
const TARGET: Record<Architecture, string> = { amd64: TARGETS.x86_64!, arm64: TARGETS.aarch64! };
/** Variables that name the runtime base to compile with, a denort of the same version, by architecture. */
const BASE: Record<Architecture, string> = { amd64: "DENORT_BIN_AMD64", arm64: "DENORT_BIN_ARM64" };

/** Builds the packages of the architectures; returns the paths of the files. */
export async function packageAll(architectures: readonly Architecture[], fast = false): Promise<string[]> {
  const signer = await readSigner();
  await Deno.mkdir(DIST, { recursive: true });
  const bundle = await bundledFiles();
  const compression = await bestCompression();
  const time = Math.floor(Date.now() / 1000);
  const made: string[] = [];
  for (const architecture of architectures) {
    const program = await programFor(architecture, bundle);
    const name = `ocpp-gateway_${VERSION}_${architecture}`;
    const parts = { version: VERSION, architecture, program, time, compression, fast };
    const data = await dataArchive(parts);
    made.push(await write(`${name}.deb`, await deb(parts, data)));
    made.push(await write(name, await selfContained(parts, data.archive), 0o755));
  }
  return await sealed(made, signer);
}

/** Signs files of dist/ and writes their checksums; returns the paths of all. */
async function sealed(names: string[], signer: Signer | null): Promise<string[]> {
  if (!signer) console.log(`The packages are unsigned: ${SIGNING_KEY} names no key file`);
  const signatures = signer ? await writeSignatures(DIST, names, signer) : [];
  await writeSums(DIST, [...names, ...signatures]);
  return [...names, ...signatures, "SHA256SUMS"].map((name) => DIST + name);
}

/** Returns the files of the program: the compiled binary if there is a base, else Deno with the bundle. */
async function programFor(architecture: Architecture, bundle: readonly Entry[]): Promise<Entry[]> {
  const base = Deno.env.get(BASE[architecture]);
  if (!base) {
    const binary = file("deno", await denoBinary(architecture), 0o755);
    return [file("ocpp-gateway", launcher(), 0o755), binary, ...bundle];
  }
  Deno.env.set("DENORT_BIN", base);
  const path = await Deno.makeTempFile({ prefix: "ocpp-gateway-" });
  try {
    await compile(path, TARGET[architecture]);
    const notices = bundle.filter(({ path }) => [LICENCE, LICENCES, KEYS].includes(path));
    return [file("ocpp-gateway", await Deno.readFile(path), 0o755), ...notices];
  } finally {
    await Deno.remove(path);
  }
}

async function bundledFiles(): Promise<Entry[]> {
  const directory = await Deno.makeTempDir({ prefix: "ocpp-gateway-program-" });
  try {
    await buildProgram(directory);
    const paths = await filesBelow(directory);
    return await Promise.all(
      paths.map(async (path) => file(path, await Deno.readFile(`${directory}/${path}`), 0o644)),
    );
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Returns the self-contained file: the single binary itself, or a script followed by the package's archive. */
async function selfContained(
  parts: DebParts,
  archive: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { program, version, architecture, compression } = parts;
  if (!program.some(({ path }) => path === "deno")) return program[0]!.content as Uint8Array<ArrayBuffer>;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", archive)).slice(0, 6);
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const script = selfExtractor({
    name: `${version}-${architecture}-${hex}`,
    compression,
    path: programPath(version),
  });
  return joined([new TextEncoder().encode(script), archive]);
}

async function write(name: string, bytes: Uint8Array, mode = 0o644): Promise<string> {
  await Deno.writeFile(DIST + name, bytes, { mode });
  await Deno.chmod(DIST + name, mode);
  await Deno.remove(`${DIST}${name}.sig`).catch(() => {}); // of an older file of this name
  console.log(`dist/${name}: ${(bytes.length / 1e6).toFixed(1)} MB`);
  return name;
}

if (import.meta.main) {
  const known = Object.keys(BASE) as Architecture[];
  const named = Deno.args.filter((name) => name !== "--fast");
  const wanted = named.length ? named : known;
  const unknown = wanted.find((name) => !known.includes(name as Architecture));
  if (unknown) {
    console.error(`Cannot package for ${unknown}: ${known.join(" and ")} are possible`);
    Deno.exit(2);
  }
  await packageAll(wanted as Architecture[], Deno.args.includes("--fast"));
}
