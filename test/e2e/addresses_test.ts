// The addresses that chargers need, as a browser on the LAN shows them: by plain http://, so without the clipboard API.
import { assert, assertEquals } from "@std/assert";
import { ownAddresses } from "../../src/machine/addresses.ts";
import { startTlsGateway } from "../kit/tls_gateway.ts";
import { goTo, logIn } from "./admin_page.ts";
import { openBrowser } from "./browser.ts";
import { needs } from "../kit/needs.ts";

const [own] = ownAddresses();

Deno.test({
  ...needs("an address on a network", own !== undefined),
  name:
    "every address of the gateway is shown, that of the browser marked, and copied without the clipboard API",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn() {
    await using site = await startTlsGateway({ config: { host: "0.0.0.0" } });
    const { port, gateway, rest } = site.plain;
    await rest("POST", "/ocpp/chargers/", { charger_id: "N 1" });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ locale: "en" });
      page.setDefaultTimeout(10_000);
      await logIn(page, `http://${own}:${port}`);
      assertEquals(await page.evaluate(() => isSecureContext), false);
      const urls = [`ws://${own}:${port}/`, `wss://${own}:${gateway.tls_port}/`];
      for (const path of ["system", "waiting"]) {
        await goTo(page, path);
        for (const url of urls) await page.locator("code", { hasText: url }).waitFor();
        const here = page.locator("main .row", { hasText: "as in this browser" }).last();
        assertEquals(await here.locator("code").textContent(), urls[0]);
      }
      await goTo(page, "chargers/N%201/label");
      const row = page.locator("main .row", { hasText: `${urls[1]}N%201` }).last();
      await row.getByRole("button", { name: "Copy" }).click();
      await page.getByText("Copied").waitFor();
      await goTo(page, "chargers");
      const search = page.locator("input[type=search]");
      await search.focus();
      await page.keyboard.press("Control+V");
      assertEquals(await search.inputValue(), `${urls[1]}N%201`);
      assert(urls[1]!.startsWith("wss:"));
    } finally {
      await browser.close();
    }
  },
});
