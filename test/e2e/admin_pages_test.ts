// Every page of the admin: fits a phone, no serious accessibility fault, no error; and a long list stays smooth.
import { assert, assertEquals, assertLess } from "@std/assert";
import { bundle, isFresh } from "../../src/build/bundle.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { startTestGateway } from "../kit/gateway.ts";
import { faultsOf, goTo, logIn, PAGES } from "./admin_page.ts";
import { openBrowser } from "./browser.ts";
import { startLivelySite } from "./lively_site.ts";

const LOOKS = [
  { width: 1440, height: 900, colorScheme: "light", locale: "en" },
  { width: 360, height: 740, colorScheme: "dark", locale: "es-MX" },
] as const;

const OPTIONS = { sanitizeOps: false, sanitizeResources: false }; // the browser's pipes close behind the test

Deno.test({
  ...OPTIONS,
  name: "every page of the admin fits, is accessible and fails nowhere",
  async fn(t) {
    if (!await isFresh()) await bundle();
    await using site = await startLivelySite();
    const browser = await openBrowser();
    try {
      for (const { width, height, ...look } of LOOKS) {
        const page = await browser.newPage({ viewport: { width, height }, reducedMotion: "reduce", ...look });
        const errors: string[] = [];
        page.on("pageerror", (error) => errors.push(String(error.stack)));
        page.on("console", (said) => /Content Security Policy/.test(said.text()) && errors.push(said.text()));
        await t.step(`log in, ${width} px, ${look.colorScheme}`, async () => {
          await page.goto(`${site.test.url}/admin/`);
          await page.locator('input[name="password"]').waitFor();
          assertEquals(await faultsOf(page), []);
          await logIn(page, site.test.url);
        });
        for (const [name, path] of PAGES) {
          await t.step(`${name}, ${width} px, ${look.colorScheme}`, async () => {
            await goTo(page, path);
            await page.locator("h1").first().waitFor();
            await page.waitForFunction(() => !document.querySelector("main > .busy"));
            const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert(wider <= 0, `${wider} px wider than the screen`);
            assertEquals(await faultsOf(page), []);
            assertEquals(errors, []);
          });
        }
        await page.close();
      }
    } finally {
      await browser.close();
    }
  },
});

const CHARGERS = 200;
const UPDATES_A_SECOND = 50;
const SECONDS = 5;

Deno.test({
  ...OPTIONS,
  name: "the list of 200 chargers stays smooth with 50 updates a second",
  async fn() {
    if (!await isFresh()) await bundle();
    await using test = await startTestGateway();
    const clients = await Promise.all(
      Array.from({ length: CHARGERS }, (_, index) => connect(test.ws_url, index)),
    );
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await logIn(page, test.url);
      await goTo(page, "chargers");
      await page.locator("tbody tr").nth(CHARGERS - 1).waitFor();
      await page.waitForTimeout(1500); // what comes with loading is not meant
      await page.evaluate(watchLongTasks);
      for (let round = 0; round < SECONDS * 10; round++) {
        for (let n = 0; n < UPDATES_A_SECOND / 10; n++) report(clients[(round * 5 + n) % CHARGERS]!, round);
        await page.waitForTimeout(100);
      }
      const longest = await page.evaluate(() =>
        Math.max(0, ...(globalThis as unknown as { tasks: number[] }).tasks)
      );
      assertLess(longest, 100, "the longest task, ms");
      await page.locator("tbody tr", { hasText: /[1-9]\d*\.\d kW/ }).first().waitFor();
    } finally {
      await browser.close();
      await Promise.all(clients.map((client) => client.close()));
    }
  },
});

async function connect(url: string, index: number): Promise<RawClient> {
  const client = await RawClient.connect(url, { path: `C${String(index).padStart(3, "0")}` });
  await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  await client.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Charging" });
  return client;
}

function report(client: RawClient, round: number): void {
  const sampledValue = [{ value: String(1000 + round * 37), measurand: "Power.Active.Import", unit: "W" }];
  const meterValue = [{ timestamp: new Date().toISOString(), sampledValue }];
  client.send([2, crypto.randomUUID(), "MeterValues", { connectorId: 1, meterValue }]);
}

function watchLongTasks(): void {
  const tasks: number[] = [];
  (globalThis as unknown as { tasks: number[] }).tasks = tasks;
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe(
    { type: "longtask" },
  );
}
