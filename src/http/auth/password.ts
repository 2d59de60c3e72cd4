// Password hashes: scrypt, off the event loop, one at a time.
import type { Buffer } from "node:buffer";
import { node } from "../../node.ts";
import { HttpError } from "../http_error.ts";

/**
 * OWASP's minimum for scrypt, in the variant of 8 MB: N = 2^13, r = 8, p = 10. N = 2^17, p = 1 counts as equal and takes
 * 128 MB, too much for a service of 450 MB that strangers can make hash.
 */
const USUAL_N = 8_192;
const COST = { r: 8, p: 10, maxmem: 64 * 1024 * 1024 };
const KEY_BYTES = 32;
const MAX_WAITING = 20; // 0.3 s each, 1 s on a Raspberry Pi

/** The parameters of scrypt. */
type Cost = typeof COST & { N: number };

/** The minimum length of a new password. */
export const MIN_PASSWORD = 8;
/** The maximum length of a password. */
export const MAX_PASSWORD = 200;

/** Hashes and checks passwords, one at a time. */
export class Passwords {
  #running = false;
  readonly #waiting: (() => void)[] = [];
  readonly #cost: Cost;

  /** `N`: the scrypt cost of new hashes. */
  constructor(N: number = USUAL_N) {
    this.#cost = { ...COST, N };
  }

  /** Returns a password's hash as text: `scrypt$N$r$p$salt$key`. */
  async hash(password: string): Promise<string> {
    const salt = node("crypto").randomBytes(16);
    const { N, r, p } = this.#cost;
    const key = await this.#derive(password, salt, this.#cost);
    return ["scrypt", N, r, p, salt.toString("base64"), key.toString("base64")].join("$");
  }

  /** Returns true for a hash of another cost than new ones have. */
  isOutdated(hash: string): boolean {
    const { N, r, p } = this.#cost;
    return !hash.startsWith(["scrypt", N, r, p, ""].join("$"));
  }

  /** Returns true if a password matches a hash. Throws HttpError 429 when too many checks are waiting. */
  async matches(password: string, hash: string): Promise<boolean> {
    const [scheme, N, r, p, salt, key] = hash.split("$");
    if (scheme !== "scrypt" || !salt || !key) return false;
    const cost = { N: Number(N), r: Number(r), p: Number(p), maxmem: COST.maxmem };
    const derived = await this.#derive(password, node("buffer").Buffer.from(salt, "base64"), cost);
    return node("crypto").timingSafeEqual(derived, node("buffer").Buffer.from(key, "base64"));
  }

  /** Takes as long as a check, so that the response time does not reveal which users exist. */
  async waste(password: string): Promise<false> {
    await this.#derive(password, node("crypto").randomBytes(16), this.#cost);
    return false;
  }

  async #derive(password: string, salt: Uint8Array, cost: Cost): Promise<Buffer> {
    await this.#enter();
    try {
      return await derive(password, salt, cost);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running = false;
    }
  }

  async #enter(): Promise<void> {
    if (!this.#running) return void (this.#running = true);
    if (this.#waiting.length >= MAX_WAITING) throw busy();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

/** Returns a random password that is easy to type: 20 characters, 100 bits. */
export function randomPassword(): string {
  return randomLetters(20).replaceAll(/(.{5})(?=.)/g, "$1-");
}

/** Returns random characters that are not easily confused, five bits each. */
export function randomLetters(count: number): string {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789x"; // 32
  return [...crypto.getRandomValues(new Uint8Array(count))].map((byte) => letters[byte % 32]).join("");
}

function busy(): HttpError {
  return new HttpError("busy", "Too many passwords are being checked: try again in a few seconds", {
    retry_after: 2,
  });
}

function derive(password: string, salt: Uint8Array, cost: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    node("crypto").scrypt(
      password.normalize("NFC"),
      salt,
      KEY_BYTES,
      cost,
      (error, key) => error ? reject(error) : resolve(key),
    );
  });
}
