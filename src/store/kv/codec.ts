// Records as stored bytes: JSON, which any other Deno version can read, with a seal.
import { DamagedError, isSealed, seal, SEAL_ROOM, unsealed } from "./seal.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The conversion between the records of one table and their stored bytes. */
export interface Codec<T> {
  encode(record: T): Uint8Array;
  /** Throws DamagedError for bytes that are not as they were written. */
  decode(bytes: Uint8Array): T;
}

/** Returns a record as sealed JSON bytes. */
export function toBytes(record: unknown): Uint8Array {
  return sealedText(JSON.stringify(record));
}

/** Returns a JSON text as sealed bytes. */
export function sealedText(json: string): Uint8Array {
  return seal(encoder.encode(json + SEAL_ROOM));
}

/** Returns the record in JSON bytes, with a seal or without. Throws DamagedError. */
export function fromBytes<T>(bytes: Uint8Array): T {
  const json = unsealed(bytes);
  try {
    return JSON.parse(decoder.decode(json)) as T;
  } catch {
    throw new DamagedError("Cannot read value: it is no JSON");
  }
}

/** Checks a JSON value; returns false for one without a seal. Throws DamagedError. */
export function checkJson(bytes: Uint8Array): boolean {
  if (isSealed(bytes)) unsealed(bytes);
  else fromBytes(bytes);
  return isSealed(bytes);
}

/** Returns a JSON codec; `defaults` fill in the fields that the records of an older program lack. */
export function json<T extends object>(defaults: Partial<T> = {}): Codec<T> {
  return {
    encode: toBytes,
    decode: (bytes) => ({ ...defaults, ...fromBytes<T>(bytes) }),
  };
}
