import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { rasterOf } from "../../src/http/files/picture.ts";
import { newCharger } from "../../src/store/new_charger.ts";
import { Store } from "../../src/store/store.ts";
import { eventually } from "../kit/eventually.ts";
import { AUTHORIZATION } from "../kit/gateway.ts";
import { planSite, png, served, upload } from "./plan_site.ts";

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Returns a JPEG's head: Exif with an orientation, then the frame header of 640 × 480. */
function jpeg(orientation: number): Uint8Array<ArrayBuffer> {
  const exif = `\xff\xe1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0${
    String.fromCharCode(orientation)
  }\0\0\0\0\0\0\0`;
  return bytes(`\xff\xd8${exif}\xff\xc0\0\x11\x08\x01\xe0\x02\x80\x03`);
}

const PICTURES: [name: string, picture: Uint8Array<ArrayBuffer>, type: string, size: [number, number]][] = [
  ["PNG", png(300, 200), "image/png", [300, 200]],
  ["JPEG", jpeg(1), "image/jpeg", [640, 480]],
  ["JPEG taken upright", jpeg(6), "image/jpeg", [480, 640]],
  ["lossy WebP", bytes("RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x40\x01\xf0\x00"), "image/webp", [
    320,
    240,
  ]],
  ["lossless WebP", bytes("RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x3f\xc1\x3b\x00"), "image/webp", [320, 240]],
  ["extended WebP", bytes("RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x3f\x01\0\xef\0\0"), "image/webp", [
    320,
    240,
  ]],
];

Deno.test("a plan's kind and size are read from its bytes", async () => {
  await using site = await planSite();
  for (const [name, picture, type, [width, height]] of PICTURES) {
    const { status, body } = await upload(site.test.url, picture);
    assertEquals([status, body.type, body.width, body.height], [201, type, width, height], name);
    assertEquals((await site.test.rest("GET", "/ocpp/plan/")).body, body);
    const { answer, bytes } = await served(site.test.url, body.version);
    assertEquals([answer.headers.get("content-type"), bytes.length], [type, body.size], name);
  }
  assertEquals((await Array.fromAsync(Deno.readDir(site.folder))).length, 1);
});

Deno.test("the picture is served as a picture only, and kept by browsers as long as it is this version", async () => {
  await using site = await planSite();
  const { body: { version } } = await upload(site.test.url, png(300, 200));
  const { answer: { headers } } = await served(site.test.url, version);
  assertStringIncludes(headers.get("content-security-policy")!, "sandbox; default-src 'none'");
  assertEquals(headers.get("x-content-type-options"), "nosniff");
  assertStringIncludes(headers.get("cache-control")!, "immutable");
  assertEquals(
    (await served(site.test.url, "other")).answer.headers.get("cache-control"),
    "private, no-cache",
  );
  const again = await fetch(`${site.test.url}/ocpp/plan/picture`, {
    headers: { ...AUTHORIZATION, "if-none-match": headers.get("etag")! },
  });
  assertEquals([again.status, await again.text()], [304, ""]);
  assertStringIncludes(again.headers.get("content-security-policy")!, "sandbox");
});

Deno.test("what is refused says why, and the old plan stays", async () => {
  await using site = await planSite();
  const { body: before } = await upload(site.test.url, png(300, 200));
  const REFUSED: [picture: string | Uint8Array<ArrayBuffer>, status: number, why: RegExp][] = [
    ["GIF89a", 400, /^The picture is not PNG, JPEG or WebP$/],
    ["", 400, /^The picture is not PNG/],
    ["<!doctype html><html></html>", 400, /^The picture is not PNG/],
    [png(300, 200).slice(0, 20), 400, /^The picture is incomplete$/],
    [png(8, 200), 400, /^The picture is 8 × 200 pixels/],
    [bytes("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x40\0\0\0\x40\0"), 400, /^The picture is 16384 × 16384 pixels/],
    ["<svg viewBox='0 0 9 9'/>", 415, /^SVG is not accepted: convert it to PNG, or upload it in the admin/],
    ['\ufeff<?xml version="1.0"?><!-- made by --><svg>', 415, /^SVG is not accepted/],
    [bytes("\xff\xfe<\0s\0v\0g\0>\0"), 415, /^SVG is not accepted/],
    [new Uint8Array(10_000_001), 413, /larger than 10000000 bytes/],
  ];
  for (const [picture, status, why] of REFUSED) {
    const { status: found, body } = await upload(site.test.url, picture);
    assertEquals(found, status, String(picture).slice(0, 40));
    assertMatch(body.error, why);
  }
  assertEquals((await site.test.rest("GET", "/ocpp/plan/")).body, before);
  assertEquals((await Array.fromAsync(Deno.readDir(site.folder))).length, 1);
});

