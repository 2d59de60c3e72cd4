import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { heightOf, piecesOf, rowsBetween } from "../../src/admin/components/rows_in_view.ts";

const keys = ["a", "b", "c", "d", "e", "f"];
const heights = new Map([["a", 10], ["b", 30]]);
const all = { keys, heights, usual: 20 };

Deno.test("rowsBetween has the rows of a part of the table, by the heights that are known", () => {
  assertEquals(rowsBetween(all, 0, 5), { first: 0, behind: 1 });
  assertEquals(rowsBetween(all, 45, 75), { first: 2, behind: 4 });
  assertEquals(rowsBetween(all, -100, 1000), { first: 0, behind: 6 });
  assertEquals(rowsBetween({ ...all, keys: [] }, 0, 100), { first: 0, behind: 0 });
});

Deno.test("piecesOf has gaps in place of rows, and the row that is kept wherever it is", () => {
  assertEquals(piecesOf(all, { first: 2, behind: 4 }, 0), [
    { row: 0 },
    { gap: 30, before: 2 },
    { row: 2 },
    { row: 3 },
    { gap: 40, before: 6 },
  ]);
});

Deno.test("rows and gaps are together as high as all rows, for any part", () => {
  const number = fc.integer({ min: -50, max: 200 });
  fc.assert(fc.property(number, number, fc.option(fc.nat(5)), (from, high, kept) => {
    const pieces = piecesOf(all, rowsBetween(all, from, from + Math.abs(high)), kept);
    const sum = pieces.reduce(
      (sum, piece) =>
        sum + ("gap" in piece ? piece.gap : heightOf(all, { first: piece.row, behind: piece.row + 1 })),
      0,
    );
    assertEquals(sum, heightOf(all, { first: 0, behind: keys.length }));
  }));
});
