// The menu's sections, the pages' titles, and the way between them.
import { assert, assertEquals } from "@std/assert";
import { goTo, logIn, PAGES } from "./admin_page.ts";
import { openBrowser, type Page } from "./browser.ts";
import { startLivelySite } from "./lively_site.ts";

const OPTIONS = { sanitizeOps: false, sanitizeResources: false }; // the browser's pipes close behind the test

const SECTIONS = ["Home", "Chargers", "Sessions", "People & cards", "Activity", "Setup"];

const MOVED = {
  map: "chargers?view=map",
  "map/plan": "chargers?view=plan",
  events: "activity",
  audit: "activity/audit",
  log: "activity/messages",
};

Deno.test({
  ...OPTIONS,
  name: "the menu has six sections, and every page is reached from them by links",
  async fn(t) {
    await using site = await startLivelySite({ unknown_chargers: "pending" });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en" });
      page.setDefaultTimeout(10_000);
      await logIn(page, site.test.url);
      const menu = page.locator("nav.side a.nav-link");
      await t.step("the names", async () => {
        await menu.nth(SECTIONS.length - 1).waitFor();
        const names = (await menu.allTextContents()).map((text) => text.replace(/\d+$/, ""));
        assertEquals(names, SECTIONS);
      });
      await t.step("links lead to every page that has no charger", async () => {
        const found = new Set<string>();
        for (const name of SECTIONS.toReversed()) {
          await menu.filter({ hasText: name }).click();
          await heading(page);
          if (name === "Home") await page.getByTestId("month").waitFor(); // its figures are links
          for (const href of await hrefsOf(page)) found.add(href);
          const next = page.locator("nav.way a:not([aria-current])");
          for (const href of await next.evaluateAll((all) => all.map((one) => one.getAttribute("href")!))) {
            await goTo(page, href.replace("/admin/", ""));
            await heading(page);
            for (const inner of await hrefsOf(page)) found.add(inner);
          }
        }
        const wanted = PAGES.map(([, path]) =>
          /^(chargers|alerts)\//.test(path) ? path.split("/")[0]! : path
        );
        assertEquals(wanted.filter((path) => path !== "" && !found.has(`/admin/${path}`)), []);
      });
      await t.step("addresses of pages that are parts of others lead there", async () => {
        for (const [old, now] of Object.entries(MOVED)) {
          await goTo(page, old);
          await page.waitForURL(`**/admin/${now}`);
          await heading(page);
        }
      });
      await t.step("a page's title is its heading's, and the focus is there", async () => {
        const titles = new Set<string>();
        for (const path of ["chargers", "sessions", "rfids", "activity", "setup", "system", "users", ""]) {
          await goTo(page, path);
          const text = await heading(page);
          const title = await page.title();
          assert(title.startsWith(text) && title.endsWith("Torre Norte"), `${title}: ${text}`);
          titles.add(title);
        }
        assertEquals(titles.size, 8);
      });
      await t.step("a page of Setup leads back to its index", async () => {
        await goTo(page, "users");
        await page.locator("nav.way").getByRole("link", { name: "Setup" }).click();
        assertEquals(await heading(page), "Setup");
        assertEquals(await menu.and(page.locator("[aria-current]")).allTextContents(), ["Setup"]);
      });
      await t.step("chargers that wait are counted in the menu", async () => {
        const body = { charger_id: "NUEVO-1", registration: "Pending" };
        assertEquals((await site.test.rest("POST", "/ocpp/chargers/", body)).status, 201);
        await menu.filter({ hasText: "Chargers" }).locator(".count", { hasText: "1" }).waitFor();
      });
      await t.step("on a phone four sections and More", async () => {
        await page.setViewportSize({ width: 390, height: 800 });
        assertEquals(await page.locator("nav.tabbar > *").allTextContents(), [
          "Home",
          "Chargers",
          "Sessions",
          "People",
          "More",
        ]);
        await page.locator("nav.tabbar").getByRole("button", { name: "More" }).click();
        await page.locator("nav.side.open").getByRole("link", { name: "Activity" }).click();
        assertEquals(await heading(page), "Activity");
      });
    } finally {
      await browser.close();
    }
  },
});

/** Returns the text of the heading once it has the focus. */
async function heading(page: Page): Promise<string> {
  const focused = page.locator("main h1:focus");
  await focused.waitFor();
  await page.waitForFunction(() => !document.querySelector("main > .busy"));
  return (await focused.textContent())!.trim();
}

async function hrefsOf(page: Page): Promise<string[]> {
  return await page.locator("a[href]").evaluateAll((all) => all.map((one) => one.getAttribute("href")!));
}
