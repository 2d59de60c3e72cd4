// The admin in a real browser, with simulators as chargers.
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { Buffer } from "node:buffer";
import type { Browser, Locator, Page } from "./browser.ts";
import { goTo, logIn } from "./admin_page.ts";
import { openBrowser } from "./browser.ts";
import { charge, type LivelySite, startLivelySite } from "./lively_site.ts";

interface Stage {
  page: Page;
  site: LivelySite;
  browser: Browser;
}

const WIDE = { width: 1440, height: 900 };

Deno.test({
  name: "the admin runs a site",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn(t) {
    await using site = await startLivelySite();
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: WIDE, locale: "en", timezoneId: "America/Monterrey" });
      page.setDefaultTimeout(15_000);
      const foreign: string[] = [];
      const errors: string[] = [];
      page.on("request", (request) => request.url().startsWith(site.test.url) || foreign.push(request.url()));
      page.on("pageerror", (error) => errors.push(String(error.stack)));
      await logIn(page, site.test.url);
      const stage = { page, site, browser };
      for (const [name, step] of Object.entries(STEPS)) await t.step(name, () => step(stage));
      assertEquals(foreign.filter((url) => !/^(data|blob):/.test(url)), []);
      assertEquals(errors, []);
    } finally {
      await browser.close();
    }
  },
});

