// The keys of chargers (OCPP-J 1.6 §6.2): bytes, of which only a salted hash is stored.
import { node } from "../../node.ts";
import type { Buffer } from "node:buffer";
import type { PasswordHash } from "../../store/store.ts";

const HEX_KEY = /^(?:[0-9a-f]{2}){16,20}$/i;
const SHORT_BYTES = 16; // the least of an AuthorizationKey (security white paper A01.FR.02)

/** Returns the bytes of a key as entered by an operator: 32 to 40 hex digits are bytes, anything else is text. */
export function keyBytes(text: string): Uint8Array {
  return HEX_KEY.test(text) ? decodeHex(text) : new TextEncoder().encode(text);
}

/** Returns a random key as 40 hex digits. */
export function randomKey(): string {
  return node("crypto").randomBytes(20).toString("hex");
}

/** Returns the sentences that warn of a weak key. */
export function keyWarnings(key: Uint8Array): string[] {
  return key.length < SHORT_BYTES
    ? [`The password has ${key.length} bytes: one of ${SHORT_BYTES} or more random bytes cannot be guessed`]
    : [];
}

/** Hashes a key with a new salt. A fast hash suffices for random bytes, and 500 chargers may connect at once. */
export function hashKey(key: Uint8Array): PasswordHash {
  const salt = node("crypto").randomBytes(16);
  return { salt: salt.toString("base64"), hash: digest(salt, key).toString("base64") };
}

/** Returns the keys that the sent bytes may mean: some chargers send the hex digits instead of the bytes (ocpp-cp-simulator#260). */
export function candidatesOf(key: Uint8Array): Uint8Array[] {
  const text = new TextDecoder("latin1").decode(key);
  return HEX_KEY.test(text) ? [key, decodeHex(text)] : [key];
}

/** Returns the fast hash of a key. */
export function digest(salt: Uint8Array, key: Uint8Array): Buffer {
  return node("crypto").createHash("sha256").update(salt).update(key).digest();
}

function decodeHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
