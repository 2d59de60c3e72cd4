import { assert, assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import { FetchSource, PMTiles } from "pmtiles";
import { SiteMap } from "../../src/http/files/site_map.ts";
import { HttpError } from "../../src/http/http_error.ts";
import { SILENT } from "../../src/log.ts";
import { AUTHORIZATION, PASSWORD } from "../kit/gateway.ts";
import { cityMap, cityTile, tileAt } from "../map/city.ts";
import { mapFile } from "../map/pmtiles.ts";
import { eventually } from "../kit/eventually.ts";
import { startMapSite } from "./map_site.ts";

const PNG = Uint8Array.from(
  atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
  (character) => character.charCodeAt(0),
);
const [X, Y] = tileAt(15);
const TILE = `/ocpp/tiles/15/${X}/${Y}`;

Deno.test("an uploaded map is described, drawn, downloaded and deleted", async () => {
  await using site = await startMapSite();
  assertEquals((await site.test.rest("GET", "/ocpp/map/")).status, 404);
  assertEquals((await site.test.rest("GET", TILE)).status, 404);
  const bytes = cityMap();
  const { status, body: view } = await site.upload(bytes);
  assertEquals(status, 201);
  const { version, uploaded_at, ...described } = view;
  assert(version && Date.parse(uploaded_at) > 0);
  assertEquals(described, {
    name: "Monterrey",
    size: bytes.length,
    tile_type: "mvt",
    min_zoom: 12,
    max_zoom: 15,
    bounds: [-100.37, 25.63, -100.26, 25.74],
    attribution: "Example © OpenStreetMap",
  });
  assertEquals((await site.test.rest("GET", "/ocpp/map/")).body, view);
  assertEquals((await site.test.rest("GET", "/ocpp/settings/")).body.map, view);
  const tile = await site.get(`${TILE}?v=${version}`);
  assertEquals(tile.headers.get("content-type"), "image/svg+xml");
  assertEquals(tile.headers.get("cache-control"), "private, max-age=604800");
  assertEquals(
    tile.headers.get("content-security-policy"),
    "sandbox; default-src 'none'; style-src 'unsafe-inline'",
  );
  assertEquals(tile.headers.get("x-content-type-options"), "nosniff");
  assertStringIncludes(await tile.text(), "Avenida Constitución");
  const stale = await site.get(`${TILE}?v=another`);
  await stale.body?.cancel();
  assertEquals(stale.headers.get("cache-control"), "no-cache");
  assertEquals((await site.test.rest("GET", "/ocpp/tiles/15/1/1")).status, 404);
  assertEquals((await site.test.rest("GET", "/ocpp/tiles/15/99999/1")).status, 404);
  assertEquals((await site.test.rest("DELETE", "/ocpp/map/")).status, 204);
  assertEquals((await site.test.rest("GET", TILE)).status, 404);
  assertEquals((await site.test.rest("GET", "/ocpp/settings/")).body.map, null);
});

Deno.test("the file is served in ranges: another reader of PMTiles finds the same tile in it", async () => {
  await using site = await startMapSite();
  await site.upload(cityMap({ leaf_entries: 4 }));
  const source = new FetchSource(`${site.test.url}/ocpp/map/file`);
  source.setHeaders(new Headers(AUTHORIZATION));
  const found = await new PMTiles(source).getZxy(15, X, Y);
  assertEquals(new Uint8Array(found!.data), cityTile());
});

for (const gzip of [true, false]) {
  for (const leaf_entries of [0, 3]) {
    Deno.test(`tiles are found: gzip ${gzip}, ${leaf_entries || "no"} entries a leaf directory`, async () => {
      await using site = await startMapSite();
      assertEquals((await site.upload(cityMap({ gzip, leaf_entries }))).status, 201);
      for (const z of [12, 13, 14, 15]) {
        const [x, y] = tileAt(z);
        const texts = [-1, 0, 1].map(async (step) =>
          (await site.get(`/ocpp/tiles/${z}/${x + step}/${y}`)).status
        );
        assertEquals(await Promise.all(texts), [200, 200, 200]);
      }
    });
  }
}

Deno.test("a dark tile is dark, and beyond the file's zooms a part of the last one is drawn", async () => {
  await using site = await startMapSite();
  await site.upload(cityMap());
  const [light, dark] = await Promise.all(
    ["", "?dark=1"].map(async (query) => (await site.get(TILE + query)).text()),
  );
  assertNotEquals(light, dark);
  assertStringIncludes(dark!, "#18211e");
  const near = await site.get(`/ocpp/tiles/17/${X * 4 + 1}/${Y * 4 + 2}`);
  const text = await near.text();
  assertStringIncludes(text, "Avenida 5 de Mayo 3");
  assert(!text.includes("Avenida Constitución"), "what is in another quarter");
  assertEquals((await site.test.rest("GET", `/ocpp/tiles/22/${X * 128}/${Y * 128}`)).status, 404);
});

Deno.test("a client that knows no gzip gets the picture as it is", async () => {
  await using site = await startMapSite();
  await site.upload(cityMap());
  const plain = await site.get(TILE, { "accept-encoding": "identity" });
  assertEquals(plain.headers.get("content-encoding"), null);
  assertMatch(await plain.text(), /^<svg .*<\/svg>$/s);
});

Deno.test("raster tiles are given as they are", async () => {
  await using site = await startMapSite();
  const { body } = await site.upload(mapFile({ tiles: [[3, 1, 2, PNG]], type: 2 }));
  assertEquals([body.tile_type, body.max_zoom], ["png", 3]);
  const tile = await site.get("/ocpp/tiles/3/1/2");
  assertEquals(tile.headers.get("content-type"), "image/png");
  assertEquals(new Uint8Array(await tile.arrayBuffer()), PNG);
});

Deno.test("without a map of its own the site's source answers, with one it is not asked", async () => {
  const asked: string[] = [];
  await using source = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, ({ url }) => {
    asked.push(new URL(url).pathname);
    return new Response(PNG, { headers: { "content-type": "image/png" } });
  });
  const tile_url = `http://127.0.0.1:${source.addr.port}/{z}/{x}/{y}.png`;
  await using site = await startMapSite({ settings: { tile_url } });
  assertEquals((await site.test.rest("GET", TILE)).status, 200);
  await site.upload(cityMap());
  assertEquals((await site.test.rest("GET", "/ocpp/tiles/15/1/1")).status, 404);
  assertEquals(asked, [`/15/${X}/${Y}.png`]);
});

