// Alignment of compiled aarch64 binaries: one whose last segment shares a page with data cannot be loaded if memory pages
// are larger than 4 KiB, as on a Raspberry Pi 5 with 16 KiB (denoland/deno#36282).

const PAGE = 0x10000; // the largest page size of aarch64
const AARCH64 = 183;
const ENTRY_SIZE = 56;
const enum Kind {
  Load = 1,
  Note = 4,
  ProgramHeaders = 6,
}

/** An entry of the program header table; numbers are bytes. */
interface Segment {
  /** Offset of the entry in the file. */
  at: number;
  kind: number;
  offset: number;
  address: number;
  memory_size: number;
  align: number;
}

/** Returns the program with its last segment moved to a page of its own; the same bytes if it needs no change. */
export function alignSegments(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const move = findMove(bytes);
  if (!move) return bytes;
  const moved = new Uint8Array(bytes.length + move.distance);
  moved.set(bytes.subarray(0, move.from));
  moved.set(bytes.subarray(move.from), move.from + move.distance);
  rewriteHeaders(new DataView(moved.buffer), move);
  return moved;
}

/** Returns true if a file is an ELF program for aarch64. */
export function isAarch64(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.length >= 64 && view.getUint32(0) === 0x7f454c46 && bytes[4] === 2 && bytes[5] === 1 &&
    view.getUint16(18, true) === AARCH64;
}

interface Move {
  /** Offset of the segment in the file. */
  from: number;
  distance: number;
  segments: Segment[];
}

function findMove(bytes: Uint8Array<ArrayBuffer>): Move | null {
  if (!isAarch64(bytes)) return null;
  const segments = readSegments(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const loads = segments.filter(({ kind }) => kind === Kind.Load).sort((a, b) => a.offset - b.offset);
  const first = loads[0];
  const last = loads.at(-1);
  if (!first || !last || loads.length < 2 || last.align >= PAGE) return null;
  const bias = first.address - first.offset;
  const end = Math.max(...loads.slice(0, -1).map(({ address, memory_size }) => address + memory_size)) - bias;
  const to = Math.ceil(Math.max(last.offset, end) / PAGE) * PAGE;
  return { from: last.offset, distance: to - last.offset, segments };
}

function readSegments(view: DataView): Segment[] {
  const table = number64(view, 32);
  const size = view.getUint16(54, true);
  const count = view.getUint16(56, true);
  if (size !== ENTRY_SIZE || table + count * size > view.byteLength) {
    throw new Error("Cannot align the binary: its headers are damaged");
  }
  return Array.from({ length: count }, (_, index) => readSegment(view, table + index * size));
}

function readSegment(view: DataView, at: number): Segment {
  return {
    at,
    kind: view.getUint32(at, true),
    offset: number64(view, at + 8),
    address: number64(view, at + 16),
    memory_size: number64(view, at + 40),
    align: number64(view, at + 48),
  };
}

/** Moves file offset and address by the same amount: older kernels and qemu find the headers by the offset, the loader by the address. */
function rewriteHeaders(view: DataView, { from, distance, segments }: Move): void {
  const moves = (at: number) => at >= from ? distance : 0;
  for (const { at, kind, offset } of segments) {
    if (offset < from || ![Kind.Load, Kind.Note, Kind.ProgramHeaders].includes(kind)) continue;
    const entry = at + moves(at);
    for (const field of [8, 16, 24]) add64(view, entry + field, distance);
    if (kind === Kind.Load) view.setBigUint64(entry + 48, BigInt(PAGE), true);
  }
  add64(view, 32, moves(number64(view, 32)));
  view.setBigUint64(40, 0n, true); // no section headers: they are wrong now, and only debuggers read them
  view.setUint16(60, 0, true);
  view.setUint16(62, 0, true);
}

function number64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function add64(view: DataView, at: number, more: number): void {
  view.setBigUint64(at, view.getBigUint64(at, true) + BigInt(more), true);
}
