// Dialogs say themselves what went wrong, and messages of what was done can take it back.
import { assertEquals } from "@std/assert";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { goTo, logIn } from "./admin_page.ts";
import { openBrowser, type Page } from "./browser.ts";

interface Site {
  page: Page;
  test: TestGateway;
}

const STEPS: Record<string, (site: Site) => Promise<void>> = {
  "a refusal stands at the field that it names, which has the focus": async ({ page }) => {
    await goTo(page, "users");
    await page.getByRole("button", { name: "Add user" }).first().click();
    await page.locator("dialog input[name=name]").fill("eva");
    await page.locator("dialog input[name=password]").fill("short");
    await page.locator("dialog button[type=submit]").click();
    const field = page.locator("dialog .field", { has: page.locator("input[name=password]") });
    await field.getByRole("alert").waitFor();
    assertEquals(await page.evaluate(() => document.activeElement?.getAttribute("name")), "password");
    assertEquals(await page.locator(".toast").count(), 0);
    await page.keyboard.press("Escape");
  },
  "a refusal that names no field stands above the button": async ({ page }) => {
    await goTo(page, "rfids");
    await page.getByRole("button", { name: "Add card" }).first().click();
    await page.locator("dialog input[name=rfid]").fill("04A1B2C3");
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog [role=alert]").filter({ hasText: "04A1B2C3" }).waitFor();
    assertEquals(await page.locator(".toast").count(), 0);
    await page.keyboard.press("Escape");
  },
  "blocking a card can be taken back": async ({ page, test }) => {
    await goTo(page, "rfids");
    await page.getByRole("button", { name: "Block" }).last().click();
    const told = page.locator(".toasts:popover-open .toast", { hasText: "is blocked" });
    await told.getByRole("button", { name: "Undo" }).click();
    await page.locator(".toast", { hasText: "Undone" }).last().waitFor();
    assertEquals((await test.rest("GET", "/ocpp/rfids/04A1B2C3/")).body.allowed, true);
  },
  "a form that somebody else has saved meanwhile says so, and saves when asked again": async (site) => {
    const { page, test } = site;
    await goTo(page, "rfids");
    await page.getByRole("button", { name: /04A1B2C3/ }).first().click();
    await test.rest("PATCH", "/ocpp/rfids/04A1B2C3/", { label: "Luis" });
    await page.locator("dialog input[name=label]").fill("Eva");
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog [role=alert]", { hasText: "Somebody else has saved this meanwhile" })
      .waitFor();
    assertEquals((await test.rest("GET", "/ocpp/rfids/04A1B2C3/")).body.label, "Luis");
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog").waitFor({ state: "detached" });
    assertEquals((await test.rest("GET", "/ocpp/rfids/04A1B2C3/")).body.label, "Eva");
  },
  "renaming a charger can be taken back": async ({ page, test }) => {
    await goTo(page, "chargers/CP1/settings");
    await page.locator("input[name=name]").fill("Patio");
    await page.locator("form", { has: page.locator("input[name=name]") }).getByRole("button", {
      name: "Save",
    }).click();
    await page.getByRole("heading", { name: "Patio" }).waitFor();
    await page.locator(".toast", { hasText: "Saved" }).last().getByRole("button", { name: "Undo" }).click();
    await page.getByRole("heading", { name: "Norte" }).waitFor();
    await page.waitForFunction(() =>
      document.querySelector<HTMLInputElement>("input[name=name]")?.value === "Norte"
    );
    assertEquals((await test.rest("GET", "/ocpp/chargers/CP1/")).body.name, "Norte");
  },
};

Deno.test({
  name: "dialogs tell their errors themselves, and what was done can be taken back",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn(t) {
    await using test = await startTestGateway();
    await test.rest("POST", "/ocpp/rfids/", { rfid: "04A1B2C3", label: "Ana" });
    await test.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", name: "Norte" });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en" });
      await logIn(page, test.url);
      for (const [name, step] of Object.entries(STEPS)) await t.step(name, () => step({ page, test }));
    } finally {
      await browser.close();
    }
  },
});
