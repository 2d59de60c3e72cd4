// Keys of chargers (OCPP-J 1.6 §6.2): bytes, of which only a salted hash is stored.
import { Buffer } from "node:buffer";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { PasswordHash } from "../../store/store.ts";

const HEX_KEY = /^(?:[0-9a-f]{2}){16,20}$/i;

/** Returns the bytes of a key as entered by an operator: 32 to 40 hex digits are bytes, anything else is text. */
export function keyBytes(text: string): Uint8Array {
  return HEX_KEY.test(text) ? decodeHex(text) : new TextEncoder().encode(text);
}

/** Hashes a key with a new salt. A fast hash suffices, since keys are random, and 500 chargers may connect at once. */
export function hashKey(key: Uint8Array): PasswordHash {
  const salt = randomBytes(16);
  return { salt: salt.toString("base64"), hash: digest(salt, key).toString("base64") };
}

/**
 * Compares a key with a hash in constant time. Some chargers send the hex digits instead of the bytes
 * (ocpp-cp-simulator#260).
 */
export function keyMatches({ salt, hash }: PasswordHash, key: Uint8Array): boolean {
  const expected = Buffer.from(hash, "base64");
  const salted = Buffer.from(salt, "base64");
  const text = new TextDecoder("latin1").decode(key);
  const candidates = HEX_KEY.test(text) ? [key, decodeHex(text)] : [key];
  return candidates.some((candidate) => timingSafeEqual(digest(salted, candidate), expected));
}

function digest(salt: Uint8Array, key: Uint8Array): Buffer {
  return createHash("sha256").update(salt).update(key).digest();
}

function decodeHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
