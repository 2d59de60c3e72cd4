// Compression of packages with xz, which is a third smaller than gzip, if the machine has it.
import { gzipSync } from "node:zlib";

/** A format of compression. */
export type Compression = "xz" | "gz";

/** The available compressor: xz, else gzip. */
export async function bestCompression(): Promise<Compression> {
  const found = await new Deno.Command("xz", { args: ["--version"], stdout: "null", stderr: "null" }).output()
    .then(({ success }) => success, () => false);
  return found ? "xz" : "gz";
}

/** Compresses bytes; `fast` gives a result a fifth larger in a fraction of the time. */
export async function compressed(
  bytes: Uint8Array<ArrayBuffer>,
  kind: Compression,
  fast = false,
): Promise<Uint8Array<ArrayBuffer>> {
  if (kind === "gz") return new Uint8Array(gzipSync(bytes, { level: fast ? 1 : 9 }));
  const args = [fast ? "-0" : "-6", "-T0", "-c"];
  const xz = new Deno.Command("xz", { args, stdin: "piped", stdout: "piped" }).spawn();
  const [, { stdout }] = await Promise.all([new Blob([bytes]).stream().pipeTo(xz.stdin), xz.output()]);
  return stdout as Uint8Array<ArrayBuffer>;
}
