// The list of many chargers while all of them report. Its smoothness is measured by `deno task bench --only admin_list`.
import { assertEquals } from "@std/assert";
import { startTestGateway } from "../kit/gateway.ts";
import { goTo, logIn } from "./admin_page.ts";
import { openBrowser } from "./browser.ts";
import { connectFleet, reportPower } from "./charging_fleet.ts";

const CHARGERS = 200;
const ROUNDS = 10;

Deno.test({
  name: "the list of 200 chargers shows the last power of each",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn() {
    await using test = await startTestGateway();
    const clients = await connectFleet(test.ws_url, CHARGERS);
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await logIn(page, test.url);
      await goTo(page, "chargers");
      const rows = page.locator("tbody tr");
      await rows.nth(4).waitFor();
      for (let round = 1; round <= ROUNDS; round++) {
        for (const [index, client] of clients.entries()) reportPower(client, 1000 * (round + index % 5));
      }
      for (const index of [0, 1, 2, 3, 4, CHARGERS - 1]) {
        if (index > 4) await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
        await page.locator(`tr[aria-rowindex="${index + 2}"]`)
          .filter({ hasText: `${ROUNDS + index % 5}.0 kW` }).waitFor();
      }
      assertEquals(await page.locator("main table").getAttribute("aria-rowcount"), String(CHARGERS + 1));
    } finally {
      await browser.close();
      await Promise.all(clients.map((client) => client.close()));
    }
  },
});
