import { assert, assertLess } from "@std/assert";
import { baseMap } from "../../src/build/base_map.ts";
import { bundle } from "../../src/build/bundle.ts";

const FIRST_PAGE = 25_000;
const ALL = 160_000;

Deno.test("the admin's JavaScript stays within its budget (gzip)", async () => {
  const { first, all } = await bundle();
  assertLess(first, FIRST_PAGE);
  assertLess(all, ALL);
});

Deno.test("the bundle needs nothing from outside the gateway", async () => {
  const folder = new URL("../../static/admin/", import.meta.url);
  const index = await Deno.readTextFile(new URL("index.html", folder));
  assert(!/<script(?![^>]*\bsrc=)/.test(index), "an inline script");
  assert(!/(?:src|href)="(?!\/)/.test(index), "a foreign address");
});

Deno.test("the base map has Mexico's outline, and is small", async () => {
  const { contents } = await baseMap();
  const { scale, rings } = JSON.parse(new TextDecoder().decode(contents)) as {
    scale: number;
    rings: number[][];
  };
  assertLess(contents.length, 400_000);
  const near = rings.some(([x, y]) => Math.abs(x! / scale + 102) < 16 && Math.abs(y! / scale - 23) < 10);
  assert(near, "a ring that begins in Mexico");
});
