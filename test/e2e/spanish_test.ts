// The admin in Spanish: no page, and no refusal, shows an English sentence.
import { assert, assertEquals } from "@std/assert";
import { goTo, logIn, PAGES } from "./admin_page.ts";
import { openBrowser, type Page } from "./browser.ts";
import { startLivelySite } from "./lively_site.ts";

/** Pages of other people's words: JSON, the REST reference, the gateway's log of English sentences. */
const TECHNICAL = new Set(["charger-json", "api"]);
/** Words of English sentences that no Spanish one has. */
const ENGLISH = /\b(the|is|are|was|were|has|have|with|and|not|this|from|for|of|its|which|until|there)\b/gi;

Deno.test({
  name: "no page in Spanish shows an English sentence, nor does a refusal",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn(t) {
    await using site = await startLivelySite({ unknown_chargers: "pending" });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "es-MX" });
      page.setDefaultTimeout(15_000);
      await logIn(page, site.test.url);
      const found: string[] = [];
      for (const [name, path] of PAGES.filter(([name]) => !TECHNICAL.has(name))) {
        await t.step(name, async () => {
          await goTo(page, path);
          await page.locator("h1").first().waitFor();
          await page.waitForFunction(() => !document.querySelector("main .busy"));
          found.push(...(await englishOn(page)).map((text) => `${name}: ${text}`));
        });
      }
      await t.step("no English", () => assertEquals(found, []));
      await t.step("a refusal is in Spanish", async () => {
        await goTo(page, "rfids");
        await page.getByRole("button", { name: "Agregar tarjeta" }).first().click();
        await page.locator("dialog input[name=rfid]").fill("04A1B2C3D4");
        await page.locator("dialog button[type=submit]").click();
        const refusal = await page.locator("dialog [role=alert]").textContent();
        assert(refusal?.includes("04A1B2C3D4 ya existe"), refusal ?? "");
      });
    } finally {
      await browser.close();
    }
  },
});

/** Returns the texts with two English words or more, code left out. */
async function englishOn(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (!parent?.closest("code, pre, script, noscript, style, textarea, option, body [lang]")) {
        found.push(walker.currentNode.textContent ?? "");
      }
    }
    return found;
  });
  return texts.filter((text) => new Set(text.toLowerCase().match(ENGLISH)).size >= 2);
}
