// The site's map is an untrusted file: the worst that it can cause is a missing tile.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { draw } from "../../src/map/drawing.ts";
import { TileWork } from "../../src/map/tile_renderer.ts";
import { startMapSite } from "../http/map_site.ts";
import { cityMap, cityTile } from "../map/city.ts";
import { mapFile, vectorTile } from "../map/pmtiles.ts";
import { eventually } from "../kit/eventually.ts";
import { hostileMaps } from "./hostile_maps.ts";
import type { Probe } from "./map_probe.ts";

const HEAP_MB = 96; // a third of what the packaged program has
const VIEW = { z: 16, above: 0, column: 0, row: 0, dark: false };
const EVIL = `</text><script>alert(1)</script><image href="http://evil.example/"/>"'&\u0000\uffff`;

Deno.test("hostile maps end in a reason, in a small heap", async () => {
  const folder = await Deno.makeTempDir();
  const flags = [`--v8-flags=--max-old-space-size=${HEAP_MB}`, "--no-prompt", "--unstable-worker-options"];
  const probe = new URL("map_probe.ts", import.meta.url).pathname;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, "-A", probe, folder],
  }).output();
  const decoder = new TextDecoder();
  const probes = decoder.decode(stdout).trim().split("\n").map((line) => JSON.parse(line) as Probe);
  assertEquals(probes.length, hostileMaps().length, `not all of them; ${decoder.decode(stderr)}`);
  for (const [index, { name, upload, tile }] of hostileMaps().entries()) {
    const said = probes[index]!;
    if (upload) assertMatch(String(said.upload), upload, name);
    else assertEquals(said.upload, null, name);
    if (tile) assertMatch(String(said.tile), tile, name);
    if (!upload && !tile) assertEquals(said.tile, null, name);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a hostile tile is a 404 and one line in the log; the other tiles and the gateway go on", async () => {
  const lines: string[] = [];
  await using site = await startMapSite({ log_lines: lines });
  const bad = hostileMaps().find(({ name }) => name === "a tile of a million features")!;
  assertEquals((await site.upload(bad.bytes())).status, 201);
  for (let time = 0; time < 3; time++) {
    assertEquals((await site.test.rest("GET", "/ocpp/tiles/14/0/0")).status, 404);
  }
  const told = lines.filter((line) => line.includes("Cannot render a tile"));
  assertEquals(told.length, 1);
  assertMatch(told[0]!, /14\/0\/0.*more than 200000 features/);
  assertEquals((await site.upload(cityMap({ tiles: [[0, 0, 0, cityTile()]] }))).status, 201);
  assertEquals((await site.get("/ocpp/tiles/0/0/0")).status, 200);
});

Deno.test("names are text: no markup, no references, nothing that XML forbids", () => {
  const properties = { kind: "highway", name: EVIL };
  const place = { kind: "locality", kind_detail: EVIL, name: EVIL };
  const svg = draw(
    vectorTile({
      roads: [{ type: "line", properties, lines: [[[100, 2000], [4000, 2000]]] }],
      places: [{ type: "point", properties: place, lines: [[[2000, 1000]]] }],
    }),
    { ...VIEW, z: 14 },
  );
  assertHarmless(svg);
  assert(svg.includes("&#60;/text&#62;"), "the name is shown");
});

Deno.test("damaged tiles give a harmless picture or a reason", () => {
  const whole = cityTile(4, 4);
  let failed = 0;
  for (let seed = 1; seed <= 600; seed++) {
    const bytes = whole.slice(0, seed % 7 === 0 ? whole.length - seed * 3 : whole.length);
    for (let n = 0; n < 4; n++) {
      bytes[(seed * 7919 + n * 104_729) % bytes.length] = (seed * 31 + n * 17) % 256;
    }
    try {
      assertHarmless(draw(bytes, { ...VIEW, above: seed % 3 }));
    } catch (error) {
      if (!(error instanceof Error) || !/^(has|holds|ends) /.test(error.message)) throw error;
      failed++;
    }
  }
  assert(failed > 50 && failed < 600, `${failed} of 600 failed`);
});

Deno.test("a raster tile that is something else is none", async () => {
  await using site = await startMapSite();
  const page = new TextEncoder().encode("<html><script>alert(1)</script>");
  assertEquals((await site.upload(mapFile({ tiles: [[0, 0, 0, page]], type: 2 }))).status, 201);
  assertEquals((await site.test.rest("GET", "/ocpp/tiles/0/0/0")).status, 404);
});

Deno.test("a worker that does not answer in time is ended, and the next request gets another", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeFile(`${folder}/map`, cityMap());
  const work = new TileWork(folder, { patience: 0 });
  for (let time = 0; time < 2; time++) {
    const { failure } = await work.ask({ work: "describe", path: `${folder}/map` });
    assertEquals(failure, "takes more than 0 ms");
    assertEquals(work.running, false);
  }
  work.stop();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the worker may read the map's folder only, and ends when nobody asks", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeFile(`${folder}/map`, cityMap());
  const work = new TileWork(folder, { idle: 0 });
  const here = await work.ask({ work: "describe", path: `${folder}/map` });
  assertEquals(here.description?.max_zoom, 15);
  const beyond = await work.ask({ work: "describe", path: new URL(import.meta.url).pathname });
  assertMatch(String(beyond.failure), /read access/);
  await eventually(() => !work.running, "the worker's end");
  work.stop();
  await Deno.remove(folder, { recursive: true });
});

const ELEMENTS = new Set(["svg", "rect", "path", "g", "text"]);
const ATTRIBUTES = new Set(
  ("xmlns width height viewBox fill stroke d x y dy transform font-family font-size font-weight text-anchor " +
    "paint-order stroke-width stroke-linecap stroke-linejoin stroke-dasharray").split(" "),
);

/** Asserts that an SVG has known elements and attributes only, and numbers in its paths. */
function assertHarmless(svg: string): void {
  for (const [, name, attributes] of svg.matchAll(/<\/?([^\s>/]+)([^>]*)>/g)) {
    assert(ELEMENTS.has(name!), name);
    for (const [, attribute, value] of attributes!.matchAll(/([^\s=]+)="([^"]*)"/g)) {
      assert(ATTRIBUTES.has(attribute!), attribute);
      if (attribute === "d") assertMatch(value!, /^[Mlz0-9 -]*$/);
    }
  }
  // deno-lint-ignore no-control-regex
  assert(!/[\x00-\x1f\ufffe\uffff]/.test(svg));
}
