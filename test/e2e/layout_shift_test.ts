// Pages of a large site that keep still while they load.
import { assert } from "@std/assert";
import { startTestGateway } from "../kit/gateway.ts";
import { openBrowser } from "./browser.ts";
import { connectFleet } from "./charging_fleet.ts";
import { startSessions, vitalsOf } from "./page_vitals.ts";

const CHARGERS = 200;
const SECOND_SESSIONS = 100;
const MOST = 0.05;

Deno.test({
  name: "nothing jumps while Home, chargers, sessions and people of a site with 200 chargers are loaded",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn(t) {
    await using test = await startTestGateway();
    const clients = await connectFleet(test.ws_url, CHARGERS);
    await startSessions(clients, SECOND_SESSIONS);
    for (const client of clients.slice(0, 5)) { // something that needs somebody
      await client.call("StatusNotification", {
        connectorId: 2,
        errorCode: "GroundFailure",
        status: "Faulted",
      });
    }
    const browser = await openBrowser();
    try {
      for (const path of ["", "chargers", "sessions", "rfids"]) {
        for (const width of [390, 1440]) {
          await t.step(`/admin/${path}, ${width} px`, async () => {
            const { cls, moved } = await vitalsOf(browser, test, { path, width, slowdown: 1, ms: 2500 });
            assert(cls <= MOST, `${cls.toFixed(3)}\n${moved.join("\n")}`);
          });
        }
      }
    } finally {
      await browser.close();
      await Promise.all(clients.map((client) => client.close()));
    }
  },
});
