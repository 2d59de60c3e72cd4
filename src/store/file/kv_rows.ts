// The rows of a Deno KV file, by SQLite. Keys are encoded as in FoundationDB's tuple layer; values of the gateway are bytes.
import type { DatabaseSync } from "node:sqlite";

/** The parts of a key. */
export type Key = readonly (string | number)[];

/** A row of a KV file. */
export interface KvRow {
  /** The key as stored. */
  key: Uint8Array;
  value: Uint8Array;
}

const STRING = 0x02;
const DOUBLE = 0x21;
const BYTES_ENCODING = 3;
const SIGN = 0x80;

/** Returns a key as stored. */
export function encodeKey(key: Key): Uint8Array {
  return Uint8Array.from(
    key.flatMap((part) => [...typeof part === "string" ? textKey(part) : numberKey(part)]),
  );
}

/** Returns the parts of a stored key. Throws RangeError for a part that is neither text nor number. */
export function decodeKey(bytes: Uint8Array): (string | number)[] {
  const parts: (string | number)[] = [];
  for (let at = 0; at < bytes.length;) {
    const kind = bytes[at++];
    if (kind === DOUBLE && at + 8 <= bytes.length) {
      parts.push(numberIn(bytes.slice(at, at + 8)));
      at += 8;
    } else if (kind === STRING) {
      const end = endOfText(bytes, at);
      parts.push(textIn(bytes.subarray(at, end)));
      at = end + 1;
    } else throw new RangeError(`Cannot read a key: there is no part of kind ${kind}`);
  }
  return parts;
}

/** Returns up to `limit` rows below a prefix, in order of their keys, after the stored key `after`. */
export function rowsBelow(
  database: DatabaseSync,
  prefix: Key,
  { after, limit = -1 }: { after?: Uint8Array; limit?: number } = {},
): KvRow[] {
  const [first, end] = rangeOf(prefix);
  const rows = database.prepare(
    "select k as key, v as value from kv where k > ? and k < ? order by k limit ?",
  )
    .all(after ?? first, end, limit);
  return rows as unknown as KvRow[];
}

/** Returns the stored key of the last row below a prefix. */
export function lastKeyBelow(database: DatabaseSync, prefix: Key): Uint8Array | undefined {
  const [first, end] = rangeOf(prefix);
  const row = database.prepare("select k from kv where k > ? and k < ? order by k desc limit 1").get(
    first,
    end,
  );
  return row?.k as Uint8Array | undefined;
}

/** Returns the value of a key. */
export function valueAt(database: DatabaseSync, key: Key): Uint8Array | undefined {
  return database.prepare("select v from kv where k = ?").get(encodeKey(key))?.v as Uint8Array | undefined;
}

/** Stores a value. No Deno KV may have the file open. */
export function putRow(database: DatabaseSync, key: Key, value: Uint8Array): void {
  database.prepare(
    "insert into kv (k, v, v_encoding, version) values (?, ?, ?, (select max(version) from data_version)) " +
      "on conflict (k) do update set v = excluded.v",
  ).run(encodeKey(key), value, BYTES_ENCODING);
}

/** Deletes all rows below a prefix. No Deno KV may have the file open. */
export function deleteRowsBelow(database: DatabaseSync, prefix: Key): void {
  database.prepare("delete from kv where k > ? and k < ?").run(...rangeOf(prefix));
}

function rangeOf(prefix: Key): [first: Uint8Array, end: Uint8Array] {
  const first = encodeKey(prefix);
  return [first, Uint8Array.of(...first, 0xff)];
}

function textKey(text: string): Uint8Array {
  const bytes = [...new TextEncoder().encode(text)].flatMap((byte) => byte === 0 ? [0, 0xff] : [byte]);
  return Uint8Array.of(STRING, ...bytes, 0);
}

/** Returns a number so that its bytes sort like it: the sign's bit inverted, or all bits of a negative one. */
function numberKey(number: number): Uint8Array {
  const bytes = new Uint8Array(9);
  bytes[0] = DOUBLE;
  new DataView(bytes.buffer).setFloat64(1, number);
  flip(bytes.subarray(1), number >= 0 && !Object.is(number, -0));
  return bytes;
}

function numberIn(bytes: Uint8Array): number {
  flip(bytes, (bytes[0]! & SIGN) !== 0);
  return new DataView(bytes.buffer).getFloat64(0);
}

function flip(bytes: Uint8Array, positive: boolean): void {
  if (positive) bytes[0]! ^= SIGN;
  else for (let index = 0; index < bytes.length; index++) bytes[index]! ^= 0xff;
}

/** Returns the place of the zero that ends a text; a zero within one is followed by 0xff. */
function endOfText(bytes: Uint8Array, from: number): number {
  let end = bytes.indexOf(0, from);
  while (end >= 0 && bytes[end + 1] === 0xff) end = bytes.indexOf(0, end + 2);
  if (end < 0) throw new RangeError("Cannot read a key: a text has no end");
  return end;
}

function textIn(bytes: Uint8Array): string {
  const plain = bytes.filter((byte, index) => !(byte === 0xff && bytes[index - 1] === 0));
  return new TextDecoder().decode(plain);
}
