// Private keys in an archive: a tar file encrypted with a passphrase by age, which `age -d` opens anywhere.
import { packTar, unpackTar } from "modern-tar";
import { ArchiveError } from "./manifest.ts";

/** A small file in memory. */
export interface KeyFile {
  name: string;
  data: Uint8Array<ArrayBuffer>;
}

/**
 * Cost of the passphrase: scrypt with N = 2^16, r = 8, 64 MB for a moment. age's own 2^18 would take 256 MB of the 450 that
 * a gateway has.
 */
const WORK_FACTOR = 16;
/** The highest cost of an archive that is opened: 256 MB. */
const MAX_WORK_FACTOR = 18;
const HEADER = /^age-encryption\.org\/v1\n-> scrypt \S+ (\d+)\n/;
/** Bytes of the largest member with keys that is opened. */
export const MAX_KEYS = 1_048_576;

/** A passphrase that does not open the keys. */
export class WrongPassphrase extends ArchiveError {
  override readonly name = "WrongPassphrase";
}

/** Encrypts files with a passphrase. */
export async function sealKeys(
  files: readonly KeyFile[],
  { passphrase, work_factor = WORK_FACTOR }: { passphrase: string; work_factor?: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const { Encrypter } = await import("age-encryption");
  const packed = await packTar(files.map(({ name, data }) => ({
    header: { name, size: data.length, type: "file" as const, mode: 0o600 },
    body: data,
  })));
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(work_factor);
  encrypter.setPassphrase(passphrase);
  return new Uint8Array(await encrypter.encrypt(packed));
}

/** Decrypts files. Throws WrongPassphrase, or ArchiveError for a damaged member. */
export async function openKeys(sealed: Uint8Array, passphrase: string): Promise<KeyFile[]> {
  const header = HEADER.exec(new TextDecoder("latin1").decode(sealed.subarray(0, 200)));
  if (!header || Number(header[1]) > MAX_WORK_FACTOR) {
    throw new ArchiveError("has keys that are not encrypted as expected");
  }
  const { Decrypter } = await import("age-encryption");
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const packed = await decrypter.decrypt(sealed).catch(() => {
    throw new WrongPassphrase("has keys that this passphrase does not open");
  });
  const entries = await unpackTar(new Uint8Array(packed), { strict: true });
  return entries.map(({ header: { name }, data }) => ({ name, data: data ?? new Uint8Array() }));
}
