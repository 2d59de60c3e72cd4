import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { fromAscii, toAscii } from "../../src/store/readings/ascii.ts";
import { BitReader, BitWriter, MAX_NUMBER } from "../../src/store/readings/bits.ts";
import { type ChunkRow, decodeChunk, encodeChunk, type SeriesRef } from "../../src/store/readings/chunk.ts";
import { decimalsOf, decimalText, digitsOf } from "../../src/store/readings/decimal.ts";
import { upTo } from "./temporary_store.ts";

const anyText = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((codes) =>
  String.fromCharCode(...codes)
);
const decimal = fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 4 }))
  .map(([digits, decimals]) => (digits / 10 ** decimals).toFixed(decimals));
const value = fc.oneof(
  decimal,
  decimal,
  fc.constantFrom("", "1e3", "007", "+5", "-0", "-0.0", ".5", "5.", "NaN", "1,5", " 1"),
  anyText,
);
const words = fc.array(fc.option(anyText), { minLength: 6, maxLength: 6 });
const series: fc.Arbitrary<SeriesRef> = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 9 }) },
  words,
);
const row: fc.Arbitrary<ChunkRow> = fc.record({
  at: fc.oneof(fc.integer({ min: 0, max: 3_600_000 }), fc.integer({ min: -MAX_NUMBER, max: MAX_NUMBER })),
  transaction_id: fc.option(fc.integer()),
  samples: fc.array(fc.tuple(series, value), { maxLength: 6 }),
}).map(({ samples, ...rest }) => ({
  ...rest,
  series: samples.map(([ref]) => ref),
  values: samples.map(([, text]) => text),
}));

function check(rows: ChunkRow[], upto = 5): Uint8Array {
  const bytes = encodeChunk(rows, upto);
  const chunk = decodeChunk(bytes);
  assertEquals(chunk.allRows(), rows);
  assertEquals(chunk.upto, upto);
  assertEquals(chunk.readings, rows.reduce((sum, { values }) => sum + values.length, 0));
  return bytes;
}

Deno.test("decodeChunk(encodeChunk(rows)) brings every row back", () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), fc.integer({ min: 0, max: 2 ** 53 - 1 }), (rows, upto) => {
      check(rows, upto);
    }),
  );
});

Deno.test("decodeChunk brings rows back that share a few shapes", () => {
  const shapes: SeriesRef[][] = [[1, 2, 3], [1, 1], [3, 2, 1], [], [1, [
    "Voltage",
    null,
    null,
    null,
    null,
    null,
  ]]];
  const shaped = fc.constantFrom(...shapes).chain((series) =>
    fc.record({
      at: fc.integer({ min: 0, max: 3_600_000 }),
      transaction_id: fc.constantFrom(null, 1, 2, -1, 0),
      series: fc.constant(series),
      values: fc.array(decimal, { minLength: series.length, maxLength: series.length }),
    })
  );
  fc.assert(fc.property(fc.array(shaped, { maxLength: 100 }), (rows) => {
    check(rows);
  }));
});

Deno.test("Chunk.value is the number that the text means", () => {
  fc.assert(fc.property(fc.array(decimal, { minLength: 1, maxLength: 50 }), (texts) => {
    const rows = texts.map((text, at) => ({ at, transaction_id: null, series: [4], values: [text] }));
    const chunk = decodeChunk(encodeChunk(rows, 1));
    texts.forEach((text, index) => {
      const value = chunk.value(index, 0);
      assertEquals(typeof value === "number" ? value : Number(value), Number(text));
    });
  }));
});

Deno.test("encodeChunk takes signed data, and texts of any length, as they are", () => {
  const blob = 'OCMF|{"FV":"1.0"}|' + "3045".repeat(2_000);
  check([
    { at: 1, transaction_id: 1, series: [1, 2], values: [blob, "1.0"] },
    { at: 2, transaction_id: 1, series: [1, 2], values: ["12345", "1.5"] },
    { at: 3, transaction_id: 1, series: [1, 2], values: [`${String.fromCharCode(0xd800)}😀\0`, ""] },
  ]);
});

Deno.test("encodeChunk stores an hour of eight series once a minute in under 2 bytes a reading", () => {
  const noise = (around: number, by: number, index: number) =>
    (around + by * Math.sin(index * index * 7)).toFixed(1);
  const rows = upTo(60).map((index) => ({
    at: 1_721_898_000_000 + index * 60_000,
    transaction_id: 1234,
    series: [0, 1, 2, 3, 4, 5, 6, 7],
    values: [
      String(1_000_000 + 123 * index + index % 3),
      noise(7400, 6, index),
      ...upTo(3).map((phase) => noise(16, 0.6, index + phase)),
      ...upTo(3).map((phase) => noise(230, 2, index + phase)),
    ],
  }));
  assert(check(rows).length < 480 * 2);
});

Deno.test("decodeChunk refuses what is damaged or cut off", () => {
  const bytes = encodeChunk([{ at: 1, transaction_id: 1, series: [1], values: ["230.5"] }], 1);
  for (const index of upTo(bytes.length)) {
    const damaged = bytes.slice();
    damaged[index]! ^= 4;
    assertThrows(() => decodeChunk(damaged), Error, "Cannot read chunk");
    assertThrows(() => decodeChunk(bytes.subarray(0, index)), Error, "Cannot read chunk");
  }
});

Deno.test("BitWriter.numbers brings whole numbers of any size and order back", () => {
  const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -MAX_NUMBER, max: MAX_NUMBER }));
  fc.assert(fc.property(fc.array(number), fc.array(number), (first, second) => {
    const writer = new BitWriter(4);
    writer.numbers(first);
    writer.varint(2 ** 53 - 1);
    writer.numbers(second);
    const reader = new BitReader(writer.finish(4));
    assertEquals([...reader.numbers(first.length)], first);
    assertEquals(reader.varint(), 2 ** 53 - 1);
    assertEquals([...reader.numbers(second.length)], second);
  }));
});

Deno.test("decimalText(digitsOf(text)) is the text, for every text that decimalsOf takes", () => {
  fc.assert(fc.property(fc.oneof(value, fc.string()), (text) => {
    const decimals = decimalsOf(text);
    if (decimals >= 0) assertEquals(decimalText(digitsOf(text), decimals, false), text);
  }));
  assertEquals(decimalText(2305, 1, true), "230.5");
  assertEquals(decimalText(-2300, 1, true), "-230");
  assertEquals(decimalText(5, 3, true), "0.005");
});

Deno.test("fromAscii(toAscii(text)) is the text, and toAscii is printable", () => {
  fc.assert(fc.property(anyText, (text) => {
    assertEquals(fromAscii(toAscii(text)), text);
    assert(/^[ -~]*$/.test(toAscii(text)));
  }));
});
