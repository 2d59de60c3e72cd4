// The landing page as a driver at a charger meets it, with a real gateway.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";

/** Connects a charger with connectors in these states, 1 first. */
async function connect(test: TestGateway, id: string, states: Record<number, string>): Promise<RawClient> {
  const client = await RawClient.connect(test.ws_url, { path: id });
  await client.call("BootNotification", { chargePointVendor: "Voltia", chargePointModel: "AC-22" });
  for (const [connectorId, status] of Object.entries(states)) {
    const errorCode = status === "Faulted" ? "EVCommunicationError" : "NoError";
    const timestamp = new Date().toISOString();
    await client.call("StatusNotification", {
      connectorId: Number(connectorId),
      errorCode,
      status,
      timestamp,
    });
  }
  return client;
}

async function pageOf(test: TestGateway, id: string, language = "en"): Promise<string> {
  const answer = await fetch(`${test.url}/ocpp/c/${id}/`, { headers: { "accept-language": language } });
  const page = await answer.text();
  assert(page.length < 10_000, `${page.length} bytes`);
  return page;
}

Deno.test("landing page puts the free connector first, and says since when on the site's clocks", async () => {
  await using test = await startTestGateway({ settings: { time_zone: "Asia/Tokyo" } });
  await using _client = await connect(test, "CP1", { 1: "Charging", 2: "Available" });
  const page = await pageOf(test, "CP1");
  assert(page.indexOf("Connector 2") < page.indexOf("Connector 1"), "the free one is first");
  const hour = new Date().toLocaleTimeString("en", {
    timeZone: "Asia/Tokyo",
    hour: "2-digit",
    hourCycle: "h23",
  });
  assertStringIncludes(page, `Since ${hour.padStart(2, "0")}:`);
});

Deno.test("landing page names other chargers that are free, and none that a driver cannot use", async () => {
  await using test = await startTestGateway();
  const post = (charger_id: string, name: string) =>
    test.rest("POST", "/ocpp/chargers/", { charger_id, name });
  await post("NORTE-2", "Patio norte 2");
  await post("AWAY", "Lejos");
  await using _full = await connect(test, "CP1", { 1: "Charging" });
  await using _free = await connect(test, "NORTE-2", { 1: "Charging", 2: "Available" });
  await using _broken = await connect(test, "BROKEN", { 0: "Faulted", 1: "Available" });
  const page = await pageOf(test, "CP1");
  assertMatch(page, /<a href="\/ocpp\/c\/NORTE-2\/">Patio norte 2 is free<\/a>/);
  for (const other of ["BROKEN", "AWAY", "Lejos"]) assert(!page.includes(other), other);
  assertStringIncludes(await pageOf(test, "CP1", "es"), "Patio norte 2 está libre");
  assert(!(await pageOf(test, "NORTE-2")).includes(" is free"), "no other is free there");
});

Deno.test("landing page says in short why a connector does not charge", async () => {
  await using test = await startTestGateway();
  await test.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", require_rfid: true });
  await using client = await connect(test, "CP1", { 1: "Preparing", 2: "Faulted" });
  const page = await pageOf(test, "CP1");
  assertStringIncludes(page, "Waiting for a card");
  assertStringIncludes(page, "Car and charger do not understand each other");
  assertStringIncludes(page, "Hold your card");
  await client.call("Authorize", { idTag: "04SECRET99" });
  const refused = await pageOf(test, "CP1", "es");
  assertStringIncludes(refused, "no conoce esa tarjeta");
  assert(!refused.includes("04SECRET99"), "no idTag");
});

Deno.test("landing page tells how to start only where the charger can be used", async () => {
  await using test = await startTestGateway({ settings: { price_text: "$6.50 MXN <kWh>" } });
  const broken = await connect(test, "CP1", { 1: "Unavailable" });
  const page = await pageOf(test, "CP1");
  assert(!page.includes("How to charge") && !page.includes("MXN"), "nobody can charge there");
  await broken.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Available" });
  assertStringIncludes(await pageOf(test, "CP1"), "$6.50 MXN &lt;kWh>");
  broken.close();
});

Deno.test("landing page always says whom to ask", async () => {
  await using test = await startTestGateway({ settings: { name: "Torre Norte" } });
  await test.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  assertStringIncludes(await pageOf(test, "CP1"), "Please ask the staff of Torre Norte.");
  await test.rest("PATCH", "/ocpp/settings/", { phone: "+52 81 1234 5678" });
  const page = await pageOf(test, "CP1", "es");
  assertEquals(page.match(/class="call"/g)?.length, 1);
  assertStringIncludes(page, 'href="tel:+528112345678"');
});

Deno.test("landing page's bands can be read in the sun: 7 to 1 or better", async () => {
  const css = await Deno.readTextFile(new URL("../../static/landing.css", import.meta.url));
  const bands = [
    ...css.matchAll(
      /((?:\.[A-Za-z]+,?\s*)+)\{\s+(?:[^}]*?)background: (#\w{6});(?:\s+color: (#\w{3,6});)?/g,
    ),
  ]
    .filter(([, names]) => /^\.(plug|[A-Z])/.test(names!));
  assertEquals(bands.length, 7);
  for (const [, names, ground, ink = "#ffffff"] of bands) {
    const ratio = contrast(ground!, ink === "#fff" ? "#ffffff" : ink);
    assert(ratio >= 7, `${names!.trim()}: ${ratio.toFixed(1)}`);
  }
});

/** Contrast of two colours (WCAG 2.2). */
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red, green, blue] = parts.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  );
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
