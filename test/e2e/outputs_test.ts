// Alerts, channels, webhooks and MQTT in the admin, in a real browser, at the width of a phone and of a desk.
import { assert, assertEquals } from "@std/assert";
import { aedes } from "../kit/broker.ts";
import { makeCa } from "../kit/certificates.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { MailServer } from "../kit/mail_server.ts";
import { Receiver } from "../kit/receiver.ts";
import { Site } from "../kit/site.ts";
import { faultsOf, goTo, logIn } from "./admin_page.ts";
import { openBrowser, type Page } from "./browser.ts";

const OPTIONS = { sanitizeOps: false, sanitizeResources: false }; // the browser's pipes close behind the test
const FAST = { retry_ms: [20], sweep_ms: 20, gather_ms: 20 };
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 900 };

/** Runs a flow as the admin does it, on a page in English. */
async function inBrowser(
  test: TestGateway,
  viewport: { width: number; height: number },
  flow: (page: Page) => Promise<void>,
): Promise<void> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport, locale: "en", reducedMotion: "reduce" });
    page.setDefaultTimeout(15_000);
    await logIn(page, test.url);
    await flow(page);
  } finally {
    await browser.close();
  }
}

/** Checks that the page is as wide as the screen, and has no serious fault. */
async function assertFits(page: Page): Promise<void> {
  const folder = Deno.env.get("OUTPUTS_SHOTS");
  const { width } = page.viewportSize()!;
  if (folder) await page.screenshot({ path: `${folder}/${width}-${shots++}.png` });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert(wider <= 0, `${wider} px wider than the screen`);
  assertEquals(await faultsOf(page), []);
}
let shots = 0;

function save(page: Page): Promise<void> {
  return page.locator("dialog button[type=submit]").click();
}

/** The browser's own verdict on a field, which it shows there. */
function isValid(page: Page, name: string): Promise<boolean> {
  return page.locator(`[name="${name}"]`).evaluate((input: HTMLInputElement) => input.validity.valid);
}

