// The admin in Spanish: no page, and no refusal, shows an English sentence, or a word of OCPP outside Expert.
import { assert, assertEquals } from "@std/assert";
import { goTo, logIn, PAGES } from "./admin_page.ts";
import { openBrowser, type Page } from "./browser.ts";
import { ocppWords } from "../kit/ocpp_words.ts";
import { startLivelySite } from "./lively_site.ts";
import { FLAGS } from "../../src/i18n/admin/sessions.ts";

/** Pages of other people's words: JSON, the REST reference, the gateway's log of English sentences. */
const TECHNICAL = new Set(["charger-json", "api"]);
/** Words of English sentences that no Spanish one has. */
const ENGLISH = /\b(the|is|are|was|were|has|have|with|and|not|this|from|for|of|its|which|until|there)\b/gi;

/** A charger's Expert tab, and pages about OCPP itself. */
const EXPERT = new Set([
  "messages",
  "configuration",
  "charger-ocpp",
  "commands",
  "log",
  "standards",
  "simulators",
]);
/** OCPP's words and the codes of sessions that need somebody. */
const RAW = new Set([...ocppWords(), ...Object.keys(FLAGS).filter((flag) => flag.includes("-"))]);
/** Words of OCPP that are English as well, and would stand alone. */
const ALONE = new Set(
  "Accepted Available Blocked Charging Expired Faulted Finishing Invalid Pending Preparing Rejected Reserved Unavailable"
    .split(" "),
);

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
      const raw: string[] = [];
      for (const [name, path] of PAGES.filter(([name]) => !TECHNICAL.has(name))) {
        await t.step(name, async () => {
          await goTo(page, path);
          await page.locator("h1").first().waitFor();
          await page.waitForFunction(() => !document.querySelector("main .busy"));
          const texts = await textsOn(page);
          found.push(...texts.filter(isEnglish).map((text) => `${name}: ${text}`));
          if (!EXPERT.has(name)) raw.push(...texts.flatMap(rawWords).map((word) => `${name}: ${word}`));
        });
      }
      await t.step("no English", () => assertEquals(found, []));
      await t.step("no word of OCPP outside Expert", () => assertEquals(raw, []));
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

/** Returns the texts of a page, code left out. */
async function textsOn(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (!parent?.closest("code, pre, script, noscript, style, textarea, body [lang]")) {
        found.push(walker.currentNode.textContent ?? "");
      }
    }
    return found;
  });
}

/** True for a text with two English words or more. */
function isEnglish(text: string): boolean {
  return new Set(text.toLowerCase().match(ENGLISH)).size >= 2;
}

function rawWords(text: string): string[] {
  if (ALONE.has(text.trim())) return [text.trim()];
  return (text.match(/[\w-]+/g) ?? []).filter((word) => RAW.has(word));
}
