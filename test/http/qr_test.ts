import { assert, assertEquals } from "@std/assert";
import jsqr from "jsqr";
// @ts-types="@types/pngjs"
import { PNG } from "pngjs";
import { Buffer } from "node:buffer";
import { landingRoutes } from "../../src/http/pages/landing.tsx";
import { qrSvg } from "../../src/http/pages/qr.ts";
import { siteWith } from "./landing_site.ts";

Deno.test("qr.png decodes to the landing page's absolute URL", async () => {
  const app = landingRoutes(siteWith());
  const answer = await app.fetch(
    new Request("http://x/ocpp/c/CP1/qr.png", { headers: { host: "10.0.0.5:8000" } }),
  );
  assertEquals(answer.headers.get("content-type"), "image/png");
  const { width, height, data } = PNG.sync.read(Buffer.from(await answer.arrayBuffer()));
  assert(width >= 400, `${width} px`);
  const decode = jsqr as unknown as (
    pixels: Uint8ClampedArray,
    width: number,
    height: number,
  ) => { data: string } | null;
  assertEquals(decode(new Uint8ClampedArray(data), width, height)?.data, "http://10.0.0.5:8000/ocpp/c/CP1/");
});

Deno.test("qr.svg is an image that scales", async () => {
  const app = landingRoutes(siteWith());
  const answer = await app.fetch(new Request("http://10.0.0.5:8000/ocpp/c/CP1/qr.svg"));
  assertEquals(answer.headers.get("content-type"), "image/svg+xml");
  const svg = await answer.text();
  assert(svg.startsWith("<svg") && svg.includes("viewBox"));
  assertEquals(svg, await qrSvg("http://10.0.0.5:8000/ocpp/c/CP1/"));
});
