// Records as stored bytes: JSON, which any other Deno version can read.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The conversion between the records of one table and their stored bytes. */
export interface Codec<T> {
  encode(record: T): Uint8Array;
  /** Throws SyntaxError for bytes that are not JSON. */
  decode(bytes: Uint8Array): T;
}

/** Returns a record as JSON bytes. */
export function toBytes(record: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(record));
}

/** Returns the record in JSON bytes. Throws SyntaxError. */
export function fromBytes<T>(bytes: Uint8Array): T {
  return JSON.parse(decoder.decode(bytes)) as T;
}

/** Returns a JSON codec; `defaults` fill in the fields that the records of an older program lack. */
export function json<T extends object>(defaults: Partial<T> = {}): Codec<T> {
  return {
    encode: toBytes,
    decode: (bytes) => ({ ...defaults, ...fromBytes<T>(bytes) }),
  };
}