for (const viewport of [DESK, PHONE]) {
  const at = `${viewport.width} px`;

  Deno.test({
    ...OPTIONS,
    name: `a channel is added, and a test shows what the other side answered, ${at}`,
    async fn() {
      await using receiver = new Receiver();
      await using test = await startTestGateway({ tuning: FAST });
      await inBrowser(test, viewport, async (page) => {
        await goTo(page, "alerts/channels");
        await page.getByText("Alerts are not sent to anyone yet").waitFor();
        await page.getByRole("button", { name: "Add channel" }).click();
        await page.getByLabel("Name").fill("Night shift");
        await page.locator("[name=kind]").selectOption("ntfy");
        const topic = page.getByLabel("Address of the topic");
        await topic.fill("http://169.254.169.254/alerts");
        await save(page);
        await page.getByRole("alert").getByText("ntfy's ends with the topic").waitFor();
        await assertFits(page);
        await topic.fill(new URL("/depot", receiver.url).href);
        await page.getByLabel("Quiet from").fill("22:00");
        await save(page);
        await page.getByRole("alert").getByText("Give both times").waitFor();
        await page.getByLabel("Quiet until").fill("06:30");
        await save(page);
        await page.getByText("22:00 – 06:30").waitFor();
        await page.getByRole("button", { name: "Send a test Night shift" }).click();
        await page.getByTestId("outcome").getByText("The test was delivered. The answer was 204")
          .waitFor();
        assertEquals(receiver.messages[0]!.body.topic, "depot");
        receiver.answer = () => Response.json({ error: "topic reserved" }, { status: 403 });
        await page.getByRole("button", { name: "Send a test Night shift" }).click();
        await page.getByTestId("outcome").getByText("The receiver answered 403: topic reserved").waitFor();
        await assertFits(page);
        await page.getByRole("button", { name: "Change Night shift" }).click();
        await page.getByLabel("Enabled").uncheck();
        await save(page);
        await page.getByText("(off)").waitFor();
        await page.getByRole("button", { name: "Delete Night shift" }).click();
        await save(page);
        await page.getByText("Alerts are not sent to anyone yet").waitFor();
      });
    },
  });

  Deno.test({
    ...OPTIONS,
    name:
      `a channel by mail is refused a wrong address at the field, and shows the mail server's answer, ${at}`,
    async fn() {
      await using mail = await MailServer.start();
      await using test = await startTestGateway({ tuning: FAST });
      await inBrowser(test, viewport, async (page) => {
        await goTo(page, "alerts/channels");
        await page.getByRole("button", { name: "Add channel" }).click();
        await page.getByLabel("Name").fill("On call");
        await page.getByLabel("To", { exact: false }).first().fill("ana at home");
        await save(page);
        assertEquals(await isValid(page, "to"), false);
        await assertFits(page);
        await page.locator("[name=to]").fill("ana@example.org, luis@example.org");
        await page.locator("[name=from]").fill("gateway@example.org");
        await page.locator("[name=host]").fill("127.0.0.1");
        await page.locator("[name=port]").fill(String(mail.port));
        await page.locator("[name=security]").selectOption("none");
        await page.locator("[name=username]").fill("gateway");
        await page.locator("[name=password]").fill("wrong");
        await save(page);
        await page.getByRole("button", { name: "Send a test On call" }).click();
        await page.getByTestId("outcome").getByText("535").waitFor();
        await page.getByRole("button", { name: "Change On call" }).click();
        assertEquals(await page.locator("[name=password]").inputValue(), "", "secrets are never shown");
        await page.locator("[name=password]").fill("secret");
        await save(page);
        await page.getByRole("button", { name: "Send a test On call" }).click();
        await page.getByTestId("outcome").getByText("The answer was 250").waitFor();
        assertEquals(mail.mails[0]!.to, ["ana@example.org", "luis@example.org"]);
      });
    },
  });

  Deno.test({
    ...OPTIONS,
    name: `alerts are listed in words, and their rules changed, ${at}`,
    async fn() {
      let passed = 0;
      await using test = await startTestGateway({ tuning: FAST, now: () => Date.now() + passed });
      await using charger = await new Site(test).charger({ charger_id: "CP1", record: { name: "Patio" } });
      await charger.status(1, "Faulted", { errorCode: "GroundFailure" });
      await inBrowser(test, viewport, async (page) => {
        await goTo(page, "alerts");
        await page.getByText("Nothing is wrong at the moment").waitFor();
        await page.getByRole("tab", { name: "Rules" }).click();
        const hold = page.getByLabel("Minutes before it is sent: A charger is faulted");
        assertEquals(await hold.inputValue(), "2");
        await hold.fill("20000");
        await page.getByRole("button", { name: "Save" }).click();
        assertEquals(await isValid(page, "charger_fault.hold"), false);
        await assertFits(page);
        await hold.fill("0.5");
        await page.getByLabel("Send: Advice on the gateway's set-up").uncheck();
        await page.getByLabel("Severity: A charger is not connected").selectOption("critical");
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText("Saved").waitFor();
        const { body } = await test.rest("GET", "/ocpp/alert_rules/");
        assertEquals(
          [body.charger_fault.hold_s, body.gateway_advice.enabled, body.charger_offline.severity],
          [
            30,
            false,
            "critical",
          ],
        );
        passed += 60_000;
        await eventually(async () =>
          (await test.rest("GET", "/ocpp/alerts/?state=open")).body.alerts.length === 1
        );
        await page.getByRole("tab", { name: "Open and past" }).click();
        await page.getByRole("cell", { name: "Ground fault" }).waitFor();
        await page.getByRole("link", { name: "Patio" }).waitFor();
        await assertFits(page);
      });
    },
  });

  Deno.test({
    ...OPTIONS,
    name: `a webhook shows its secret once, its deliveries and its end, ${at}`,
    async fn() {
      await using receiver = new Receiver();
      await using test = await startTestGateway({ tuning: FAST });
      await inBrowser(test, viewport, async (page) => {
        await goTo(page, "webhooks");
        await page.getByText("There are no webhooks yet").waitFor();
        await page.getByRole("button", { name: "Add webhook" }).click();
        await page.locator("[name=url]").fill("no address");
        await save(page);
        assertEquals(await isValid(page, "url"), false);
        await page.locator("[name=url]").fill("http://169.254.169.254/hook");
        await save(page);
        await page.getByRole("alert").getByText("not the gateway's own").waitFor();
        await page.locator("[name=url]").fill(receiver.url);
        await page.getByRole("button", { name: "Only these" }).click();
        await save(page);
        await page.getByRole("alert").getByText("Choose at least one").waitFor();
        await page.getByLabel("rfid", { exact: true }).check();
        await assertFits(page);
        await save(page);
        const secret = await page.getByTestId("secret").textContent() ?? "";
        assert(secret.startsWith("whsec_"), secret);
        await assertFits(page);
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: `Send a test ${receiver.url}` }).click();
        await page.getByTestId("outcome").getByText("The test was delivered").waitFor();
        assert(!(await page.content()).includes(secret), "shown once");
        await test.rest("POST", "/ocpp/rfids/", { rfid: "TAG" });
        await eventually(() => receiver.messages.length === 2);
        await page.getByRole("link", { name: `Deliveries to ${receiver.url}` }).click();
        await page.getByText("delivered", { exact: true }).waitFor();
        await page.locator("[data-label='Last answer']").getByText("204").waitFor(); // an id may hold these digits
        await page.getByRole("button", { name: "Send again rfid" }).click();
        await page.getByText("Delivered again").waitFor();
        assertEquals(receiver.messages.length, 3);
        await assertFits(page);
        receiver.answer = () => new Response(null, { status: 410 });
        await test.rest("POST", "/ocpp/rfids/", { rfid: "LAST" });
        await eventually(async () => !(await test.rest("GET", "/ocpp/webhooks/")).body.webhooks[0]!.enabled);
        await goTo(page, "webhooks");
        await page.getByText("disabled: the receiver answered 410 Gone").waitFor();
        await assertFits(page);
        receiver.answer = () => new Response();
        await page.getByRole("button", { name: `Enable again ${receiver.url}` }).click();
        await page.getByText("working", { exact: true }).waitFor();
      });
    },
  });

  Deno.test({
    ...OPTIONS,
    name: `the state of the MQTT broker and its last error stand beside the settings, ${at}`,
    async fn() {
      await using broker = await aedes();
      await using test = await startTestGateway();
      await inBrowser(test, viewport, async (page) => {
        await goTo(page, "settings");
        const state = page.getByTestId("mqtt");
        await state.getByText("Off: no broker address").waitFor();
        await test.rest("PATCH", "/ocpp/settings/", { mqtt_url: "mqtt://127.0.0.1:9" });
        await state.getByText("Not connected, trying again").waitFor();
        await state.getByText("The last attempt failed").waitFor();
        await state.scrollIntoViewIfNeeded();
        await assertFits(page);
        await test.rest("PATCH", "/ocpp/settings/", { mqtt_url: broker.url });
        await state.getByText("Connected since").waitFor();
        assertEquals(await state.getByText("The last attempt failed").count(), 0);
        const own = await (await makeCa("Devices")).issue({ common_name: "gateway" });
        await page.locator("[name=mqtt_client_cert]").fill(own.cert);
        await page.locator("[name=mqtt_client_key]").fill(own.key);
        await page.locator("form:has([name=mqtt_client_key]) [type=submit]").click();
        await state.getByText("the certificate CN=gateway").waitFor();
        await eventually(async () => await page.locator("[name=mqtt_client_key]").inputValue() === "");
        await state.getByText("Connected since").waitFor();
        assertEquals(await state.getByText("The last attempt failed").count(), 0);
        assertEquals(test.gateway.services.store.settings.mqtt_client_key, own.key);
        await state.scrollIntoViewIfNeeded();
        await assertFits(page);
      });
    },
  });
}
