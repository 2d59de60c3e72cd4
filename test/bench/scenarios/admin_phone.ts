// The admin on a phone six times slower than this machine: 200 chargers, 300 running sessions, 20 reports a second.
import { openBrowser } from "../../e2e/browser.ts";
import { connectFleet, reportPower } from "../../e2e/charging_fleet.ts";
import { startSessions, vitalsOf } from "../../e2e/page_vitals.ts";
import { startTestGateway } from "../../kit/gateway.ts";
import type { Bench } from "../bench.ts";

const CHARGERS = 200;
const SECOND_SESSIONS = 100;
const SLOWDOWN = 6;
const WATCHED_MS = 9000;
const PAGES = { Home: "", Chargers: "chargers", Sessions: "sessions", People: "rfids" };

/** Paint, blocking, layout shift and bytes of the pages that a phone opens most. */
export async function adminPhone({ report, quick }: Bench): Promise<void> {
  report.title("admin_phone: 390 px, processor slowed 6 times, 200 chargers, 300 sessions");
  await using test = await startTestGateway();
  const clients = await connectFleet(test.ws_url, CHARGERS);
  await startSessions(clients, SECOND_SESSIONS);
  let n = 0;
  const reports = setInterval(() => reportPower(clients[n++ % CHARGERS]!, 3000 + n % 4000), 50);
  const browser = await openBrowser();
  try {
    for (const [name, path] of Object.entries(PAGES).slice(0, quick ? 1 : 4)) {
      const found = await vitalsOf(browser, test, { path, slowdown: SLOWDOWN, ms: WATCHED_MS });
      report.figure(`${name}: largest paint`, found.lcp, { at_most: 900 }, { unit: "ms" });
      report.figure(`${name}: blocked`, found.tbt, { at_most: 600 }, { unit: "ms" });
      report.figure(`${name}: layout shift`, found.cls, { at_most: 0.05 }, { unit: "", decimals: 3 });
      report.figure(`${name}: data in 9 s`, found.data / 1000, { at_most: 150 }, { unit: "kB" });
      for (const moved of found.moved.slice(0, 5)) report.note(moved);
    }
  } finally {
    clearInterval(reports);
    await browser.close();
    await Promise.all(clients.map((client) => client.close()));
  }
}