Deno.test("a drawing that an earlier version stored is still shown, in a sandbox", async () => {
  await using site = await planSite();
  await Deno.mkdir(site.folder, { recursive: true });
  const drawing =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30" width="2000" height="1500"></svg>`;
  await Deno.writeTextFile(`${site.folder}/0123456789abcdef-2000x1500.svg`, drawing);
  const { body } = await site.test.rest("GET", "/ocpp/plan/");
  assertEquals([body.type, body.width, body.height], ["image/svg+xml", 2000, 1500]);
  const { answer, bytes } = await served(site.test.url);
  assertEquals(new TextDecoder().decode(bytes), drawing);
  assertStringIncludes(answer.headers.get("content-security-policy")!, "sandbox; default-src 'none'");
});

Deno.test("without a plan there is none; a viewer sees it, an admin alone changes it, and that is in the audit", async () => {
  await using site = await planSite();
  const { rest, url } = site.test;
  assertEquals<unknown>((await rest("GET", "/ocpp/plan/")).body, {
    error: "The site has no plan",
    code: "not_found",
    values: { kind: "plan" },
  });
  assertEquals([
    (await rest("GET", "/ocpp/plan/picture")).status,
    (await rest("DELETE", "/ocpp/plan/")).status,
  ], [404, 404]);
  await upload(url, png(300, 200));
  for (const role of ["viewer", "operator"]) {
    const { body: { token } } = await rest("POST", "/ocpp/tokens/", { label: role, role });
    const as = async (method: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${url}/ocpp/plan/`, { method, headers });
      await answer.body?.cancel();
      return answer.status;
    };
    assertEquals([await as("GET"), await as("PUT"), await as("DELETE")], [200, 403, 403], role);
  }
  assertEquals((await rest("DELETE", "/ocpp/plan/")).status, 204);
  const audited = async () => {
    const { body } = await rest("GET", "/ocpp/audit/?kind=plan");
    return body.entries.map(({ action, who }: Record<string, string>) => `${who}: ${action}`).join(", ");
  };
  await eventually(async () => await audited() === "admin: delete, admin: change"); // it is kept in the background
});

Deno.test("a charger has a place on the plan, in fractions; the field that is wrong is named", async () => {
  await using site = await planSite();
  const { rest } = site.test;
  await rest("POST", "/ocpp/chargers/", { charger_id: "A" });
  const placeOf = ({ plan_x, plan_y }: Record<string, unknown>) => [plan_x, plan_y];
  assertEquals(placeOf((await rest("GET", "/ocpp/chargers/A/")).body), [null, null]);
  assertEquals(placeOf((await rest("PATCH", "/ocpp/chargers/A/", { plan_x: 0.25, plan_y: 1 })).body), [
    0.25,
    1,
  ]);
  const wrong = await rest("PATCH", "/ocpp/chargers/A/", { plan_y: 1.5 });
  assertEquals(wrong.status, 400);
  assertMatch(wrong.body.error, /^plan_y /);
  assertEquals(placeOf((await rest("GET", "/ocpp/chargers/")).body.chargers[0]!), [0.25, 1]);
  assertEquals(placeOf((await rest("PATCH", "/ocpp/chargers/A/", { plan_x: null, plan_y: null })).body), [
    null,
    null,
  ]);
});

Deno.test("a charger that was stored before there were plans has no place on one", async () => {
  const path = await Deno.makeTempFile();
  const first = await Store.open({ path, window_ms: 0 });
  const { plan_x: _x, plan_y: _y, ...old } = newCharger("OLD", "Accepted", Date.now());
  await first.chargers.put(old as ReturnType<typeof newCharger>);
  await first.close();
  const store = await Store.open({ path, window_ms: 0 });
  const { plan_x, plan_y } = store.chargers.get("OLD")!;
  await store.close();
  await Deno.remove(path);
  assertEquals([plan_x, plan_y], [null, null]);
});

Deno.test("no bytes make the reader of sizes fail otherwise than with words", () => {
  for (const [, picture] of PICTURES) {
    for (let length = 0; length < Math.min(60, picture.length); length++) {
      try {
        rasterOf(picture.subarray(0, length));
      } catch (error) {
        assertEquals((error as Error).message, "The picture is incomplete");
      }
    }
  }
});
