// The redo log's values: the writes of one commit, one after the other, cut into parts that the database can hold.
//
// A part is a version (1), the CRC-32C of what follows (four bytes), the number of the part, the number of parts, and its
// share of the writes: for each the length of the key, the length of the value plus one (0: a deletion), the key as JSON,
// the value. Lengths and the CRC have four bytes, the lowest first.
import { crc32c } from "./crc32.ts";
import type { Mutation } from "./mutation.ts";
import type { PendingWrite } from "./pending_writes.ts";
import { DamagedError } from "./seal.ts";

const VERSION = 1;
const CHECKED = 5; // from here the CRC counts
const HEAD = 7;
const LENGTHS = 8;
const PART = 60_000; // Deno KV allows 65,536
const MAX_BYTES_A_UNIT = 3;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The writes of a commit, and the parts that store them. */
export interface EncodedWrites {
  writes: PendingWrite[];
  parts: Uint8Array[];
}

/** Returns the writes of a commit as bytes; `changes` are by the text of their key. */
export function encodeWrites(changes: ReadonlyMap<string, Mutation>): EncodedWrites {
  const bytes = new Uint8Array(roomFor(changes));
  const writes: PendingWrite[] = [];
  let end = 0;
  for (const [text, { key, value }] of changes) {
    const { written } = encoder.encodeInto(text, bytes.subarray(end + LENGTHS));
    putNumber(bytes, end, written);
    putNumber(bytes, end + 4, value ? value.length + 1 : 0);
    const start = end + LENGTHS + written;
    if (value) bytes.set(value, start);
    end = start + (value?.length ?? 0);
    writes.push({ text, key, bytes, start: value ? start : -1, end });
  }
  return { writes, parts: partsOf(bytes.subarray(0, end)) };
}

function roomFor(changes: ReadonlyMap<string, Mutation>): number {
  let room = 0;
  for (const [text, { value }] of changes) {
    room += LENGTHS + MAX_BYTES_A_UNIT * text.length + (value?.length ?? 0);
  }
  return room;
}

function partsOf(bytes: Uint8Array): Uint8Array[] {
  const count = Math.ceil(bytes.length / PART);
  return Array.from({ length: count }, (_, index) => {
    const share = bytes.subarray(index * PART, (index + 1) * PART);
    const part = new Uint8Array(HEAD + share.length);
    part.set([VERSION, 0, 0, 0, 0, index, count]);
    part.set(share, HEAD);
    putNumber(part, 1, crc32c(part.subarray(CHECKED)));
    return part;
  });
}

/** Checks a part; always returns true. Throws DamagedError. */
export function checkPart(part: Uint8Array): boolean {
  if (part.length > HEAD && part[0] === VERSION && numberAt(part, 1) === crc32c(part.subarray(CHECKED))) {
    return true;
  }
  throw new DamagedError("Cannot read value: its checksum is wrong");
}

/** Returns the writes in the parts of a commit, which `checkPart` has accepted. Throws DamagedError if one is missing. */
export function decodeWrites(parts: readonly Uint8Array[]): PendingWrite[] {
  if (parts.some((part, index) => part[5] !== index || part[6] !== parts.length)) {
    throw new DamagedError("Cannot read value: a part of it is missing");
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length - HEAD, 0));
  let filled = 0;
  for (const part of parts) {
    bytes.set(part.subarray(HEAD), filled);
    filled += part.length - HEAD;
  }
  const writes: PendingWrite[] = [];
  for (let at = 0; at < bytes.length; at = writes.at(-1)!.end) writes.push(writeAt(bytes, at));
  return writes;
}

function writeAt(bytes: Uint8Array, at: number): PendingWrite {
  const key_end = at + LENGTHS + numberAt(bytes, at);
  const length = numberAt(bytes, at + 4);
  const end = key_end + Math.max(0, length - 1);
  const text = decoder.decode(bytes.subarray(at + LENGTHS, key_end));
  return { text, key: JSON.parse(text), bytes, start: length === 0 ? -1 : key_end, end };
}

function putNumber(bytes: Uint8Array, at: number, value: number): void {
  for (let index = 0; index < 4; index++) bytes[at + index] = value >>> 8 * index;
}

function numberAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24) >>> 0;
}
