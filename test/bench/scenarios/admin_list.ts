// The admin's list of 200 chargers while they report 50 times a second: the longest task of the page's thread.
import { goTo, logIn } from "../../e2e/admin_page.ts";
import { openBrowser, type Page } from "../../e2e/browser.ts";
import { connectFleet, reportPower } from "../../e2e/charging_fleet.ts";
import { startTestGateway } from "../../kit/gateway.ts";
import type { Bench } from "../bench.ts";

const CHARGERS = 200;
const UPDATES_A_SECOND = 50;
const SECONDS = 5;

/** The longest task in a real browser. */
export async function adminList({ report, quick }: Bench): Promise<void> {
  report.title("admin_list: 200 chargers in the browser, 50 reports a second");
  await using test = await startTestGateway();
  const clients = await connectFleet(test.ws_url, CHARGERS);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await logIn(page, test.url);
    await goTo(page, "chargers");
    await page.locator("tbody tr").nth(9).waitFor();
    await page.waitForTimeout(1500); // loading is not measured
    await page.evaluate(watchLongTasks);
    for (let round = 0; round < (quick ? 1 : SECONDS) * 10; round++) {
      for (let n = 0; n < UPDATES_A_SECOND / 10; n++) {
        reportPower(clients[(round * 5 + n) % CHARGERS]!, 1000 + round * 37);
      }
      await page.waitForTimeout(100);
    }
    report.figure("longest task of the list", await longestTask(page), { at_most: 100 }, { unit: "ms" });
  } finally {
    await browser.close();
    await Promise.all(clients.map((client) => client.close()));
  }
}

function longestTask(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, ...(window as unknown as { tasks: number[] }).tasks));
}

/** Runs in the page. */
function watchLongTasks(): void {
  const tasks: number[] = [];
  (window as unknown as { tasks: number[] }).tasks = tasks;
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask" });
}
