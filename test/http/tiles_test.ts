import { assertEquals } from "@std/assert";
import { Hono } from "hono";
import { tileRoutes, TileSource } from "../../src/http/api/tiles.ts";
import { HttpError } from "../../src/http/http_error.ts";
import type { DepsOf } from "../../src/http/route.ts";
import { mount, type RouterDeps } from "../../src/http/router.ts";

const PNG = { "content-type": "image/png" };

function tiles(tile_url: string, answer: () => Response) {
  const asked: [url: string, agent: string][] = [];
  const get = (url: string, init: RequestInit) => {
    asked.push([url, new Headers(init.headers).get("user-agent") ?? ""]);
    return Promise.resolve(answer());
  };
  const map = { view: () => Promise.resolve(null) };
  const auth = { authenticate: () => Promise.resolve({ name: "Ana", role: "viewer", via: "basic" }) };
  const source = new TileSource(get as typeof fetch);
  type Deps = RouterDeps & DepsOf<typeof tileRoutes>;
  const store = { settings: { tile_url }, calendar: { time_zone: "UTC" } };
  const deps = { map, auth, tiles: source, store } as unknown as Deps;
  const app = new Hono();
  mount<Deps>(app, tileRoutes, deps);
  app.onError((error, c) => c.text(error.message, error instanceof HttpError ? error.status : 500));
  return {
    asked,
    get: async (path: string) => (await app.fetch(new Request(`http://x/ocpp/tiles${path}`))).status,
  };
}

Deno.test("tiles come from the site's source, are kept, and name the program that asks", async () => {
  const { asked, get } = tiles(
    "https://tiles.example/{z}/{x}/{y}.png",
    () => new Response("picture", { headers: PNG }),
  );
  assertEquals([await get("/12/907/1751"), await get("/12/907/1751")], [200, 200]);
  assertEquals(asked.length, 1);
  assertEquals(asked[0]![0], "https://tiles.example/12/907/1751.png");
  assertEquals(asked[0]![1].startsWith("ocpp-gateway/"), true);
});

Deno.test("without a source nothing is fetched", async () => {
  const { asked, get } = tiles("", () => new Response("picture", { headers: PNG }));
  assertEquals([await get("/12/907/1751"), asked.length], [404, 0]);
});

Deno.test("what is no tile is none: errors, pages, OSM's refusal in a picture", async () => {
  const source = "https://tiles.example/{z}/{x}/{y}.png";
  const answers = [
    () => new Response("no", { status: 500 }),
    () => new Response("<html>", { headers: { "content-type": "text/html" } }),
    () => new Response(new Uint8Array(6987), { headers: PNG }),
    () => new Response(new Uint8Array(300_000), { headers: PNG }),
    () => {
      throw new TypeError("offline");
    },
  ];
  for (const answer of answers) assertEquals(await tiles(source, answer).get("/1/1/1"), 404);
});
