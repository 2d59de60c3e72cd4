// The search in everything, by the keyboard alone.
import { assert, assertEquals } from "@std/assert";
import { faultsOf, testAdmin } from "./admin_page.ts";
import type { Page } from "./browser.ts";

/** The typed text, the option that is chosen, and the address then. */
const FINDS: [typed: string, option: string, address: RegExp][] = [
  ["norte 2", "Patio norte 2", /\/admin\/chargers\/NORTE-2$/],
  ["trevino", "Luis Treviño", /\/admin\/rfids\?find=Luis/],
  ["0411223344", "0411223344", /\/admin\/rfids\?find=0411223344$/],
  ["1", "Session 1", /\/admin\/sessions\?id=1$/],
  ["floor", "Floor plan", /\/admin\/chargers\?view=plan$/],
  ["availab", "Availability", /\/admin\/activity\/availability$/],
  ["backups", "Backups", /\/admin\/system$/],
  ["report by", "Monthly report by holder", /\/admin\/sessions\?period=month&group=holder$/],
];

testAdmin(
  "Ctrl K finds chargers, people, cards, sessions, pages and actions by the keyboard alone",
  async ({ page }, t) => {
    await page.locator(".kpis").waitFor();
    for (const [typed, option, address] of FINDS) {
      await t.step(option, async () => {
        await page.keyboard.press("Control+k");
        await activeOption(page, typed, option);
        await page.keyboard.press("Enter");
        await page.waitForURL(address);
        await page.locator("dialog.finder").waitFor({ state: "detached" });
        if (option !== "Session 1") return;
        await page.locator("dialog", { hasText: option }).waitFor();
        await page.keyboard.press("Escape");
      });
    }
    await t.step("the arrows choose, and the input names the chosen option", async () => {
      await page.keyboard.press("Control+k");
      await activeOption(page, "norte", "Patio norte 1");
      await page.keyboard.press("ArrowDown");
      await page.locator("#found [aria-selected=true]", { hasText: "Patio norte 2" }).waitFor();
      const active = await page.locator("dialog.finder").getByRole("combobox").getAttribute(
        "aria-activedescendant",
      );
      assertEquals(await page.locator(`#${active} b`).textContent(), "Patio norte 2");
      assertEquals(await faultsOf(page), []);
      await page.keyboard.press("Escape");
      await page.locator("dialog.finder").waitFor({ state: "detached" });
    });
    await t.step("a charger's command is sent from its dialog", async () => {
      await page.keyboard.press("Meta+k");
      await activeOption(page, "request norte 1", "Request a message · Patio norte 1");
      await page.keyboard.press("Enter");
      await page.locator("dialog", { hasText: "Request a message · Patio norte 1" }).waitFor();
      await page.locator("dialog button[type=submit]").press("Enter");
      await page.getByTestId("answer").waitFor();
      await page.keyboard.press("Escape");
    });
    await t.step("on a phone it is in More", async () => {
      await page.setViewportSize({ width: 390, height: 800 });
      await page.locator("nav.tabbar").getByRole("button", { name: "More" }).click();
      await page.getByRole("button", { name: "Search" }).click();
      await page.locator("dialog.finder").getByRole("combobox").fill("nothing that there is");
      await page.getByText("Nothing matches “nothing that there is”.").waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert(wide <= 390, `${wide} px`);
    });
  },
);

async function activeOption(page: Page, typed: string, option: string): Promise<void> {
  await page.locator("dialog.finder").getByRole("combobox").fill(typed);
  const active = page.locator("#found [aria-selected=true]");
  await active.filter({ has: page.getByText(option, { exact: true }) }).waitFor();
}
