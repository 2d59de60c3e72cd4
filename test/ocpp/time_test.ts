import { assertEquals } from "@std/assert";
import { readTime, toOcppTime } from "../../src/ocpp/time.ts";

const at = (text: string) => new Date(readTime(text)).toISOString();

Deno.test("readTime reads ISO 8601 as chargers write it (Q15)", () => {
  assertEquals(at("2026-01-02T03:04:05Z"), "2026-01-02T03:04:05.000Z");
  assertEquals(at("2026-01-02T03:04:05.123456Z"), "2026-01-02T03:04:05.123Z");
  assertEquals(at("2026-01-02T03:04:05.1+02:00"), "2026-01-02T01:04:05.100Z");
  assertEquals(at("2026-01-02T03:04:05+02"), "2026-01-02T01:04:05.000Z");
  assertEquals(at("2026-01-02T03:04:05-0330"), "2026-01-02T06:34:05.000Z");
  assertEquals(at("2026-01-02 03:04:05"), "2026-01-02T03:04:05.000Z");
});

Deno.test("readTime takes a time without zone for the charger's zone", () => {
  assertEquals(new Date(readTime("2026-01-02T03:04:05", -360)).toISOString(), "2026-01-02T09:04:05.000Z");
});

Deno.test("readTime has NaN for a clock that was never set, and for nonsense (Q14)", () => {
  const texts = [
    "1970-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "",
    "yesterday",
    "2026-02-30T00:00:00Z",
    "2026-13-01T00:00:00Z",
    null,
    5,
  ];
  for (const text of texts) assertEquals(readTime(text), NaN, String(text));
});

Deno.test("toOcppTime is UTC with Z and no fractions", () => {
  assertEquals(toOcppTime(Date.UTC(2026, 0, 2, 3, 4, 5, 678)), "2026-01-02T03:04:05Z");
});
