// Many chargers on the map: markers that would cover each other are one; the search of the page is theirs and the list's.
import { assert, assertEquals } from "@std/assert";
import { startTestGateway } from "../kit/gateway.ts";
import { faultsOf, goTo, logIn } from "./admin_page.ts";
import { openBrowser, type Page } from "./browser.ts";

/** Two rows of chargers a few metres apart, 2 km from each other. */
const YARDS: [name: string, latitude: number, longitude: number][] = [
  ["NORTE", 25.6894, -100.3169],
  ["SUR", 25.6714, -100.3169],
];
const EACH = 12;

const STEPS: Record<string, (page: Page) => Promise<void>> = {
  "from afar each yard is one marker, with the count of its chargers": async (page) => {
    await goTo(page, "map/map");
    await page.locator(".map .pins").first().waitFor();
    assertEquals(await page.locator(".map .pins").allInnerTexts(), [String(EACH), String(EACH)]);
    assertEquals(await page.locator(".map .pin").count(), 0);
    assertEquals(await faultsOf(page), []);
  },

  "a click on it zooms in until the chargers come apart": async (page) => {
    await page.locator(".map .pins").first().click();
    await page.locator(".map .pins, .map .pin").nth(3).waitFor();
    assert(!(await page.locator(".map .pins").allInnerTexts()).slice(1).includes(String(EACH)));
  },

  "the page's search is that of the markers and of the list, and stays from view to view": async (page) => {
    await page.getByRole("searchbox").fill("sur-1");
    await page.locator(".map-list li").nth(4).waitFor({ state: "detached" });
    assertEquals(await page.locator(".map-list li").count(), 4); // 1, 10, 11, 12
    await page.locator(".map .pin, .map .pins").first().waitFor();
    const shown = await page.locator(".map .pins").allInnerTexts();
    assertEquals(
      shown.reduce((sum, count) => sum + Number(count), await page.locator(".map .pin").count()),
      4,
    );
    await page.getByRole("link", { name: "List" }).click();
    assertEquals(await page.locator("tbody tr").count(), 4);
    assertEquals(new URL(page.url()).search, "?q=sur-1");
    await page.goBack();
    await page.locator(".map-list").waitFor();
    assertEquals(await page.getByRole("searchbox").inputValue(), "sur-1");
  },

  "the list scrolls without the page": async (page) => {
    await page.getByRole("searchbox").fill("");
    await page.locator(".map-list li").nth(20).waitFor();
    const [list, items] = await page.locator(".map-list .attention").evaluate((
      { clientHeight, scrollHeight },
    ) => [clientHeight, scrollHeight]);
    assert(items! > list!, "the list scrolls");
    const height = await page.evaluate<number>("document.documentElement.scrollHeight - innerHeight");
    assert(height < 400, `the page scrolls by ${height} px`);
  },

  "each charger has a marker of its own while they are moved": async (page) => {
    await page.getByRole("button", { name: "Move markers" }).click();
    await page.locator(".map .pins").first().waitFor({ state: "detached" });
    assertEquals(await page.locator(".map .pin").count(), 2 * EACH);
  },
};

Deno.test({
  name: "a map of many chargers stays legible",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn(t) {
    await using test = await startTestGateway();
    for (const [yard, latitude, longitude] of YARDS) {
      for (let index = 1; index <= EACH; index++) {
        const place = { latitude, longitude: longitude + index * 0.00012 };
        await test.rest("POST", "/ocpp/chargers/", { charger_id: `${yard}-${index}`, ...place });
      }
    }
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({
        viewport: { width: 1280, height: 900 },
        locale: "en",
        reducedMotion: "reduce",
      });
      page.setDefaultTimeout(15_000);
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(String(error.stack)));
      await logIn(page, test.url);
      for (const [name, step] of Object.entries(STEPS)) await t.step(name, () => step(page));
      assertEquals(errors, []);
    } finally {
      await browser.close();
    }
  },
});
