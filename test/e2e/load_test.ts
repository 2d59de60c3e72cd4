// Load management in the admin, in a real browser, at the width of a phone and of a desk.
import { assert, assertEquals } from "@std/assert";
import { ChargePointSimulator } from "../../src/simulator/mod.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway } from "../kit/gateway.ts";
import { Site } from "../kit/site.ts";
import { faultsOf, goTo, logIn } from "./admin_page.ts";
import { openBrowser, type Page } from "./browser.ts";

const OPTIONS = { sanitizeOps: false, sanitizeResources: false }; // the browser's pipes close behind the test

async function assertFits(page: Page): Promise<void> {
  const folder = Deno.env.get("LOAD_SHOTS");
  const { width } = page.viewportSize()!;
  if (folder) await page.screenshot({ path: `${folder}/${width}-${shots++}.png`, fullPage: true });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert(wider <= 0, `${wider} px wider than the screen`);
  assertEquals(await faultsOf(page), []);
}
let shots = 0;

for (const viewport of [{ width: 1280, height: 900 }, { width: 360, height: 740 }]) {
  Deno.test({
    ...OPTIONS,
    name: `a fuse and its chargers are set up in one form, and live figures follow, ${viewport.width} px`,
    async fn() {
      await using test = await startTestGateway();
      const site = new Site(test);
      for (const charger_id of ["P1", "P2", "P3"]) await site.ask("POST", "/ocpp/chargers/", { charger_id });
      const browser = await openBrowser();
      try {
        const page = await browser.newPage({ viewport, locale: "en", reducedMotion: "reduce" });
        page.setDefaultTimeout(15_000);
        await logIn(page, test.url);
        await goTo(page, "load");
        await page.getByText("No fuse is entered").waitFor();
        await page.getByRole("button", { name: "Add fuse" }).click();
        await page.locator("[name=name]").fill("Garage");
        await page.locator("[name=max_current_a]").fill("35");
        await page.locator("[name=maximum]").fill("16");
        await page.locator("[name=meter_kind]").selectOption("push");
        await page.getByRole("checkbox", { name: "P1" }).check();
        await page.getByRole("checkbox", { name: "P2" }).check();
        await page.getByLabel("Phases and wiring: P2").selectOption("STR");
        await assertFits(page);
        await page.getByRole("button", { name: "Set up" }).click();
        await page.getByText("What the electrician must enter").waitFor();
        await page.getByText("Phase rotation: STR").waitFor();
        assertEquals(await page.getByText("Largest current: 16 A").count(), 2);
        await page.getByText("at most 12 A on a phase; the fuse has 35 A").waitFor();
        await assertFits(page);
        await page.locator("dialog footer button").click();
        await page.getByText("Not limited: P3").waitFor();
        const { circuit, phases, phase_rotation, max_current_a, failsafe_current_a } = await site.get(
          "/ocpp/chargers/P2/",
        );
        assertEquals([circuit, phases, phase_rotation, max_current_a, failsafe_current_a], [
          "Garage",
          3,
          "STR",
          16,
          6,
        ]);
        await site.ask("PUT", "/ocpp/circuits/Garage/meter/", { current_a: [20, 10, 36] });
        const bars = page.getByTestId("phases Garage");
        await bars.getByText("36.0 A measured").waitFor();
        await bars.getByText("limit 35 A").first().waitFor();
        await assertFits(page);
        const limit = { limit_a: 20, source: "Grid", valid_s: 600 };
        await site.ask("PUT", "/ocpp/circuits/Garage/limit/", limit);
        const line = page.getByTestId("limit Garage");
        await line.getByText("Limited to 20.0 A by Grid until").waitFor();
        await assertFits(page);
        await line.getByRole("button").click();
        await page.locator("dialog footer .btn.danger").click();
        await line.waitFor({ state: "detached" });
        await page.getByRole("button", { name: "Change", exact: false }).first().click();
        await page.locator("[name=max_current_a]").fill("50");
        await page.locator("[name=meter_kind]").selectOption("http");
        await page.locator("dialog select").filter({ hasText: "Shelly Pro 3EM" }).selectOption(
          "Shelly Pro 3EM",
        );
        await page.locator("[name=meter_place]").fill("http://192.0.2.30/rpc/EM.GetStatus?id=0");
        await page.getByLabel("Kept free for other loads").fill("8");
        await page.getByRole("button", { name: "Add times" }).click();
        await page.getByRole("checkbox", { name: "Sun" }).uncheck();
        await page.getByLabel("From", { exact: true }).fill("00:00");
        await page.getByLabel("To", { exact: true }).fill("00:00");
        await page.getByLabel("Limit, A", { exact: true }).fill("12");
        await assertFits(page);
        await page.locator("dialog button[type=submit]").click();
        await eventually(async () => (await site.get("/ocpp/circuits/Garage/")).meter.kind === "http");
        assertEquals((await site.get("/ocpp/circuits/Garage/")).schedule, [{
          days: ["mon", "tue", "wed", "thu", "fri", "sat"],
          from: "00:00",
          to: "00:00",
          limit_a: 12,
          limit_w: null,
        }]);
        const changed = await site.get("/ocpp/circuits/Garage/");
        assertEquals([changed.max_current_a, changed.reserve_a, changed.meter], [50, 8, {
          kind: "http",
          url: "http://192.0.2.30/rpc/EM.GetStatus?id=0",
          current_a: ["/a_current", "/b_current", "/c_current"],
          power_w: ["/a_act_power", "/b_act_power", "/c_act_power"],
        }]);
      } finally {
        await browser.close();
      }
    },
  });
}

