// Hashing and comparison of chargers' keys. Those hashed by scrypt are verified once, and remembered in memory.
import type { Buffer } from "node:buffer";
import { node } from "../../node.ts";
import type { Charger, PasswordHash } from "../../store/store.ts";
import { candidatesOf, digest, hashKey } from "./charger_key.ts";

const COST = { N: 16_384, r: 8, p: 1 };
const AT_ONCE = 2; // each derivation takes 16 MB
const MAX_WAITING = 1_000;

/** The keys of the site's chargers. A charger has its own key, and those that it was sent and may have taken. */
export class ChargerKeys {
  /** Fast hashes of the keys that scrypt has verified, by the stored hash; those of deleted chargers go with it. */
  readonly #verified = new WeakMap<PasswordHash, Buffer>();
  /** Derivations that wait for one of those under way. */
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** Hashes a key by the means that it needs: text can be guessed, so that it is hashed by scrypt, off the event loop. */
  async hash(key: Uint8Array): Promise<PasswordHash> {
    if (!key.every((byte) => byte >= 0x20 && byte < 0x7f)) return hashKey(key);
    const salt = node("crypto").randomBytes(16);
    const hash: PasswordHash = {
      salt: salt.toString("base64"),
      hash: (await this.#derive(key, salt)).toString("base64"),
      scheme: "scrypt",
    };
    this.#verified.set(hash, digest(salt, key));
    return hash;
  }

  /** Compares a key with a hash in constant time. A key hashed by scrypt matches only once it is verified, see `prepare`. */
  matches(hash: PasswordHash, key: Uint8Array): boolean {
    const salt = node("buffer").Buffer.from(hash.salt, "base64");
    const expected = hash.scheme === "scrypt"
      ? this.#verified.get(hash)
      : node("buffer").Buffer.from(hash.hash, "base64");
    if (!expected) return false;
    return candidatesOf(key).some((candidate) =>
      node("crypto").timingSafeEqual(digest(salt, candidate), expected)
    );
  }

  /** Returns true if a key is valid for a charger: its own, or one that it was sent. */
  isKeyOf(charger: Charger, key: Uint8Array): boolean {
    return hashesOf(charger).some((hash) => this.matches(hash, key));
  }

  /** Returns true if a key needs `prepare` before `isKeyOf`. */
  needsPreparing(charger: Charger, key: Uint8Array): boolean {
    return !this.isKeyOf(charger, key) && hashesOf(charger).some(({ scheme }) => scheme === "scrypt");
  }

  /** Resolves when `isKeyOf` can tell of a key; with false if too many keys are being verified. */
  async prepare(charger: Charger, key: Uint8Array): Promise<boolean> {
    for (const hash of hashesOf(charger)) {
      if (hash.scheme !== "scrypt" || this.matches(hash, key)) continue;
      if (this.#waiting.length >= MAX_WAITING) return false;
      await this.#verify(hash, key);
    }
    return true;
  }

  /** Returns the charger's record after it has used this key: a key that it was sent becomes its only one. Null: no change. */
  afterUse(charger: Charger, key: Uint8Array): Charger | null {
    const { passwords_sent = [] } = charger;
    const index = passwords_sent.findIndex((hash) => this.matches(hash, key));
    if (index < 0) return null;
    return { ...charger, password: passwords_sent[index]!, passwords_sent: passwords_sent.slice(index + 1) };
  }

  /** Verifies a key by scrypt, and remembers a right one: chargers that reconnect cost nothing. */
  async #verify(hash: PasswordHash, key: Uint8Array): Promise<void> {
    const salt = node("buffer").Buffer.from(hash.salt, "base64");
    for (const candidate of candidatesOf(key)) {
      const right = node("crypto").timingSafeEqual(
        await this.#derive(candidate, salt),
        node("buffer").Buffer.from(hash.hash, "base64"),
      );
      if (right) this.#verified.set(hash, digest(salt, candidate));
    }
  }

  async #derive(key: Uint8Array, salt: Uint8Array): Promise<Buffer> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await new Promise((resolve, reject) =>
        node("crypto").scrypt(
          key,
          salt,
          32,
          COST,
          (error, derived) => error ? reject(error) : resolve(derived),
        )
      );
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}

function hashesOf({ password, passwords_sent = [] }: Charger): PasswordHash[] {
  return password === null ? passwords_sent : [password, ...passwords_sent];
}
