// Browsers whose language is none that Intl knows, as Chromium's is where the system's locale is C.
import { assertEquals } from "@std/assert";
import { startTestGateway } from "../kit/gateway.ts";
import { goTo, logIn } from "./admin_page.ts";
import { openBrowser } from "./browser.ts";

Deno.test({
  name: "the admin shows chargers to a browser whose language tag Intl refuses",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn() {
    await using site = await startTestGateway();
    await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      await page.addInitScript(() =>
        Object.defineProperty(navigator, "languages", { value: ["en-US@posix", "en-US"] })
      );
      await logIn(page, site.url);
      await goTo(page, "chargers");
      await page.locator("tbody tr", { hasText: "CP1" }).waitFor();
      assertEquals(await page.locator("html").getAttribute("lang"), "en-US");
    } finally {
      await browser.close();
    }
  },
});