for (
  const [locale, width, reason, reduced, sun] of [
    [
      "en",
      1440,
      "Load management: 10.0 A, shared with 1 more",
      "Reduced: shared with another car",
      /waiting for sun: [\d.]+ A exported, 6.0 A needed/,
    ],
    [
      "es-MX",
      390,
      "Gestión de carga: 10.0 A, comparte con 1 más",
      "Potencia reducida: compartida con otro auto",
      /espera al sol: [\d.]+ A de excedente, necesita 6.0 A/,
    ],
  ] as const
) {
  Deno.test({
    ...OPTIONS,
    name: `a charger's page and its landing page say why it has its limit, ${locale}, ${width} px`,
    async fn() {
      await using test = await startTestGateway();
      const site = new Site(test);
      await site.ask("POST", "/ocpp/circuits/", { name: "Garage", max_current_a: 20 });
      await using stack = new AsyncDisposableStack();
      for (const charger_id of ["P1", "P2"]) {
        const body = { charger_id, circuit: "Garage", phase_rotation: "RST", failsafe_current_a: 0 };
        await site.ask("POST", "/ocpp/chargers/", body);
        const options = { ws_port: test.port, cp_path: charger_id, autopilot: false, max_current: 32 };
        const sim = new ChargePointSimulator({ ...options, kwh_min: 40, kwh_max: 40, interval: 1 });
        stack.defer(() => sim.kill());
        sim.start();
        await eventually(() =>
          test.gateway.services.store.load_states.get(`${charger_id}/1`)?.failsafe === "verified"
        );
        await sim.plugIn(1);
        await sim.presentTag(undefined, 1);
      }
      const browser = await openBrowser();
      try {
        const context = await browser.newContext({
          viewport: { width, height: 900 },
          locale,
          reducedMotion: "reduce",
        });
        const page = await context.newPage();
        page.setDefaultTimeout(30_000);
        await logIn(page, test.url);
        await goTo(page, "chargers/P1");
        await page.getByText(reason).waitFor();
        await assertFits(page);
        await page.goto(`${test.url}/ocpp/c/P1/`);
        await page.getByText(reduced).waitFor();
        await assertFits(page);
        await goTo(page, "chargers/P1");
        const meter = { kind: "push" };
        await site.ask("PATCH", "/ocpp/circuits/Garage/", { meter });
        await site.ask("PUT", "/ocpp/circuits/Garage/meter/", { current_a: [12, 12, 12] });
        await page.getByTestId("managed").getByRole("button").click(); // from the sun only
        await page.getByText(sun).waitFor();
        await assertFits(page);
        await goTo(page, "chargers/P1/settings");
        await page.locator("[name=surplus]").check();
        await page.locator("[name=surplus_floor_a]").fill("8");
        await page.locator("form:has([name=surplus]) [type=submit]").click();
        await eventually(async () => (await site.get("/ocpp/chargers/P1/")).surplus_floor_a === 8);
        await assertFits(page);
      } finally {
        await browser.close();
      }
    },
  });
}
