// The check of a release file's signature: `FILE.sig` beside it, 64 bytes of ed25519 over the whole file.
import { createPublicKey, verify } from "node:crypto";
import { RELEASE_KEYS } from "../../paths.ts";

const PUBLIC_KEY = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

/** Returns the public keys in the program, as PEM; none if it was built without a signing key. */
export async function releaseKeys(file: URL | string = RELEASE_KEYS): Promise<string[]> {
  return (await Deno.readTextFile(file).catch(() => "")).match(PUBLIC_KEY) ?? [];
}

/** Throws Error unless one of the keys has signed the content of the file. */
export async function refuseUnsigned(
  file: string,
  content: Uint8Array,
  keys: readonly string[],
): Promise<void> {
  const advice = "with --unsigned it is installed all the same, if you trust it";
  if (keys.length === 0) {
    throw new Error(
      `Cannot update: this program has no key to check the signature of ${file} with; ${advice}`,
    );
  }
  const signature = await Deno.readFile(`${file}.sig`).catch(() => null);
  if (!signature) {
    throw new Error(`Cannot update: ${file} is not signed (there is no ${file}.sig); ${advice}`);
  }
  if (!keys.some((key) => verify(null, content, createPublicKey(key), signature))) {
    throw new Error(`Cannot update: the signature ${file}.sig does not fit the file, or is by another key`);
  }
}
