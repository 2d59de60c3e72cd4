// Lists of many rows: only those in view are in the document.
import { assert, assertEquals } from "@std/assert";
import { faultsOf, goTo, type Steps, testSteps } from "./admin_page.ts";
import type { Page } from "./browser.ts";

const ROWS = 10_000;

const STEPS: Steps = {
  "10,000 sessions are few rows in the document, and their count is told": async ({ page, site }) => {
    const { body } = await site.test.rest("GET", "/ocpp/transactions/?limit=1");
    const transactions = Array.from({ length: ROWS }, (_, index) => ({
      ...body.transactions[0],
      state: "completed",
      transaction_id: idOf(index + 1),
      charger_id: index % 3 ? "TALLER" : "A charger with a name so long that its row is higher than others",
    }));
    await page.route(
      "**/ocpp/transactions/?*",
      (asked) => asked.fulfill({ json: { transactions, next: null } }),
    );
    await goTo(page, "sessions");
    await rowOf(page, 1).waitFor();
    assert(await page.locator("main tr").count() < 100);
    assertEquals(await page.locator("main table").getAttribute("aria-rowcount"), String(ROWS + 1));
    assertEquals(await faultsOf(page), []);
  },

  "scrolled anywhere, the rows in view are those of that place, without a gap": async ({ page }) => {
    for (const share of [0.5, 0.25, 0.75, 1]) {
      await page.evaluate((share) => scrollTo(0, share * document.documentElement.scrollHeight), share);
      const middle = await settled(page);
      if (share < 1) assert(Math.abs(middle / ROWS - share) < 0.1, `row ${middle} at ${share}`);
      assert(await page.locator("main tr").count() < 100);
    }
    await rowOf(page, ROWS).waitFor();
    assertEquals(await rowOf(page, ROWS).getAttribute("aria-rowindex"), String(ROWS + 1));
  },

  "Tab goes on through rows that were not in the document, and the focus is kept while the page scrolls":
    async (
      { page },
    ) => {
      await page.evaluate(() => scrollTo(0, 0));
      await rowOf(page, 1).getByRole("button").focus();
      for (let n = 0; n < 160; n++) await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => Number(document.activeElement?.closest("tr")?.ariaRowIndex));
      assertEquals(focused, 82); // a button and a link a row
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      await rowOf(page, ROWS).waitFor();
      assertEquals(
        await page.evaluate(() => Number(document.activeElement?.closest("tr")?.ariaRowIndex)),
        82,
      );
    },

  "a click beside a row's links opens it": async ({ page }) => {
    await rowOf(page, ROWS - 1).locator("td").nth(3).click();
    await page.locator("dialog h2", { hasText: `Session ${idOf(ROWS - 1)}` }).waitFor();
    await page.keyboard.press("Escape");
  },

  "paper has all rows": async ({ page }) => {
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assertEquals(await page.locator("main tbody tr").count(), ROWS);
  },
};

testSteps("a list of 10,000 rows is light, and whole for keyboards, screen readers and paper", STEPS);

/** Returns the id of the session in a row; the newest is the first. */
function idOf(row: number): number {
  return 900_000 - row;
}

function rowOf(page: Page, row: number) {
  return page.locator("main tbody tr", {
    has: page.getByRole("button", { name: String(idOf(row)), exact: true }),
  });
}

/** Waits until the middle of the screen is a row; returns its number. */
async function settled(page: Page): Promise<number> {
  const found = await page.waitForFunction(() => {
    const row = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("tr");
    return row?.ariaRowIndex ? Number(row.ariaRowIndex) - 1 : 0;
  });
  return await found.jsonValue();
}
