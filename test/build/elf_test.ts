// Alignment for pages of 16 KiB, of an invented binary and, if there is one, of a compiled one.
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { alignSegments, isAarch64 } from "../../src/build/elf.ts";

const PAGE = 0x10000;
const LOAD = 1;
const NOTE = 4;
const HEADERS = 6;

interface Entry {
  kind: number;
  offset: number;
  address: number;
  size: number;
  memory?: number;
  align?: number;
}

/** Returns a binary as `deno compile` makes it, with the program headers in its last segment. */
function binary(
  entries: Entry[],
  options: { machine?: number; table?: number; length?: number } = {},
): Uint8Array<ArrayBuffer> {
  const { machine = 183, table = 0x5000, length = 0x6000 } = options;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  view.setUint16(18, machine, true);
  view.setBigUint64(32, BigInt(table), true);
  view.setBigUint64(40, 0x5800n, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, entries.length, true);
  view.setUint16(60, 3, true);
  view.setUint16(62, 2, true);
  entries.forEach(({ kind, offset, address, size, memory = size, align = PAGE }, index) => {
    const at = table + index * 56;
    view.setUint32(at, kind, true);
    [offset, address, address, size, memory, align].forEach((value, field) => {
      view.setBigUint64(at + 8 + field * 8, BigInt(value), true);
    });
  });
  for (let at = 0x5400; at < length; at++) bytes[at] = at & 0xff;
  return bytes;
}

const COMPILED: Entry[] = [
  { kind: HEADERS, offset: 0x5000, address: 0x5000, size: 224, align: 8 },
  { kind: LOAD, offset: 0, address: 0, size: 0x3000 },
  { kind: LOAD, offset: 0x3000, address: 0x3000, size: 0x1000, memory: 0x1f000 },
  { kind: LOAD, offset: 0x5000, address: 0x5000, size: 0x1000, align: 0x1000 },
  { kind: NOTE, offset: 0x5400, address: 0x5400, size: 0x100, align: 4 },
];

function read(bytes: Uint8Array<ArrayBuffer>) {
  const view = new DataView(bytes.buffer);
  const number = (at: number) => Number(view.getBigUint64(at, true));
  const table = number(32);
  const entries = Array.from({ length: view.getUint16(56, true) }, (_, index) => {
    const at = table + index * 56;
    return {
      kind: view.getUint32(at, true),
      offset: number(at + 8),
      address: number(at + 16),
      align: number(at + 48),
    };
  });
  return { table, entries, sections: [number(40), view.getUint16(60, true), view.getUint16(62, true)] };
}

Deno.test("alignSegments moves the last segment to a page of its own, headers and notes with it", () => {
  const before = binary(COMPILED);
  const after = alignSegments(before);
  const { table, entries, sections } = read(after);
  const to = 0x30000; // the first page after what the others take in memory: 0x3000 + 0x1f000
  assertEquals(table, to);
  assertEquals(entries.map(({ offset }) => offset), [to, 0, 0x3000, to, to + 0x400]);
  assertEquals(entries.map(({ address }) => address), [to, 0, 0x3000, to, to + 0x400]);
  assertEquals(entries[3]!.align, PAGE);
  assertEquals(sections, [0, 0, 0]);
  assertEquals(after.subarray(to + 0x400), before.subarray(0x5400));
  assertEquals(after.length, before.length + to - 0x5000);
});

Deno.test("alignSegments leaves alone what needs nothing: aligned binaries, other machines, no binaries", () => {
  const aligned = alignSegments(binary(COMPILED));
  assertStrictEquals(alignSegments(aligned), aligned);
  const intel = binary(COMPILED, { machine: 62 });
  assertStrictEquals(alignSegments(intel), intel);
  assert(!isAarch64(intel));
  const text = new TextEncoder().encode("#!/bin/sh\n".repeat(20));
  assertStrictEquals(alignSegments(text), text);
  const one = binary([{ kind: LOAD, offset: 0, address: 0, size: 0x3000, align: 0x1000 }]);
  assertStrictEquals(alignSegments(one), one);
});

Deno.test("alignSegments refuses a binary whose headers lead nowhere", () => {
  const damaged = binary(COMPILED);
  new DataView(damaged.buffer).setBigUint64(32, 0x5ff0n, true);
  assertThrows(() => alignSegments(damaged), Error, "its headers are damaged");
});
