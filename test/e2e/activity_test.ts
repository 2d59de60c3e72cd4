// Activity: one log with filters that the address keeps, whose lines lead to what they are about; availability by month.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { faultsOf, goTo, type Steps, testSteps } from "./admin_page.ts";
import type { Page } from "./browser.ts";
import { eventually } from "../kit/eventually.ts";

const STEPS: Steps = {
  "the log is filtered by part of a charger's name, and the address keeps it": async ({ page }) => {
    await goTo(page, "activity");
    await page.getByLabel("Charger").fill("taller");
    await page.keyboard.press("Enter");
    await page.waitForURL(/charger=taller/);
    await eventually(async () => (await chargersIn(page)).join() === "Taller");
    await page.getByRole("button", { name: "Chargers", exact: true }).click();
    await page.getByText("Fault: ground fault").waitFor();
    await page.reload();
    await page.getByText("Fault: ground fault").waitFor();
    await eventually(async () => (await chargersIn(page)).join() === "Taller");
    assertEquals(new URL(page.url()).search, "?group=chargers&charger=taller");
  },

  "what happens meanwhile appears": async ({ page, site }) => {
    site.simulators.get("TALLER")!.fault(1, { error_code: "OverVoltage" } as never);
    await page.getByText("Fault: overvoltage").waitFor();
  },

  "a line leads to its session": async ({ page }) => {
    await goTo(page, "activity?group=sessions");
    await page.getByRole("link", { name: /^Session \d+ started/ }).first().click();
    await page.waitForURL(/sessions\?id=\d+/);
    await page.locator("dialog h2", { hasText: /^Session \d+/ }).waitFor();
    await page.keyboard.press("Escape");
  },

  "a change leads to what was changed, in the log and in the audit": async ({ page, site }) => {
    await site.test.rest("PATCH", "/ocpp/chargers/VISITAS/", { name: "Visitas" });
    await goTo(page, "activity?group=changes");
    const line = page.getByRole("link", { name: "Charger VISITAS changed" });
    assertEquals(await line.first().getAttribute("href"), "/admin/chargers/VISITAS");
    await page.getByRole("link", { name: "Audit" }).click();
    await page.waitForURL(/activity\/audit$/);
    await page.getByLabel("Object").selectOption({ label: "Charger" });
    await page.locator("tbody tr", { hasText: "Card 04A1B2C3D4" }).waitFor({ state: "detached" });
    await page.getByLabel("Period").selectOption({ label: "Last 7 days" });
    assertEquals(new URL(page.url()).search, "?kind=charger&period=week");
    await page.reload();
    assertEquals(await page.getByLabel("Period").inputValue(), "week");
    await page.getByRole("link", { name: "charger VISITAS" }).first().click();
    await page.waitForURL(/chargers\/VISITAS$/);
  },

  "a charger's history keeps in its address which lines it shows": async ({ page }) => {
    await goTo(page, "chargers/NORTE-1/history?period=week");
    const events = page.getByRole("button", { name: "Events", exact: true });
    await events.click();
    await page.waitForURL(/period=week&lines=events/);
    await page.reload();
    await events.and(page.locator("[aria-pressed=true]")).waitFor();
  },

  "availability by month, the least available first, as CSV too": async ({ page }) => {
    await goTo(page, "activity/availability");
    const rows = page.locator("tbody tr");
    await rows.nth(4).waitFor();
    const shares = (await rows.locator("td:nth-child(2)").allInnerTexts()).map(parseFloat);
    assertEquals(shares, shares.toSorted((a, b) => (isNaN(a) ? 999 : a) - (isNaN(b) ? 999 : b)));
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export CSV" }).click(),
    ]);
    assertMatch(saved.suggestedFilename(), /^availability-\d{4}-\d\d\.csv$/);
    const path = await Deno.makeTempFile();
    await saved.saveAs(path);
    const text = await Deno.readTextFile(path);
    await Deno.remove(path);
    assert(text.includes("uptime") && text.includes("Patio norte 1"), text);
    assertEquals(await faultsOf(page), []);
    await page.getByLabel("Month").fill("2020-01");
    await page.getByText("Nothing is known of this month.").waitFor();
    assertEquals(new URL(page.url()).search, "?month=2020-01");
  },
};

testSteps("Activity is one log that leads to everything", STEPS);

/** Returns the chargers of the shown lines. */
async function chargersIn(page: Page): Promise<string[]> {
  return [...new Set(await page.locator("tbody td:nth-child(3) a").allInnerTexts())];
}
