// The admin hides forbidden actions: a viewer and an operator visit all pages, and no request of theirs is refused.
import { assertEquals } from "@std/assert";
import type { Role } from "../../src/store/store.ts";
import { PASSWORD } from "../kit/gateway.ts";
import { goTo, PAGES } from "./admin_page.ts";
import { openBrowser, type Page } from "./browser.ts";
import { type LivelySite, startLivelySite } from "./lively_site.ts";

const OPTIONS = { sanitizeOps: false, sanitizeResources: false }; // the browser's pipes close behind the test

/** Pages and tabs that a role must not see; who opens them by URL reads one sentence. */
const SENTENCE = "Your role does not allow this";
const FORBIDDEN = {
  viewer: [
    "waiting",
    "audit",
    "simulators",
    "users",
    "webhooks",
    "standards",
    "commands",
    "configuration",
  ],
  operator: ["simulators", "users", "webhooks"],
};

/** Buttons for admins only. */
const ADMINS =
  /^(Write another key|Save as standard|New standard|Apply|Upload|Remove|Send now|Create a backup|Use this browser|Add charger|Accept charger|Move markers|Support)/;
/** Buttons for operators and admins. */
const OPERATORS = [
  "Start charging",
  "Stop charging",
  "Unlock the connector",
  "Import CSV",
  "Block",
  "Close this session",
];

for (const role of ["viewer", "operator"] as const) {
  Deno.test({
    ...OPTIONS,
    name: `the admin shows a ${role} nothing that would be refused`,
    async fn() {
      await using site = await startLivelySite({ unknown_chargers: "pending" });
      await site.test.rest("POST", "/ocpp/users/", { name: role, role, password: PASSWORD });
      const browser = await openBrowser();
      try {
        const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en" });
        page.setDefaultTimeout(10_000);
        page.on("dialog", (dialog) => void dialog.dismiss());
        const { refused, changes } = watch(page);
        await logInAs(page, site, role);
        const links = page.locator("nav.side a.nav-link");
        await links.first().waitFor();
        for (let index = 0; index < await links.count(); index++) {
          await links.nth(index).click();
          await settled(page);
          assertEquals(await page.getByText(SENTENCE).count(), 0);
        }
        await goTo(page, "chargers/NORTE-1");
        const tabs = page.getByRole("tab");
        for (let index = 0; index < await tabs.count(); index++) {
          await tabs.nth(index).click();
          await settled(page);
          assertEquals(await page.getByText(SENTENCE).count(), 0);
        }
        const buttons: string[] = [];
        for (const [name, path] of PAGES) {
          await goTo(page, path);
          await settled(page);
          assertEquals(await page.getByText(SENTENCE).count() > 0, FORBIDDEN[role].includes(name), name);
          buttons.push(...await pressAll(page, path));
        }
        await goTo(page, "api");
        await page.locator("summary", { hasText: "DELETE/ocpp/chargers/{charger_id}/" }).first().click();
        await page.locator("details[open] form").waitFor();
        assertEquals(await page.locator("details[open] button").count(), 0);
        assertEquals(refused, []);
        assertEquals(buttons.filter((label) => ADMINS.test(label)), []);
        const missing = OPERATORS.filter((label) => !buttons.includes(label));
        assertEquals(missing, role === "viewer" ? OPERATORS : [], buttons.join(", "));
        assertEquals(changes.length > 0, role === "operator", changes.join(", "));
      } finally {
        await browser.close();
      }
    },
  });
}

/** Records the requests that are refused for the role, and those that change something. */
function watch(page: Page): { refused: string[]; changes: string[] } {
  const refused: string[] = [];
  const changes: string[] = [];
  page.on("response", (answer) => {
    const line = `${answer.request().method()} ${new URL(answer.url()).pathname}`;
    if (answer.status() === 403) refused.push(line);
    if (!/^(GET|HEAD) |\/login$/.test(line)) changes.push(line);
  });
  return { refused, changes };
}

async function logInAs(page: Page, { test }: LivelySite, role: Role): Promise<void> {
  await page.goto(`${test.url}/admin/`);
  await page.locator('input[name="user"]').fill(role);
  await page.locator('input[name="password"]').fill(PASSWORD);
  await page.locator('button[type="submit"]').click();
}

/** Waits until a page shows what it has loaded. */
async function settled(page: Page): Promise<void> {
  await page.locator("main h1, main .answer").first().waitFor();
  await page.waitForFunction(() => !document.querySelector("main > .busy, main .card > .busy"));
}

/** Presses one button of each name, sends the dialogs that open, and returns the names. */
async function pressAll(page: Page, path: string): Promise<string[]> {
  const names = new Set(await page.locator("main button:not([role=tab]):enabled").evaluateAll(namesOf));
  const more: string[] = [];
  for (const name of names) {
    const button = page.locator("main").getByRole("button", { name, exact: true, disabled: false }).first();
    if (!await button.count()) continue; // what was pressed before has taken it away
    await button.click();
    await painted(page);
    more.push(...await sendDialog(page));
    if (!page.url().endsWith(`/admin/${path}`)) await goTo(page, path);
    await settled(page);
  }
  return [...names, ...more];
}

/** A dialog that a click opens is there two frames later. */
async function painted(page: Page): Promise<void> {
  await page.evaluate(() =>
    new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))
  );
}

function namesOf(buttons: Element[]): string[] {
  return buttons.map((one) => (one.getAttribute("aria-label") ?? one.textContent ?? "").trim());
}

/** Fills the dialog that is open, sends it, closes it, and returns its buttons. */
async function sendDialog(page: Page): Promise<string[]> {
  const dialog = page.locator("dialog[open]");
  if (!await dialog.count()) return [];
  const names = await dialog.locator("button").evaluateAll(namesOf);
  const more = dialog.getByRole("button", { name: "Close this session" });
  if (await more.count()) await more.click();
  for (const input of await dialog.locator("input[required]:enabled").all()) {
    if (await input.inputValue() === "") await input.fill("x");
  }
  const send = dialog.locator("button[type=submit]:enabled");
  if (
    await send.count() && await dialog.locator("form").evaluate((one: HTMLFormElement) => one.checkValidity())
  ) {
    const answered = page.waitForResponse((answer) => answer.request().method() !== "GET");
    await send.click();
    await answered;
  }
  if (await dialog.count()) await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  return names;
}
