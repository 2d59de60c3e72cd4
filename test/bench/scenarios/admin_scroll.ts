// The admin's list of 10,000 sessions as it scrolls: frames a second, also on a processor six times slower.
import { goTo, logIn } from "../../e2e/admin_page.ts";
import { openBrowser, type Page } from "../../e2e/browser.ts";
import { startSessions } from "../../e2e/page_vitals.ts";
import { connectFleet } from "../../e2e/charging_fleet.ts";
import { startTestGateway } from "../../kit/gateway.ts";
import type { Bench } from "../bench.ts";

const ROWS = 10_000;
const SECONDS = 5;
/** CSS pixels a second: two screens. */
const SPEED = 1800;

/** Frames a second while the page scrolls. */
export async function adminScroll({ report, quick }: Bench): Promise<void> {
  report.title("admin_scroll: a list of 10,000 sessions that scrolls two screens a second");
  await using test = await startTestGateway();
  const clients = await connectFleet(test.ws_url, 1);
  await startSessions(clients, 0);
  const { transactions: [one] } = (await test.rest("GET", "/ocpp/transactions/?limit=1")).body;
  const transactions = Array.from({ length: ROWS }, (_, n) => ({ ...one, transaction_id: ROWS - n }));
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await logIn(page, test.url);
    const json = { transactions, next: null };
    await page.route("**/ocpp/transactions/?*limit=100*", (asked) => asked.fulfill({ json }));
    await goTo(page, "sessions");
    await page.locator("tbody tr").nth(9).waitFor();
    const cdp = await page.context().newCDPSession(page);
    for (const [rate, at_least] of [[1, 55], [6, 30]] as const) {
      await cdp.send("Emulation.setCPUThrottlingRate", { rate });
      const frames = await framesOf(page, quick ? 1 : SECONDS);
      const name = rate === 1 ? "frames a second" : `frames a second, processor slowed ${rate} times`;
      report.figure(name, frames, { at_least }, { unit: "", decimals: 1 });
    }
  } finally {
    await browser.close();
    await Promise.all(clients.map((client) => client.close()));
  }
}

/** Scrolls from the top; returns the frames a second. */
async function framesOf(page: Page, seconds: number): Promise<number> {
  return await page.evaluate(([seconds, speed]) =>
    new Promise<number>((resolve) => {
      scrollTo(0, 0);
      let frames = 0;
      const begun = performance.now();
      const frame = () => {
        const ms = performance.now() - begun;
        if (ms > seconds! * 1000) return resolve(frames * 1000 / ms);
        frames++;
        scrollTo(0, ms * speed! / 1000);
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    }), [seconds, SPEED]);
}
