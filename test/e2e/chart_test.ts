// The chart of a charger in a real browser.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { faultsOf, goTo, logIn } from "./admin_page.ts";
import { type Browser, openBrowser, type Page } from "./browser.ts";
import { addChargingDay, DIARY } from "./charging_day.ts";
import { startLivelySite } from "./lively_site.ts";

const PAGE = `chargers/${DIARY}/charts`;

Deno.test({
  name: "a charger's chart shows a range, and the same as a table",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn(t) {
    await using site = await startLivelySite({ time_zone: "Europe/Madrid" });
    await addChargingDay(site.test);
    const browser = await openBrowser();
    try {
      const page = await openPage(browser, site.test.url);
      for (const [name, step] of Object.entries(STEPS)) await t.step(name, () => step(page));
    } finally {
      await browser.close();
    }
  },
});

async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 900 },
    locale: "en",
    timezoneId: "America/Monterrey",
  });
  page.setDefaultTimeout(15_000);
  page.on("pageerror", (error) => console.error(error.stack));
  await logIn(page, url);
  return page;
}

const STEPS: Record<string, (page: Page) => Promise<void>> = {
  "the table has the curves' values in kW, and the holders of the sessions": async (page) => {
    const from = new Date(Date.now() - 24 * 3_600_000).toISOString();
    const query = new URLSearchParams({ period: "custom", from, to: new Date().toISOString() });
    await goTo(page, `${PAGE}?${query}`);
    await page.locator('[data-testid="chart"] canvas').waitFor();
    await page.getByText("Show as table").click();
    const table = await page.getByTestId("chart-table").innerText();
    assertMatch(table, /Connector 1\s+Connector 2\s+Limit\n/);
    assertMatch(table, /\b10\.\d\d kW/);
    assertStringIncludes(table, "11.04 kW");
    const sessions = await page.locator(".chart-tables table").first().innerText();
    for (const holder of ["Ana Garza", "Luis Treviño", "Flotilla 12"]) assertStringIncludes(sessions, holder);
  },

  "the pointer tells the time, each series and the session": async (page) => {
    const box = (await page.locator('[data-testid="chart"] .chart-over').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.78, box.y + 80);
    const tip = await page.locator(".chart-tip").innerText();
    assertStringIncludes(tip, "Flotilla 12");
    assertMatch(tip, /Connector 1 [\d.]+ kW/);
  },

  "a drag shows a part, in the address too": async (page) => {
    const box = (await page.locator('[data-testid="chart"] .chart-over').boundingBox())!;
    const before = new URL(page.url()).searchParams;
    await page.mouse.move(box.x + box.width * 0.25, box.y + 80);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 90, { steps: 6 });
    await page.mouse.up();
    await page.waitForURL((url) => url.searchParams.get("from") !== before.get("from"));
    const after = new URL(page.url()).searchParams;
    const span = Date.parse(after.get("to")!) - Date.parse(after.get("from")!);
    assert(span > 5.5 * 3_600_000 && span < 6.5 * 3_600_000, `${span / 3_600_000} h`);
  },

  "weeks, months and years have a bar for each day of the site's zone": async (page) => {
    await page.getByRole("button", { name: "Month", exact: true }).click();
    await page.waitForURL(/period=month/);
    await page.locator('[data-testid="chart"] canvas').waitFor();
    await page.locator("figure figcaption", { hasText: /^Energy, .*: maximum [\d.]+ kWh/ }).waitFor();
    for (const [name, days] of [["Week", 7], ["Year", 365]] as const) {
      const asked = page.waitForResponse((answer) => /energy\/.*by=/.test(answer.url()));
      await page.getByRole("button", { name, exact: true }).click();
      const url = new URL((await asked).url());
      assertEquals(url.searchParams.get("by"), "day");
      const span = Date.parse(url.searchParams.get("to")!) - Date.parse(url.searchParams.get("from")!);
      assertEquals(Math.round(span / 86_400_000), days);
      const { hour } = Temporal.Instant.from(url.searchParams.get("from")!).toZonedDateTimeISO(
        "Europe/Madrid",
      );
      assertEquals(hour, 0);
    }
  },

  "a chart that reaches the present follows what the charger reports": async (page) => {
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const to = new Date(Date.now() + 3_600_000).toISOString();
    await goTo(page, `chargers/NORTE-1/charts?${new URLSearchParams({ period: "custom", from, to })}`);
    await page.locator('[data-testid="chart"] canvas').waitFor();
    const again = await page.waitForResponse((answer) =>
      /NORTE-1\/readings\/.*Power\.Active/.test(answer.url())
    );
    assertEquals(again.status(), 200);
    await page.locator('[data-testid="chart"] canvas').waitFor();
    await goTo(page, PAGE);
  },

  "nothing of it keeps anybody out": async (page) => {
    await page.getByRole("button", { name: "Week", exact: true }).click();
    await page.locator('[data-testid="chart"] canvas').waitFor();
    assertEquals(await faultsOf(page), []);
  },
};
