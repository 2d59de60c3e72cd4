// Code of pages and maps that is first needed while the gateway is away.
import { goTo, testAdmin } from "./admin_page.ts";

const PARTS: [part: string, path: string, shown: string][] = [
  ["mod", "sessions", "main h1:has-text('Sessions')"],
  ["atlas", "map", "[data-testid=map] .leaflet-control-scale"],
];

testAdmin(
  "a page and a map that are first opened while the gateway is away come by themselves",
  async ({ page: first, site }, t) => {
    for (const [part, path, shown] of PARTS) {
      await t.step(path, async () => {
        const page = await first.context().newPage();
        page.setDefaultTimeout(20_000);
        const failed = page.waitForEvent("requestfailed");
        await page.route(`**/assets/${part}-*.js`, (asked) => asked.abort());
        await page.goto(`${site.test.url}/admin/`);
        await page.locator("nav.side").waitFor();
        await goTo(page, path);
        await failed;
        await page.unroute(`**/assets/${part}-*.js`);
        await page.locator(shown).first().waitFor();
        await page.close();
      });
    }
  },
);
