// First start: set-up with a one-time code, and the ways around a lost password.
import { assert, assertEquals } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { startTestGateway } from "../kit/gateway.ts";
import { visit } from "../kit/visitor.ts";

const UNSET = { config: { admin_password: null } };
const ANSWERS = {
  password: "a good password",
  language: "en",
  name: "Plaza",
  latitude: 25.7,
  longitude: -100.3,
};

Deno.test("until set-up browsers get set-up and health only, and chargers connect", async () => {
  await using site = await startTestGateway(UNSET);
  for (
    const closed of [
      "GET /ocpp/chargers/",
      "GET /openapi.json",
      "GET /ocpp/c/CP1/",
      "POST /login",
      "GET /metrics",
    ]
  ) {
    assertEquals((await visit(site, closed, { basic: "admin:" })).status, 403, closed);
  }
  assertEquals((await visit(site, "GET /healthz")).status, 200);
  assertEquals((await visit(site, "GET /ocpp/setup/")).body.needed, true);
  assertEquals((await visit(site, "GET /")).status, 302);
  await using charger = await RawClient.connect(site.ws_url, { path: "/CP1" });
  assertEquals(
    (await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" }))[2].status,
    "Accepted",
  );
});

Deno.test("set-up takes password, language, name and place with the printed code, once", async () => {
  await using site = await startTestGateway(UNSET);
  const code = site.gateway.setup_code!;
  assert(/^[a-z0-9]{5}-[a-z0-9]{5}$/.test(code), code);
  assertEquals(
    (await visit(site, "POST /ocpp/setup/", { body: { ...ANSWERS, code: "wrong-wrong" } })).status,
    403,
  );
  assertEquals(
    (await visit(site, "POST /ocpp/setup/", { body: { ...ANSWERS, code, password: "short" } })).status,
    400,
  );
  const done = await visit(site, "POST /ocpp/setup/", {
    body: { ...ANSWERS, code: code.toUpperCase().replace("-", " ") },
  });
  assertEquals(done.status, 201);
  const cookie = done.headers.get("set-cookie")!.split(";")[0]!;
  const { name, language, latitude } = (await visit(site, "GET /ocpp/settings/", { cookie })).body;
  assertEquals([name, language, latitude], ["Plaza", "en", 25.7]);
  assertEquals((await visit(site, "GET /ocpp/session/", { basic: "admin:a good password" })).status, 200);
  assertEquals((await visit(site, "POST /ocpp/setup/", { body: { ...ANSWERS, code } })).status, 409);
  assertEquals((await visit(site, "GET /ocpp/setup/")).body.needed, false);
});

Deno.test("five wrong codes and one has to wait; two at once set up once", async () => {
  await using site = await startTestGateway(UNSET);
  const code = site.gateway.setup_code!;
  const both = await Promise.all(
    [1, 2].map(() => visit(site, "POST /ocpp/setup/", { body: { ...ANSWERS, code } })),
  );
  assertEquals(both.map(({ status }) => status).sort(), [201, 409]);
  await using other = await startTestGateway(UNSET);
  for (let n = 0; n < 5; n++) {
    await visit(other, "POST /ocpp/setup/", { body: { ...ANSWERS, code: `no${n}` } });
  }
  const locked = await visit(other, "POST /ocpp/setup/", {
    body: { ...ANSWERS, code: other.gateway.setup_code },
  });
  assertEquals(locked.status, 429);
});
