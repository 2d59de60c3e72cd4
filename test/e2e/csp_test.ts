// Pages that the server renders: Chromium shows them whole under their Content-Security-Policy.
import { assert, assertEquals } from "@std/assert";
import { AUTHORIZATION } from "../kit/gateway.ts";
import { openBrowser } from "./browser.ts";
import { startLivelySite } from "./lively_site.ts";

Deno.test({
  name: "landing pages and reports show themselves without unsafe-inline, and Chromium complains of nothing",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn() {
    await using site = await startLivelySite();
    const { url, rest } = site.test;
    const begun = await rest("POST", "/ocpp/commissioning/", { charger_id: "NORTE-2", installer: "Eva" });
    const { commissioning_id } = begun.body;
    await rest("POST", `/ocpp/commissioning/${commissioning_id}/action/`, { action: "break_off" });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on(
        "console",
        (said) => /Content Security Policy/.test(said.text()) && complaints.push(said.text()),
      );
      await page.context().setExtraHTTPHeaders(AUTHORIZATION);
      const report = `/ocpp/commissioning/${commissioning_id}/report/`;
      for (const path of ["/ocpp/c/NORTE-1/", "/ocpp/c/NOPE/", "/ocpp/c/NORTE-1/qr.svg", report]) {
        const answer = await page.goto(url + path);
        assert(!answer!.headers()["content-security-policy"]!.includes("unsafe"), path);
        assertEquals(complaints, [], path);
      }
      const width = await page.evaluate(() => getComputedStyle(document.body).maxWidth);
      assert(parseFloat(width) > 600, `the report's own style sheet holds: ${width}`);
    } finally {
      await browser.close();
    }
  },
});
