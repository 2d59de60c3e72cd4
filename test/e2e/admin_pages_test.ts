// Every page of the admin: fits a phone, no accessibility fault of any severity, no error.
import { assert, assertEquals } from "@std/assert";
import { faultsOf, goTo, logIn, PAGES } from "./admin_page.ts";
import { openBrowser } from "./browser.ts";
import { startLivelySite } from "./lively_site.ts";

const LOOKS = [
  { width: 1440, height: 900, colorScheme: "light", locale: "en" },
  { width: 360, height: 740, colorScheme: "dark", locale: "es-MX" },
] as const;

const OPTIONS = { sanitizeOps: false, sanitizeResources: false }; // the browser's pipes close behind the test

Deno.test({
  ...OPTIONS,
  name: "every page of the admin fits, is accessible and fails nowhere",
  async fn(t) {
    await using site = await startLivelySite();
    const browser = await openBrowser();
    try {
      for (const { width, height, ...look } of LOOKS) {
        const page = await browser.newPage({ viewport: { width, height }, reducedMotion: "reduce", ...look });
        const errors: string[] = [];
        page.on("pageerror", (error) => errors.push(String(error.stack)));
        page.on("console", (said) => /Content Security Policy/.test(said.text()) && errors.push(said.text()));
        await t.step(`log in, ${width} px, ${look.colorScheme}`, async () => {
          await page.goto(`${site.test.url}/admin/`);
          await page.locator('input[name="password"]').waitFor();
          assertEquals(await faultsOf(page), []);
          await logIn(page, site.test.url);
        });
        for (const [name, path] of PAGES) {
          await t.step(`${name}, ${width} px, ${look.colorScheme}`, async () => {
            await goTo(page, path);
            await page.locator("h1").first().waitFor();
            await page.waitForFunction(() => !document.querySelector("main > .busy"));
            const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert(wider <= 0, `${wider} px wider than the screen`);
            assertEquals(await faultsOf(page), []);
            assertEquals(errors, []);
          });
        }
        await page.close();
      }
    } finally {
      await browser.close();
    }
  },
});
