// Keys of chargers (OCPP-J 1.6 §6.2): bytes, of which only a salted hash is stored.
import { Buffer } from "node:buffer";
import { createHash, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { PasswordHash } from "../../store/store.ts";

const HEX_KEY = /^(?:[0-9a-f]{2}){16,20}$/i;
const SHORT_BYTES = 16; // the least of an AuthorizationKey (security white paper A01.FR.02)
const COST = { N: 16_384, r: 8, p: 1 };
const AT_ONCE = 2;
const MAX_WAITING = 1_000;

/** Returns the bytes of a key as entered by an operator: 32 to 40 hex digits are bytes, anything else is text. */
export function keyBytes(text: string): Uint8Array {
  return HEX_KEY.test(text) ? decodeHex(text) : new TextEncoder().encode(text);
}

/** Returns a random key as 40 hex digits. */
export function randomKey(): string {
  return randomBytes(20).toString("hex");
}

/** Returns the sentences that warn of a weak key. */
export function keyWarnings(key: Uint8Array): string[] {
  return key.length < SHORT_BYTES
    ? [`The password has ${key.length} bytes: one of ${SHORT_BYTES} or more random bytes cannot be guessed`]
    : [];
}

/** Hashes a key with a new salt. A fast hash suffices for random bytes, and 500 chargers may connect at once. */
export function hashKey(key: Uint8Array): PasswordHash {
  const salt = randomBytes(16);
  return { salt: salt.toString("base64"), hash: digest(salt, key).toString("base64") };
}

/** Hashes a key by the means that it needs: text can be guessed, so that it is hashed by scrypt, off the event loop. */
export async function hashSafely(key: Uint8Array): Promise<PasswordHash> {
  if (!key.every((byte) => byte >= 0x20 && byte < 0x7f)) return hashKey(key);
  const salt = randomBytes(16);
  const hash: PasswordHash = {
    salt: salt.toString("base64"),
    hash: (await derive(key, salt)).toString("base64"),
    scheme: "scrypt",
  };
  verified.set(hash, digest(salt, key));
  return hash;
}

/**
 * Compares a key with a hash in constant time. Some chargers send the hex digits instead of the bytes
 * (ocpp-cp-simulator#260). A key hashed by scrypt matches only after `verifyKey` has resolved.
 */
export function keyMatches(hash: PasswordHash, key: Uint8Array): boolean {
  const salt = Buffer.from(hash.salt, "base64");
  const expected = hash.scheme === "scrypt" ? verified.get(hash) : Buffer.from(hash.hash, "base64");
  if (!expected) return false;
  return candidatesOf(key).some((candidate) => timingSafeEqual(digest(salt, candidate), expected));
}

/** Returns true if the key has to be verified by scrypt before `keyMatches` can tell. */
export function isUnverified(hash: PasswordHash, key: Uint8Array): boolean {
  return hash.scheme === "scrypt" && !keyMatches(hash, key);
}

/** Verifies a key by scrypt, and remembers a right one in memory: chargers that reconnect cost nothing. Resolves with false if too many are waiting. */
export async function verifyKey(hash: PasswordHash, key: Uint8Array): Promise<boolean> {
  if (queue.waiting.length >= MAX_WAITING) return false;
  const salt = Buffer.from(hash.salt, "base64");
  for (const candidate of candidatesOf(key)) {
    const right = timingSafeEqual(await derive(candidate, salt), Buffer.from(hash.hash, "base64"));
    if (right) verified.set(hash, digest(salt, candidate));
  }
  return true;
}

/** Fast hashes of the keys that scrypt has verified, by the stored hash; those of deleted chargers go with it. */
const verified = new WeakMap<PasswordHash, Buffer>();
/** The derivations under way in this process, and those that wait: each takes 16 MB. */
const queue = { running: 0, waiting: [] as (() => void)[] };

async function derive(key: Uint8Array, salt: Uint8Array): Promise<Buffer> {
  if (queue.running >= AT_ONCE) await new Promise<void>((resolve) => queue.waiting.push(resolve));
  else queue.running++;
  try {
    return await new Promise((resolve, reject) =>
      scrypt(key, salt, 32, COST, (error, derived) => error ? reject(error) : resolve(derived))
    );
  } finally {
    const next = queue.waiting.shift();
    if (next) next();
    else queue.running--;
  }
}

function candidatesOf(key: Uint8Array): Uint8Array[] {
  const text = new TextDecoder("latin1").decode(key);
  return HEX_KEY.test(text) ? [key, decodeHex(text)] : [key];
}

function digest(salt: Uint8Array, key: Uint8Array): Buffer {
  return createHash("sha256").update(salt).update(key).digest();
}

function decodeHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
