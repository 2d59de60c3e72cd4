import { assertEquals, assertMatch } from "@std/assert";
import { staticRoutes } from "../../src/http/pages/static_files.ts";

async function withFiles(
  test: (get: (path: string, headers?: Record<string, string>) => Promise<Response>) => Promise<void>,
) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/admin/assets`, { recursive: true });
    await Deno.writeTextFile(`${folder}/a.txt`, "0123456789");
    await Deno.writeTextFile(`${folder}/admin/index.html`, "<p>admin");
    await Deno.writeTextFile(`${folder}/admin/assets/main-ABCD2345.js`, "plain");
    await Deno.writeTextFile(`${folder}/admin/assets/main-ABCD2345.js.br`, "brotli");
    await Deno.writeTextFile(`${folder}/admin/assets/main-ABCD2345.js.gz`, "gzip");
    const app = staticRoutes(new URL(`file://${folder}/`));
    await test(async (path, headers = {}) => await app.fetch(new Request(`http://x${path}`, { headers })));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("static files have an ETag and answer 304 to it", () =>
  withFiles(async (get) => {
    const answer = await get("/static/a.txt");
    assertEquals(await answer.text(), "0123456789");
    assertEquals(answer.headers.get("cache-control"), "no-cache");
    const etag = answer.headers.get("etag")!;
    assertMatch(etag, /^"[\w-]+"$/);
    assertEquals((await get("/static/a.txt", { "if-none-match": etag })).status, 304);
  }));

Deno.test("static files answer Range", () =>
  withFiles(async (get) => {
    for (
      const [range, text] of [["bytes=2-4", "234"], ["bytes=7-", "789"], ["bytes=-3", "789"], [
        "bytes=8-99",
        "89",
      ]]
    ) {
      const answer = await get("/static/a.txt", { range: range! });
      assertEquals([answer.status, await answer.text()], [206, text]);
    }
    const beyond = await get("/static/a.txt", { range: "bytes=10-" });
    assertEquals([beyond.status, beyond.headers.get("content-range")], [416, "bytes */10"]);
    assertEquals((await get("/static/a.txt", { range: "bytes=0-1,3-4" })).status, 200);
    assertEquals((await get("/static/a.txt", { range: "bytes=0-1", "if-range": '"other"' })).status, 200);
  }));

Deno.test("hashed files are cached for ever and come precompressed", () =>
  withFiles(async (get) => {
    const path = "/admin/assets/main-ABCD2345.js";
    const asked = async (accept: string) => await (await get(path, { "accept-encoding": accept })).text();
    assertEquals(await asked("gzip, br"), "brotli");
    assertEquals(await asked("gzip, br;q=0"), "gzip");
    assertEquals(await asked("identity"), "plain");
    const answer = await get(path, { "accept-encoding": "br" });
    assertEquals(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assertEquals(answer.headers.get("vary"), "accept-encoding");
    assertEquals(answer.headers.get("content-encoding"), "br");
  }));

Deno.test("every page of the admin is its index.html, and nothing outside the folder is served", () =>
  withFiles(async (get) => {
    assertEquals(await (await get("/admin/chargers/CP1")).text(), "<p>admin");
    assertEquals((await get("/admin/assets/none.js")).status, 404);
    assertEquals((await get("/static/%2e%2e/deno.json")).status, 404);
    assertEquals((await get("/static/admin")).status, 404);
    assertEquals((await get("/static/")).status, 404);
  }));
