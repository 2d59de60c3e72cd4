import { assertEquals } from "@std/assert";
import { readingValue } from "../../src/store/readings/reading.ts";

Deno.test("readingValue reads numbers, and leaves every other text as received", () => {
  const numbers: [string, number][] = [["1", 1], [" -2.50 ", -2.5], ["+.5", 0.5], ["7.", 7], ["1.0E7", 1e7], [
    "3e-2",
    0.03,
  ]];
  for (const [text, number] of numbers) assertEquals(readingValue(text), number, text);
  for (const text of ["", ".", "1,5", "1 2", "0x10", "1e", "1e999", "NaN"]) {
    assertEquals(readingValue(text), text);
  }
});

Deno.test("readingValue takes no longer for a long text that is almost a number", () => {
  const text = "1".repeat(250_000) + "x"; // half a day, if digits could be matched in two ways
  assertEquals(readingValue(text), text);
});
