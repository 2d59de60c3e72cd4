import { assertEquals } from "@std/assert";
import { type Entry, found } from "../../src/admin/finder/match.ts";

const entry = (kind: Entry["kind"], name: string, detail = ""): Entry => ({ kind, name, detail, open() {} });

const names = (entries: Entry[], text: string) => found(entries, text).map(({ name }) => name);

Deno.test("found ignores case and accents, and needs every word", () => {
  const entries = [entry("person", "Luis Treviño"), entry("person", "Ana Garza")];
  assertEquals(names(entries, "TREVINO luis"), ["Luis Treviño"]);
  assertEquals(names(entries, "luis garza"), []);
});

Deno.test("found has the same name first, then beginnings, then the rest of names, then details", () => {
  const entries = [
    entry("charger", "Other", "NORTE"),
    entry("charger", "Patio norte"),
    entry("charger", "Norte 1"),
    entry("charger", "Norte"),
  ];
  assertEquals(names(entries, "norte"), ["Norte", "Norte 1", "Patio norte", "Other"]);
});

Deno.test("found leaves room for every kind among many of one", () => {
  const many = Array.from({ length: 200 }, (_, index) => entry("charger", `Norte ${index}`));
  const kinds = found([...many, entry("page", "Norte map")], "norte").map(({ kind }) => kind);
  assertEquals([kinds.filter((kind) => kind === "charger").length, kinds.at(-1)], [8, "page"]);
});
