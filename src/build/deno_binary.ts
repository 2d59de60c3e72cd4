// Deno's binaries from the npm registry, used if there is no base to compile with.
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { run } from "./run.ts";
import { fileIn } from "./tar.ts";

/** An architecture by its Debian name. */
export type Architecture = "amd64" | "arm64";

/** The npm packages of the binaries with their hashes; no other file is accepted. */
const PACKAGES: Record<Architecture, { name: string; version: string; integrity: string }> = {
  amd64: {
    name: "@deno/linux-x64-glibc",
    version: "2.9.6",
    integrity:
      "sha512-3md4TKLCuzsLDmfOoC5KN7NAZaxSVkMgm64vg6foD00JBADCpYS2/5QqXfzgnP5ZQz3iLP9vBQJtEgc116OAoQ==",
  },
  arm64: { // 2.9.6 is not in the registry
    name: "@deno/linux-arm64-glibc",
    version: "2.9.5",
    integrity:
      "sha512-IuYjsz9PGl7CJcNXMuN27KNDB8Q40brK3SG3l+TXMDVW61ZKwcn0fQHBHnXFiiygEwI8by/fKnASEluhZB1atw==",
  },
};

/** Downloads the binary of Deno for an architecture. Throws Error if its hash is not the expected one. */
export async function denoBinary(architecture: Architecture): Promise<Uint8Array> {
  const { name, version, integrity } = PACKAGES[architecture];
  const folder = await Deno.makeTempDir({ prefix: "ocpp-gateway-deno-" });
  try {
    await run("npm", ["pack", "--silent", `${name}@${version}`], { cwd: folder });
    const tarball = await Deno.readFile(`${folder}/${[...Deno.readDirSync(folder)][0]!.name}`);
    const found = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
    if (found !== integrity) {
      throw new Error(`Cannot package: ${name}@${version} has an unexpected hash: ${found}`);
    }
    return fileIn(gunzipSync(tarball), "package/deno") ?? missing(name);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function missing(name: string): never {
  throw new Error(`Cannot package: there is no deno in ${name}`);
}