Deno.test("a file that is no map is refused with the reason, and the one before stays", async () => {
  await using site = await startMapSite();
  const good = cityMap();
  await site.upload(good);
  const layers = { vector_layers: [{ id: "parcels" }] };
  const refused: [BodyInit, RegExp][] = [
    ["", /^The map is not a PMTiles file$/],
    ["x".repeat(2000), /^The map is not a PMTiles file$/],
    ["PMTiles\x02" + "x".repeat(2000), /^The map is PMTiles version 2, and 3 is wanted$/],
    [good.slice(0, 100), /^The map ends within its header$/],
    [good.slice(0, good.length - 10), /^The map ends before its tiles$/],
    [cityMap({ zooms: [9, 3] }), /^The map has zooms from 9 to 3$/],
    [cityMap({ metadata: layers }), /^The map has layers \(parcels\) that are neither Protomaps' nor/],
    [mapFile({ tiles: [[0, 0, 0, PNG]], type: 9 }), /^The map has tiles of an unknown type$/],
  ];
  for (const [bytes, reason] of refused) {
    const { status, body } = await site.upload(bytes);
    assertEquals(status, 400, String(reason));
    assertMatch(body.error, reason);
  }
  assertEquals((await site.test.rest("GET", "/ocpp/map/")).body.size, good.length);
  const left = await Array.fromAsync(Deno.readDir(`${site.data_dir}/map`), ({ name }) => name);
  assertEquals(left, ["map.pmtiles"]);
});

Deno.test("the map survives a restart, and another one has another version", async () => {
  const data_dir = await Deno.makeTempDir();
  const versions: string[] = [];
  {
    await using site = await startMapSite({ data_dir });
    versions.push((await site.upload(cityMap())).body.version);
  }
  await using site = await startMapSite({ data_dir });
  versions.push((await site.test.rest("GET", "/ocpp/map/")).body.version);
  assertEquals((await site.test.rest("GET", TILE)).status, 200);
  versions.push((await site.upload(cityMap({ leaf_entries: 2 }))).body.version);
  assertEquals(versions[0], versions[1]);
  assertNotEquals(versions[1], versions[2]);
  await Deno.remove(data_dir, { recursive: true });
});

Deno.test("a viewer sees the map and may not change it; strangers see nothing; what was done is kept", async () => {
  await using site = await startMapSite();
  await site.upload(cityMap());
  const viewer = { name: "vera", password: PASSWORD, role: "viewer" };
  assertEquals((await site.test.rest("POST", "/ocpp/users/", viewer)).status, 201);
  const as = async (name: string | null, method: string, path: string) => {
    const headers = name === null ? {} : { authorization: `Basic ${btoa(`${name}:${PASSWORD}`)}` };
    const answer = await fetch(site.test.url + path, { method, headers });
    await answer.body?.cancel();
    return answer.status;
  };
  for (const path of ["/ocpp/map/", "/ocpp/map/file", TILE]) {
    assertEquals([await as("vera", "GET", path), await as(null, "GET", path)], [200, 401], path);
  }
  for (const method of ["PUT", "DELETE"]) assertEquals(await as("vera", method, "/ocpp/map/"), 403);
  assertEquals((await site.test.rest("DELETE", "/ocpp/map/")).status, 204);
  await eventually(async () => {
    const { entries } = (await site.test.rest("GET", "/ocpp/audit/?kind=map")).body;
    return entries.map(({ action }: { action: string }) => action).join() === "delete,change";
  }, "both deeds in the audit");
});

Deno.test("a map leaves the disk its reserve", async () => {
  const data_dir = await Deno.makeTempDir();
  const map = new SiteMap({ data_dir, log: SILENT, free: () => 256_001_000 });
  const body = () => new Blob([new Uint8Array(2000)]).stream();
  const said = async (size: number) => await map.save(body(), size).catch((error) => error);
  for (const size of [2000, 0]) {
    const error = await said(size);
    assert(error instanceof HttpError);
    assertEquals(error.status, 413);
  }
  assertEquals(await Array.fromAsync(Deno.readDir(`${data_dir}/map`)), []);
  map.stop();
  await Deno.remove(data_dir, { recursive: true });
});
