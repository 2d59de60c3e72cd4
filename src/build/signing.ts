// Checksums and signatures of release files. The signing key is a PEM file that OCPP_SIGNING_KEY names: an ed25519 private
// key, and optionally public keys of later releases behind it.
import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";

/** The environment variable that names the key file. */
export const SIGNING_KEY = "OCPP_SIGNING_KEY";

const PRIVATE_KEY = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/;
const PUBLIC_KEY = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

/** A key to sign with, and the public keys that programs of the release accept, as PEM. */
export interface Signer {
  key: KeyObject;
  accepted: string;
}

/** Reads the key file that the environment names; null if it names none. Throws Error if it is no ed25519 key. */
export async function readSigner(path = Deno.env.get(SIGNING_KEY)): Promise<Signer | null> {
  if (!path) return null;
  const text = await Deno.readTextFile(path).catch((error) => {
    throw new Error(`Cannot sign: ${path} cannot be read (${error.message})`);
  });
  const key = privateKeyIn(text);
  if (key?.asymmetricKeyType !== "ed25519") {
    throw new Error(
      `Cannot sign: ${path} has no ed25519 private key; openssl genpkey -algorithm ed25519 makes one`,
    );
  }
  const own = createPublicKey(key).export({ type: "spki", format: "pem" }).toString().trim();
  return { key, accepted: [own, ...text.match(PUBLIC_KEY) ?? []].join("\n") + "\n" };
}

function privateKeyIn(text: string): KeyObject | null {
  try {
    return createPrivateKey(PRIVATE_KEY.exec(text)?.[0] ?? "");
  } catch {
    return null;
  }
}

/** Writes a signature `NAME.sig` (64 bytes, over the whole file) beside each file of a folder; returns their names. */
export async function writeSignatures(folder: string, names: string[], { key }: Signer): Promise<string[]> {
  const written = names.map(async (name) => {
    await Deno.writeFile(`${folder}${name}.sig`, sign(null, await Deno.readFile(folder + name), key));
    return `${name}.sig`;
  });
  return await Promise.all(written);
}

/** Writes SHA256SUMS of files of a folder, as `sha256sum -c` reads it. */
export async function writeSums(folder: string, names: string[]): Promise<void> {
  const lines = names.toSorted().map(async (name) => {
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(folder + name));
    return `${new Uint8Array(digest).toHex()}  ${name}\n`;
  });
  await Deno.writeTextFile(`${folder}SHA256SUMS`, (await Promise.all(lines)).join(""));
}
