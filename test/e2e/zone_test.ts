// The admin in a browser whose time zone is not the site's.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { startTestGateway } from "../kit/gateway.ts";
import { transactionWith } from "../kit/transaction.ts";
import { goTo, logIn } from "./admin_page.ts";
import { openBrowser, type Page } from "./browser.ts";

const STARTS = [
  "2026-09-30T21:59:59.999Z", // the last millisecond of September in Madrid
  "2026-10-24T21:59:59.999Z",
  "2026-10-25T22:30:00.000Z", // 23:30 on the day with 25 hours
  "2026-10-25T23:00:00.000Z",
  "2026-10-31T22:59:59.999Z", // the last millisecond of October
];

Deno.test({
  name:
    "the admin shows and filters by the days of the site's zone, not of the browser's, and names the zone",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn() {
    await using site = await startTestGateway({ settings: { time_zone: "Europe/Madrid" } });
    const { transactions, chargers } = site.gateway.services.store;
    for (const [index, start_time] of STARTS.entries()) {
      await transactions.add(transactionWith({ transaction_id: index + 1, start_time }));
    }
    await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
    assertEquals(chargers.get("CP1")?.simulated, false);
    await transactions.add(
      transactionWith({ transaction_id: 6, start_time: "2026-10-25T12:00:00.000Z", simulated: true }),
    );
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ locale: "en-GB", timezoneId: "Asia/Tokyo" });
      page.setDefaultTimeout(15_000);
      await logIn(page, site.url);
      await checkSessions(page);
      await checkReport(page);
      await checkExpiry(page, async () => (await site.rest("GET", "/ocpp/rfids/04A1/")).body.expires_at);
    } finally {
      await browser.close();
    }
  },
});

async function checkSessions(page: Page): Promise<void> {
  await goTo(page, "sessions");
  await page.getByText("Times are in Europe/Madrid").first().waitFor();
  await page.getByText("From – to").click();
  await page.getByLabel("From").fill("2026-10-25");
  await page.getByLabel("To").fill("2026-10-25");
  await page.getByTestId("totals").filter({ hasText: "1 session" }).waitFor();
  await page.locator("tbody tr").nth(1).waitFor({ state: "detached" });
  assertStringIncludes(await page.locator("tbody tr").innerText(), "25 Oct 2026, 23:30");
  await page.getByLabel("Include simulated").check();
  await page.getByTestId("totals").filter({ hasText: "2 sessions" }).waitFor();
  await page.getByLabel("Include simulated").uncheck();
  await page.getByTestId("totals").filter({ hasText: "1 session" }).waitFor();
}

async function checkReport(page: Page): Promise<void> {
  await goTo(page, "report");
  await page.waitForURL(/sessions\?period=month&group=holder$/);
  await page.getByText("Europe/Madrid").first().waitFor();
  await page.getByRole("button", { name: "Month", exact: true }).click();
  await page.getByLabel("Month").fill("2026-10");
  await page.getByRole("heading", { name: "Sessions by holder · October 2026" }).waitFor();
  const total = page.locator("tfoot td.num").first();
  await total.filter({ hasText: /^4$/ }).waitFor();
  await page.getByLabel("Month").fill("2026-09");
  await total.filter({ hasText: /^1$/ }).waitFor();
}

async function checkExpiry(page: Page, stored: () => Promise<string | null>): Promise<void> {
  await goTo(page, "rfids");
  await page.getByRole("button", { name: "Add card" }).first().click();
  await page.locator("dialog input[name=rfid]").fill("04A1");
  await page.locator("dialog input[name=expires_at]").fill("2026-12-24T18:00");
  await page.locator("dialog button[type=submit]").click();
  await page.locator("tbody tr", { hasText: "24 Dec 2026, 18:00" }).waitFor();
  assertEquals(await stored(), "2026-12-24T17:00:00.000Z");
}
