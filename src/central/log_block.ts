// A block of the message log: lines as a gzip member of their own. So `zcat` reads a whole file, and what ends the program
// in the middle of a write costs no earlier block. The header has the block's length, the times of its lines and whose
// they are, by which a reader skips what it does not look for.
import { node } from "../node.ts";
import { crc32 } from "../store/kv/crc32.ts";

/** The lines of a block. */
export interface Summary {
  /** Times of the oldest and the newest line, ms since 1970. */
  from: number;
  to: number;
  /** The hashes of their chargers' ids. */
  chargers: ReadonlySet<number>;
}

/** The header of a block. */
export interface BlockHeader extends Summary {
  /** Length of the whole block, bytes. */
  length: number;
}

/** Start of a gzip member with an extra field, without a time and of an unknown system (RFC 1952 §2.3). */
const MAGIC = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255];
const OURS = 0x474f; // "OG", the name of the extra field's only part
/** Offsets: length of the extra field, name and length of its part, length of the block, times, hashes. */
const [EXTRA, NAME, PART, LENGTH, FROM, TO, HASHES] = [10, 12, 14, 16, 20, 28, 36];
const PLAIN_HEADER = 10;
/** Length of what is behind the deflated bytes: their CRC-32, and their length. */
const TRAILER = 8;
const LEVEL = 1;

/** Longest header, bytes. */
export const MAX_HEADER = EXTRA + 2 + 65_535;

/** Returns the block of lines. */
export function blockOf(lines: Uint8Array, { from, to, chargers }: Summary): Uint8Array<ArrayBuffer> {
  const member = node("zlib").gzipSync(lines, { level: LEVEL }).subarray(PLAIN_HEADER);
  const head = HASHES + 2 * chargers.size;
  const bytes = new Uint8Array(head + member.length);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint16(EXTRA, head - NAME, true);
  view.setUint16(NAME, OURS, true);
  view.setUint16(PART, head - LENGTH, true);
  view.setUint32(LENGTH, bytes.length, true);
  view.setFloat64(FROM, from, true);
  view.setFloat64(TO, to, true);
  let at = HASHES;
  for (const hash of chargers) view.setUint16(at, hash, true), at += 2;
  bytes.set(member, head);
  return bytes;
}

/** Returns the lines of a block. Throws Error if it is damaged. */
export function linesOf(block: Uint8Array): Uint8Array {
  const lines = node("zlib").gunzipSync(block);
  const sum = new DataView(block.buffer, block.byteOffset).getUint32(block.length - TRAILER, true);
  if (crc32(lines) !== sum) throw new Error("A block of the message log is damaged"); // Deno's gunzip does not look
  return lines;
}

/** Returns the header of the block at `at`; null: there is none, or not all of it. */
export function headerAt(bytes: Uint8Array, at: number): BlockHeader | null {
  if (bytes.length < at + HASHES || !MAGIC.every((byte, index) => bytes[at + index] === byte)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const head = view.getUint16(EXTRA, true) + NAME;
  if (view.getUint16(NAME, true) !== OURS || head < HASHES || bytes.length < at + head) return null;
  const chargers = new Set<number>();
  for (let offset = HASHES; offset < head; offset += 2) chargers.add(view.getUint16(offset, true));
  const length = view.getUint32(LENGTH, true);
  if (length <= head) return null;
  return { length, from: view.getFloat64(FROM, true), to: view.getFloat64(TO, true), chargers };
}

/** Returns the offset of the first start of a block at or behind `from`; -1: there is none. */
export function findBlock(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(MAGIC[0]!, from); at >= 0; at = bytes.indexOf(MAGIC[0]!, at + 1)) {
    if (MAGIC.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

/** Returns the 16 bits by which blocks name a charger: FNV-1a, folded. */
export function hashOf(charger_id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < charger_id.length; at++) {
    hash = Math.imul(hash ^ charger_id.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 16 ^ hash) & 0xffff;
}
