// A map page that is left before its base map is loaded.
import { assertEquals } from "@std/assert";
import { startTestGateway } from "../kit/gateway.ts";
import { goTo, logIn } from "./admin_page.ts";
import { openBrowser } from "./browser.ts";

Deno.test({
  name: "a map that is left while its base map is on its way fails nowhere",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn() {
    await using site = await startTestGateway();
    await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(String(error)));
      const asked = Promise.withResolvers<void>();
      const left = Promise.withResolvers<void>();
      await page.route(/\/assets\/world-/, async (route) => {
        asked.resolve();
        await left.promise;
        await route.continue();
      });
      await logIn(page, site.url);
      await goTo(page, "map");
      await asked.promise;
      await goTo(page, "activity");
      await page.locator(".map").waitFor({ state: "detached" });
      const come = page.waitForResponse(/\/assets\/world-/);
      left.resolve();
      await (await come).finished();
      await page.evaluate(() => new Promise((done) => setTimeout(done)));
      assertEquals(errors, []);
    } finally {
      await browser.close();
    }
  },
});
