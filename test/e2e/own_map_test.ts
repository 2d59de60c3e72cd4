// The site's own street map in a real browser: upload in Settings, display in light and dark, deletion.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Buffer } from "node:buffer";
import { type MapSite, startMapSite } from "../http/map_site.ts";
import { cityMap } from "../map/city.ts";
import { goTo, logIn } from "./admin_page.ts";
import { openBrowser, type Page } from "./browser.ts";

const OPTIONS = { sanitizeOps: false, sanitizeResources: false }; // the browser's pipes close behind the test
const FILE = {
  name: "monterrey.pmtiles",
  mimeType: "application/octet-stream",
  buffer: Buffer.from(cityMap()),
};
const TILE = ".leaflet-tile-loaded[src*='/ocpp/tiles/']";

/** Opens the admin of a new site. */
async function visit(
  look: { width: number; colorScheme: "light" | "dark" },
  work: (page: Page, site: MapSite, failed: string[]) => Promise<void>,
): Promise<void> {
  await using site = await startMapSite();
  const browser = await openBrowser();
  try {
    const { width, colorScheme } = look;
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme, locale: "en" });
    const failed: string[] = [];
    page.on("response", (answer) => {
      if (answer.status() >= 400 && answer.url().includes("/ocpp/tiles/")) failed.push(answer.url());
    });
    page.on("pageerror", (error) => failed.push(String(error)));
    await logIn(page, site.test.url);
    failed.length = 0;
    await work(page, site, failed);
    assertEquals(failed, []);
  } finally {
    await browser.close();
  }
}

/** Returns true if the base map is painted in the middle of the map. */
async function hasGround(page: Page): Promise<boolean> {
  return await page.evaluate(() => {
    const map = document.querySelector(".map")!.getBoundingClientRect();
    const [x, y] = [map.x + map.width / 2, map.y + map.height / 2];
    return [...document.querySelectorAll<HTMLCanvasElement>(".leaflet-base-pane canvas")].some((tile) => {
      const { left, top, right, bottom, width } = tile.getBoundingClientRect();
      if (x < left || x >= right || y < top || y >= bottom) return false;
      const scale = tile.width / width;
      const ctx = tile.getContext("2d")!;
      return ctx.getImageData((x - left) * scale, (y - top) * scale, 1, 1).data[3] === 255;
    });
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  const width = colorScheme === "light" ? 1440 : 360;
  Deno.test({
    ...OPTIONS,
    name: `a map uploaded in Settings is on the maps without loading anew: ${colorScheme}, ${width} px`,
    fn: () =>
      visit({ width, colorScheme }, async (page, site) => {
        await goTo(page, "settings");
        const card = page.getByTestId("own-map");
        await card.locator("input").setInputFiles(FILE);
        await card.getByText("Monterrey").waitFor();
        await card.getByText("0.5 MB, zooms 12 to 15").waitFor();
        const tile = page.locator(TILE).first();
        await tile.waitFor();
        const source = await tile.getAttribute("src");
        const { version } = (await site.test.rest("GET", "/ocpp/map/")).body;
        assertMatch(source!, new RegExp(`/1[0-9]/[0-9]+/[0-9]+\\?v=${version}`));
        assertEquals(source!.endsWith("&dark=1"), colorScheme === "dark");
        assertEquals(await tile.evaluate((image) => (image as HTMLImageElement).naturalWidth), 512);
        await goTo(page, "map");
        await page.locator(TILE).first().waitFor();
        const attribution = page.locator(".leaflet-control-attribution");
        assertMatch(await attribution.innerText(), /Example © OpenStreetMap/);
        assertEquals(await attribution.locator("a[onclick]").count(), 0);
      }),
  });
}

Deno.test({
  ...OPTIONS,
  name: "beyond the map's bounds the base map shows, and no tile is asked for; deleted, the map is as before",
  fn: () =>
    visit({ width: 1440, colorScheme: "light" }, async (page, site) => {
      assertEquals((await site.upload(cityMap())).status, 201);
      const away = { charger_id: "CP1", latitude: 25.42, longitude: -101 };
      assertEquals((await site.test.rest("POST", "/ocpp/chargers/", away)).status, 201);
      await goTo(page, "chargers");
      await page.locator("main").getByText("CP1").first().waitFor();
      const asked: string[] = [];
      page.on("request", (request) => request.url().includes("/ocpp/tiles/") && asked.push(request.url()));
      await goTo(page, "map");
      await page.locator("[data-id=CP1]").waitFor();
      await page.waitForFunction(() => document.querySelector(".leaflet-base-pane canvas"));
      assert(await hasGround(page), "the base map's land");
      assertEquals(asked, []);
      await goTo(page, "settings");
      await page.locator(TILE).first().waitFor();
      await page.getByTestId("own-map").getByRole("button", { name: "Delete" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete the map" }).click();
      await page.locator(TILE).first().waitFor({ state: "detached" });
      assertEquals((await site.test.rest("GET", "/ocpp/map/")).status, 404);
      assert(await hasGround(page), "the base map's land");
    }),
});
