// The message log in a browser: pushed as it is written, paused, and a command repeated from a shell.
import { assert, assertEquals } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { startTestGateway } from "../kit/gateway.ts";
import { goTo, logIn } from "./admin_page.ts";
import { openBrowser } from "./browser.ts";

Deno.test({
  name: "messages are pushed to the page, stay away while it is paused, and our commands are copied as cURL",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn() {
    await using site = await startTestGateway();
    const charger = await RawClient.connect(site.ws_url, { path: "CP 1" });
    await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ locale: "en" });
      page.setDefaultTimeout(10_000);
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await logIn(page, site.url);
      await goTo(page, "chargers/CP%201/messages");
      const lines = page.locator("details.msg");
      await lines.filter({ hasText: "BootNotification" }).waitFor();
      asked.length = 0;
      for (let n = 1; n <= 3; n++) {
        await charger.call("DataTransfer", { vendorId: `number ${n}` });
        await lines.filter({ hasText: `number ${n}` }).waitFor();
      }
      assertEquals(asked.filter((url) => url.includes("/ocpp/")), []);
      await page.getByRole("button", { name: "Pause" }).click();
      await charger.call("DataTransfer", { vendorId: "meanwhile" });
      assertEquals(await lines.filter({ hasText: "meanwhile" }).count(), 0);
      await page.getByRole("button", { name: "Continue" }).click();
      await lines.filter({ hasText: "meanwhile" }).waitFor();
      assertEquals(await lines.filter({ hasText: "number" }).count(), 3);

      const sent = site.rest("POST", "/ocpp/chargers/CP%201/action/", {
        action: "reset",
        payload: { type: "Soft" },
      });
      const answerCall = async () => {
        const call = await charger.next();
        charger.send([3, call[1], { status: "Accepted" }]);
        return call;
      };
      await answerCall();
      await sent;
      await lines.filter({ hasText: "Reset" }).click();
      await page.getByRole("button", { name: "Copy as cURL" }).click();
      await page.getByText("Copied").waitFor();
      const line = await page.evaluate(() => navigator.clipboard.readText());
      const { body } = await site.rest("POST", "/ocpp/tokens/", {
        label: "shell",
        role: "admin",
        expires_at: null,
      });
      const shell = new Deno.Command("sh", { args: ["-c", line], env: { TOKEN: body.token } }).output();
      const call = await answerCall();
      assertEquals(call.slice(2), ["Reset", { type: "Soft" }]);
      assert(new TextDecoder().decode((await shell).stdout).includes('"status":"Accepted"'));
      await charger.close();
    } finally {
      await browser.close();
    }
  },
});
