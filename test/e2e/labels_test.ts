// The labels of chargers as they come out of a printer.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import jsqr from "jsqr";
import { Buffer } from "node:buffer";
// @ts-types="@types/pngjs"
import { PNG } from "pngjs";
import { LABEL_STOCKS, PAPERS, type StockName } from "../../src/http/pages/label_stocks.ts";
import { AUTHORIZATION, startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { openBrowser, type Page } from "./browser.ts";

const decode = jsqr as unknown as (
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
) => { data: string } | null;

const id = (index: number) => `PATIO-${String(index).padStart(2, "0")}`;

Deno.test({
  name: "labels print on as few sheets as they need, and every code leads to its charger",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn(t) {
    await using test = await siteOf(12);
    const browser = await openBrowser();
    try {
      const context = await browser.newContext({ extraHTTPHeaders: AUTHORIZATION, deviceScaleFactor: 2 });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
      for (const stock of Object.keys(LABEL_STOCKS) as StockName[]) {
        await t.step(stock, () => printsOn(page, test, stock));
      }
      await t.step("a sheet that has been used before goes on at its first free label", async () => {
        await page.goto(`${test.url}/ocpp/labels/?stock=a4-10&start=8`);
        assertEquals(await pagesOf(page), { count: 2, size: [595, 842] });
        const [eighth, ninth] = [await placeOf(page, 0), await placeOf(page, 1)];
        assert(
          eighth.x > ninth.x && eighth.y < ninth.y,
          "the eighth is at the right, the ninth in the next row",
        );
      });
      await t.step("chargers by name, in the order of the address", async () => {
        await page.goto(
          `${test.url}/ocpp/labels/?chargers=${id(3)},${id(1)}&stock=avery-5163&help=Call%20the%20<desk>`,
        );
        assertEquals((await codesOf(page)).map((url) => url.split("/").at(-2)), [id(3), id(1)]);
        assertStringIncludes(await page.locator(".label").first().innerText(), "Call the <desk>");
        assertEquals((await pagesOf(page)).count, 1);
      });
      assertEquals(errors, []);
    } finally {
      await browser.close();
    }
  },
});

Deno.test("labels of chargers that are unknown, and labels behind the sheet's end, are refused", async () => {
  await using test = await siteOf(1);
  const status = async (query: string) => {
    const answer = await fetch(`${test.url}/ocpp/labels/?${query}`, { headers: AUTHORIZATION });
    await answer.body?.cancel();
    return answer.status;
  };
  assertEquals(await status("chargers=NOBODY"), 404);
  assertEquals(await status("stock=a4-10&start=11"), 400);
  assertEquals(await status("stock=papyrus"), 400);
  const unknown = await fetch(`${test.url}/ocpp/labels/`);
  await unknown.body?.cancel();
  assertEquals(unknown.status, 401);
});

async function siteOf(chargers: number): Promise<TestGateway> {
  const test = await startTestGateway({ settings: { name: "Torre Norte" } });
  for (let index = 1; index <= chargers; index++) {
    const body = {
      charger_id: id(index),
      name: index === 2 ? "Estacionamiento de visitas norte" : `Patio ${index}`,
    };
    assertEquals((await test.rest("POST", "/ocpp/chargers/", body)).status, 201);
  }
  return test;
}

async function printsOn(page: Page, { url }: TestGateway, stock: StockName): Promise<void> {
  await page.goto(`${url}/ocpp/labels/?stock=${stock}`);
  const { columns, rows, paper } = LABEL_STOCKS[stock];
  const size = PAPERS[paper].map((mm) => Math.round(mm / 25.4 * 72));
  assertEquals(await pagesOf(page), { count: Math.ceil(12 / (columns * rows)), size });
  const urls = await codesOf(page);
  assertEquals(urls.length, 12);
  assertEquals(
    new Set(urls),
    new Set(Array.from({ length: 12 }, (_, index) => `${url}/ocpp/c/${id(index + 1)}/`)),
  );
  const cut = await page.locator(".label").evaluateAll((labels) =>
    labels.filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight).map((label) =>
      label.textContent
    )
  );
  assertEquals(cut, [], "texts that do not fit their label");
}

/** Prints to PDF; returns the count of pages and their size, points. */
async function pagesOf(page: Page): Promise<{ count: number; size: number[] }> {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, width, height]) =>
    `${width} ${height}`
  );
  assertEquals(new Set(boxes).size, 1);
  const count = [...pdf.matchAll(/\/Type \/Page\b/g)].length;
  return { count, size: boxes[0]!.split(" ").map((length) => Math.round(Number(length))) };
}

/** Reads the codes as a camera does. */
async function codesOf(page: Page): Promise<string[]> {
  await page.emulateMedia({ media: "print" });
  const found: string[] = [];
  for (const code of await page.locator(".label > svg").all()) {
    const { width, height, data } = PNG.sync.read(Buffer.from(await code.screenshot()));
    found.push(decode(new Uint8ClampedArray(data), width, height)?.data ?? "unreadable");
  }
  await page.emulateMedia({ media: null });
  return found;
}

async function placeOf(page: Page, index: number): Promise<{ x: number; y: number }> {
  return (await page.locator(".label").nth(index).boundingBox())!;
}