const STEPS: Record<string, (stage: Stage) => Promise<void>> = {
  "a session that begins at a charger appears without reload": async ({ page, site }) => {
    const rows = page.locator("tbody tr", { hasText: "Patio norte 2" });
    assertEquals(await rows.count(), 0);
    await charge(site.simulators.get("NORTE-2")!, "04D4E5F607");
    await rows.first().waitFor();
    await rows.locator("text=/[1-9][0-9.]* kW$/").first().waitFor();
  },

  "stop and start from the charger page, with what the charger answered": async ({ page, site }) => {
    await goTo(page, "chargers/NORTE-2");
    await page.getByRole("button", { name: "Stop charging" }).click();
    await page.locator("dialog button[type=submit]").click();
    await page.getByTestId("answer").filter({ hasText: "Accepted" }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".connector", { hasText: "Finishing" }).waitFor();
    site.simulators.get("NORTE-2")!.unplug(1);
    site.simulators.get("NORTE-2")!.plugIn(1);
    await page.getByRole("button", { name: "Start charging" }).click();
    await page.locator("dialog select[name=card]").selectOption("04A1B2C3D4");
    await page.locator("dialog button[type=submit]").click();
    await page.getByTestId("answer").filter({ hasText: "Accepted" }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".connector", { hasText: "04A1B2C3D4" }).waitFor();
  },

  "any OCPP action from a form made of its schema": async ({ page }) => {
    await goTo(page, "chargers/NORTE-2/commands");
    await page.locator("select").first().selectOption("trigger_message");
    await page.getByLabel("requestedMessage").selectOption("Heartbeat");
    await page.getByRole("button", { name: "Send trigger_message" }).click();
    await page.getByTestId("answer").filter({ hasText: "Accepted" }).waitFor();
    await goTo(page, "chargers/NORTE-2/messages");
    await page.locator(".msg", { hasText: "TriggerMessage" }).filter({ hasText: "Accepted" }).first()
      .waitFor();
  },

  "a configuration key is changed in the charger": async ({ page, site }) => {
    await goTo(page, "chargers/NORTE-2/configuration");
    await page.getByRole("button", { name: "Change HeartbeatInterval" }).click();
    await page.locator("dialog input[name=value]").fill("77");
    await page.locator("dialog button[type=submit]").click();
    await page.locator("tr", { hasText: "HeartbeatInterval" }).filter({ hasText: "77" }).waitFor();
    const answer = await site.test.rest("POST", "/ocpp/chargers/NORTE-2/action/", {
      action: "get_configuration",
      payload: { key: ["HeartbeatInterval"] },
    });
    assertEquals(answer.body.response.configurationKey[0].value, "77");
  },

  "readings are drawn": async ({ page }) => {
    await goTo(page, "chargers/NORTE-1/charts");
    await page.locator('[data-testid="chart"] canvas').waitFor();
  },

  "a marker that is dragged keeps its place": async ({ page, site }) => {
    const before = (await site.test.rest("GET", "/ocpp/chargers/TALLER/")).body;
    await goTo(page, "map");
    await page.getByRole("button", { name: "Move markers" }).click();
    const box = await placeOf(page.locator('[data-id="TALLER"] .pin'));
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 90, box.y + 70, { steps: 8 });
    await page.mouse.up();
    await page.getByText("Taller: location saved").waitFor();
    await page.reload();
    await page.locator('[data-id="TALLER"] .pin').waitFor();
    const after = (await site.test.rest("GET", "/ocpp/chargers/TALLER/")).body;
    assertNotEquals(after.latitude, before.latitude);
    assertNotEquals(after.longitude, before.longitude);
    await page.getByText(`${after.latitude.toFixed(5)}, ${after.longitude.toFixed(5)}`).waitFor();
  },

  "a click on the map puts a charger that has no place": async ({ page, site }) => {
    await page.getByRole("button", { name: "Move markers" }).click();
    await page.getByRole("button", { name: "Place TALLER" }).click(); // what has no place was chosen already
    await page.getByRole("button", { name: "Place VISITAS" }).click();
    await page.getByTestId("map").click({ position: { x: 300, y: 400 } });
    await page.getByText("Visitas: location saved").waitFor();
    assertEquals(typeof (await site.test.rest("GET", "/ocpp/chargers/VISITAS/")).body.latitude, "number");
  },

  "the map without Internet shows places and a grid from the street to the world": async ({ page }) => {
    await page.locator(".map-city", { hasText: /km$/ }).first().waitFor();
    const out = page.locator(".leaflet-control-zoom-out:not(.leaflet-disabled)");
    while (await out.count() > 0) {
      await out.click();
      await page.waitForTimeout(300); // it glides
    }
    await page.locator(".map-city", { hasText: "Los Angeles" }).first().waitFor();
    await page.locator(".map-city", { hasText: "° W" }).first().waitFor();
  },

  "a card is enrolled by tapping it": async ({ page, site }) => {
    await goTo(page, "rfids");
    await page.getByRole("button", { name: "Tap to enrol" }).click();
    await page.locator("dialog select").selectOption("NORTE-1");
    void site.simulators.get("NORTE-1")!.presentTag("04NEWCARD1", 2);
    await page.locator("dialog input[name=rfid]").waitFor();
    assertEquals(await page.locator("dialog input[name=rfid]").inputValue(), "04NEWCARD1");
    await page.locator("dialog input[name=label]").fill("Nueva");
    await page.locator("dialog button[type=submit]").click();
    await page.locator("tr", { hasText: "04NEWCARD1" }).filter({ hasText: "Nueva" }).waitFor();
    assertEquals((await site.test.rest("GET", "/ocpp/rfids/04NEWCARD1/")).body.label, "Nueva");
  },

  "a CSV is imported after a preview": async ({ page, site }) => {
    await page.getByRole("button", { name: "Import CSV" }).click();
    const buffer = Buffer.from(
      "rfid,label,allowed\n04CSV00001,Uno,true\n04A1B2C3D4,Ana G.,true\n",
    );
    await page.locator('dialog input[type="file"]').setInputFiles({
      name: "tags.csv",
      mimeType: "text/csv",
      buffer,
    });
    await page.getByText("New: 1").waitFor();
    await page.getByText("Changed: 1").waitFor();
    assertEquals((await site.test.rest("GET", "/ocpp/rfids/04CSV00001/")).status, 404);
    await page.locator("dialog button[type=submit]").click();
    await page.locator("tr", { hasText: "04CSV00001" }).waitFor();
    assertEquals((await site.test.rest("GET", "/ocpp/rfids/04A1B2C3D4/")).body.label, "Ana G.");
  },

  "a stuck session is closed with a reason": async ({ page, site }) => {
    await goTo(page, "sessions?state=active");
    const row = page.locator("tbody tr", { hasText: "Estacionamiento sur" });
    await row.getByRole("button").first().click();
    await page.getByRole("button", { name: "Close this session" }).click();
    await page.locator("dialog input[name=reason]").fill("Prueba");
    await page.locator("dialog button[type=submit]").click();
    await page.getByText(/Session \d+ is closed/).waitFor();
    const { transactions } = (await site.test.rest("GET", "/ocpp/transactions/?charger_id=SUR-1")).body;
    assertEquals([transactions[0].state, transactions[0].closed_by], ["completed", "Prueba"]);
  },

  "settings, users and a token": async ({ page, site }) => {
    await goTo(page, "settings");
    await page.locator('input[name="heartbeat_interval"]').fill("123");
    await page.locator("form", { has: page.locator('input[name="heartbeat_interval"]') }).locator("button")
      .click();
    await page.getByText("Saved", { exact: true }).first().waitFor();
    assertEquals((await site.test.rest("GET", "/ocpp/settings/")).body.heartbeat_interval, 123);
    await goTo(page, "users");
    await page.getByRole("button", { name: "Create token" }).click();
    await page.locator("dialog input[name=label]").fill("script");
    await page.locator("dialog button[type=submit]").click();
    const token = await page.getByTestId("token").textContent();
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${site.test.url}/ocpp/chargers/`, { headers });
    await answer.body?.cancel();
    assertEquals(answer.status, 200);
    await page.keyboard.press("Escape");
  },

  "Spanish, remembered": async ({ page }) => {
    await page.getByRole("button", { name: "Español" }).click();
    await page.getByRole("link", { name: "Cargadores" }).first().waitFor();
    await page.reload();
    await page.getByRole("link", { name: "Cargadores" }).first().waitFor();
    assertEquals(await page.locator("html").getAttribute("lang"), "es-MX");
    await page.getByRole("button", { name: "English" }).click();
  },

  "the landing page is live, and works without JavaScript": async ({ browser, site }) => {
    const plain = await browser.newPage({
      javaScriptEnabled: false,
      locale: "es-MX",
      viewport: { width: 360, height: 740 },
    });
    await plain.goto(`${site.test.url}/ocpp/c/NORTE-1/`);
    assertStringIncludes(await plain.locator("main").innerText(), "Cargando");
    await plain.close();
    const live = await browser.newPage({ locale: "en", viewport: { width: 360, height: 740 } });
    await live.goto(`${site.test.url}/ocpp/c/NORTE-1/`);
    await live.getByText("Charging", { exact: true }).waitFor();
    await site.simulators.get("NORTE-1")!.presentTag("04A1B2C3D4", 1);
    await live.getByText("Finished: please unplug").waitFor();
    assert(!(await live.content()).includes("04A1B2C3D4"));
    await live.close();
  },

  "a bar tells when the gateway is gone, and goes when it is back": async ({ page }) => {
    await page.route(/\/ocpp\/events\/\?/, (route) => route.abort());
    await page.reload();
    await page.locator(".lost").waitFor();
    await page.unroute(/\/ocpp\/events\/\?/);
    await page.locator(".lost").waitFor({ state: "detached" });
  },
};

/** Returns the position of an element once it no longer moves. */
async function placeOf(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  let before = await element.boundingBox();
  for (let tries = 0; tries < 50; tries++) {
    await element.page().waitForTimeout(100);
    const now = await element.boundingBox();
    if (now && before && now.x === before.x && now.y === before.y) return now;
    before = now;
  }
  throw new Error("The element does not come to rest");
}
