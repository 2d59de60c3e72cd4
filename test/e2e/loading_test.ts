// Code of pages, charts and maps that is first needed while the gateway is away.
import { goTo, logIn } from "./admin_page.ts";
import { openBrowser } from "./browser.ts";
import { startLivelySite } from "./lively_site.ts";

Deno.test({
  name: "a page, a chart and a map that are first opened while the gateway is away come by themselves",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn(t) {
    await using site = await startLivelySite();
    const browser = await openBrowser();
    try {
      const parts: [part: string, path: string, shown: string][] = [
        ["mod", "sessions", "main h1:has-text('Sessions')"],
        ["plot", "chargers/NORTE-1/history", "[data-testid=chart] canvas"],
        ["atlas", "map", "[data-testid=map] .leaflet-control-scale"],
      ];
      for (const [part, path, shown] of parts) {
        await t.step(path, async () => {
          const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en" });
          page.setDefaultTimeout(20_000);
          const failed = page.waitForEvent("requestfailed");
          await page.route(`**/assets/${part}-*.js`, (asked) => asked.abort());
          await logIn(page, site.test.url);
          await goTo(page, path);
          await failed;
          await page.unroute(`**/assets/${part}-*.js`);
          await page.locator(shown).first().waitFor();
          await page.close();
        });
      }
    } finally {
      await browser.close();
    }
  },
});
