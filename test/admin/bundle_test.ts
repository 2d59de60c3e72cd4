import { assert, assertLess } from "@std/assert";
import { baseMap } from "../../src/build/base_map.ts";
import { bundle } from "../../src/build/bundle.ts";

const FIRST_PAGE = 25_000;
const ALL = 134_000;

Deno.test("the admin's JavaScript stays within its budget (gzip), and needs nothing from outside the gateway", async () => {
  const parent = await Deno.makeTempDir();
  const folder = new URL(`file://${parent}/admin/`);
  try {
    const { first, all } = await bundle(folder);
    assertLess(first, FIRST_PAGE);
    assertLess(all, ALL);
    const index = await Deno.readTextFile(new URL("index.html", folder));
    assert(!/<script(?![^>]*\bsrc=)/.test(index), "an inline script");
    assert(!/(?:src|href)="(?!\/)/.test(index), "a foreign address");
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
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
