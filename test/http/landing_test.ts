import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { acceptedTags, languageOf } from "../../src/i18n/language.ts";
import { landingRoutes } from "../../src/http/pages/landing.tsx";
import { landingUrl } from "../../src/http/pages/landing_url.ts";
import type { LiveConnector } from "../../src/services/load/live_load.ts";
import { siteWith } from "./landing_site.ts";

function get(path: string, services = siteWith(), headers: Record<string, string> = {}) {
  return landingRoutes(services).fetch(new Request(`http://10.0.0.5:8000${path}`, { headers }));
}

Deno.test("landing page shows name, connectors and the running session, in less than 10 kB", async () => {
  const answer = await get("/ocpp/c/CP1/");
  const page = await answer.text();
  assertEquals(answer.status, 200);
  for (
    const text of ["Patio norte", "Connector 1", "Charging", "7.2 kW", "12.3 kWh", "1 h 5 min", "Connector 2"]
  ) {
    assertStringIncludes(page, text);
  }
  assert(page.length < 10_000, `${page.length} bytes`);
});

Deno.test("landing page tells no idTag, no serial number and no address", async () => {
  const page = await (await get("/ocpp/c/CP1")).text();
  for (const secret of ["04AABBCC", "SN-1234", "10.0.0.77", "/ocpp/secret/CP1"]) {
    assert(!page.includes(secret), secret);
  }
});

Deno.test("landing page has no inline script or style", async () => {
  const page = await (await get("/ocpp/c/CP1/")).text();
  assert(!/<script(?![^>]*src=)|<style|style=|onclick/i.test(page));
  assertStringIncludes(page, '<noscript><meta http-equiv="refresh"');
});

Deno.test("landing page speaks the browser's language", async () => {
  const page =
    await (await get("/ocpp/c/CP1/", siteWith(), { "accept-language": "fr, es-MX;q=0.9, en;q=0.5" })).text();
  for (const text of ['lang="es-MX"', "Cargando", "Conector 1", "Acerca tu tarjeta"]) {
    assertStringIncludes(page, text);
  }
});

Deno.test("languageOf takes the most wanted language of a header that there is, else the site's own", () => {
  const chosen = (header: string | null, own?: "en" | "es") => languageOf(acceptedTags(header), own);
  assertEquals(chosen("de"), "en");
  assertEquals(chosen("es;q=0"), "en");
  assertEquals(chosen("fr, en;q=0.5, ES-mx;q=0.9"), "es");
  assertEquals([chosen("de", "es"), chosen("en", "es"), chosen(null, "es")], ["es", "en", "es"]);
});

Deno.test("landing page says how to start without a card", async () => {
  const page = await (await get("/ocpp/c/CP1/", siteWith({ require_rfid: false }))).text();
  assertStringIncludes(page, "no card of this site is needed");
});

Deno.test("landing page says when its figures are old", async () => {
  const fresh = await (await get("/ocpp/c/CP1/")).text();
  assert(!fresh.includes("The charger is offline"));
  const old = await (await get("/ocpp/c/CP1/", siteWith({}, { silent_ms: 3 * 3_600_000 }))).text();
  assertStringIncludes(old, "offline. This information is from 3 hours ago");
  const never = await (await get("/ocpp/c/CP1/", siteWith({}, { silent_ms: null }))).text();
  assertStringIncludes(never, "not reported yet");
});

Deno.test("landing page says with how many cars a connector shares what its fuse has", async () => {
  const read = async (changes: Partial<LiveConnector>, language = "en") => {
    const managed = [{ connector_id: 1, state: "charging" as const, shared_with: 3, ...changes }];
    const page = await get("/ocpp/c/CP1/", siteWith({}, { managed }), { "accept-language": language });
    return (await page.text()).match(/class="reason">([^<]*)/)?.[1];
  };
  assertEquals(await read({ reason: "shares" }), "Reduced: shared with 3 cars");
  assertEquals(await read({ reason: "shares" }, "es"), "Potencia reducida: compartida con 3 autos");
  assertEquals(await read({ reason: "shares", shared_with: 1 }), "Reduced: shared with another car");
  const waiting = { reason: "waits", state: "waiting" as const };
  assertEquals(await read(waiting), "3 cars share the power. This one begins by itself.");
  assertEquals(
    await read({ ...waiting, shared_with: 0 }, "es"),
    "El sitio no tiene potencia libre. La carga sigue sola.",
  );
  for (const reason of ["maximum", "takes_no_more"]) assertEquals(await read({ reason }), undefined);
});

Deno.test("landing page escapes what the operator and the charger wrote", async () => {
  const page = await (await get("/ocpp/c/CP1/", siteWith({ name: `<b>"&'` }))).text();
  assert(!page.includes("<b>"));
  assertStringIncludes(page, "&lt;b>");
});

Deno.test("landing page shows the site's help, and whom to call", async () => {
  const settings = {
    help_text: "Ask at the <desk>",
    phone: "+52 81 1234 5678",
    whatsapp: "+52 1 81 1234 5678",
  };
  const page = await (await get("/ocpp/c/CP1/", siteWith({}, { settings }))).text();
  for (const text of ["Ask at the &lt;desk>", "tel:+528112345678", "https://wa.me/5218112345678"]) {
    assertStringIncludes(page, text);
  }
  assert(!(await (await get("/ocpp/c/CP1/")).text()).includes("WhatsApp"));
});

Deno.test("an unknown charger has a 404 page, and no QR code", async () => {
  const answer = await get("/ocpp/c/NOPE/");
  assertEquals(answer.status, 404);
  assertStringIncludes(await answer.text(), "Charger not found");
  assertEquals((await get("/ocpp/c/NOPE/qr.svg")).status, 404);
  assertEquals((await get("/ocpp/c/NOPE/qr.png")).status, 404);
});

Deno.test("landingUrl takes the public URL, else what the browser asked for, if that is a host", () => {
  const request = (host: string, scheme = "http") =>
    new Request(`${scheme}://localhost:8000/`, { headers: { host } });
  const config = { public_url: null, port: 8000 } as never;
  const url = (host: string, scheme?: string) => landingUrl({ config }, request(host, scheme), "CP 1/é");
  assertEquals(url("ocpp.local:8000"), "http://ocpp.local:8000/ocpp/c/CP%201%2F%C3%A9/");
  assertEquals(url("[fd00::1]:8443", "https"), "https://[fd00::1]:8443/ocpp/c/CP%201%2F%C3%A9/");
  for (const bad of ["a b", 'x"><script>', "user@host", "host/path", "-x", ""]) {
    assertEquals(url(bad), "http://localhost:8000/ocpp/c/CP%201%2F%C3%A9/");
  }
  const fixed = { public_url: "https://carga.example", port: 8000 } as never;
  assertEquals(
    landingUrl({ config: fixed }, request("evil.example"), "CP1"),
    "https://carga.example/ocpp/c/CP1/",
  );
});
