// Two versions of OCPP on one gateway: the second is a toy that only its own file knows.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HandshakeRefused } from "../../src/ocpp/client/socket.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { OCPP16 } from "../../src/v16/mod.ts";
import { startTestGateway } from "../kit/gateway.ts";
import { TOY } from "./toy_protocol.ts";

const protocols = [OCPP16, TOY];
const AT = "2026-06-15T12:00:00Z";

Deno.test("a version of three messages charges a session, which REST shows and a service stops", async () => {
  await using site = await startTestGateway({
    protocols,
    tuning: { sweep_ms: 10 },
    settings: { stop_blocked_tags: true },
  });
  await site.rest("POST", "/ocpp/rfids/", { rfid: "CARD", allowed: true });
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "TOY", require_rfid: true });
  await using toy = await RawClient.connect(site.ws_url, { path: "TOY", protocols: ["toy1"] });
  assertEquals(toy.protocol, "toy1");
  const [, , refused] = await toy.call("Heartbeat");
  assertEquals(refused, "NotImplemented");
  assertEquals((await toy.call("Hello", { maker: "Toys", model: "T" }))[2], { welcome: true });

  const begun = await toy.call("Charge", { phase: "begin", plug: 1, card: "CARD", kwh: 10, at: AT });
  const { session } = begun[2];
  assertEquals(begun[2], { session, good: true });
  await toy.call("Charge", { phase: "go_on", plug: 1, session, kwh: 10.5, at: "2026-06-15T12:06:00Z" });
  const running = (await site.rest("GET", `/ocpp/transactions/${session}/`)).body;
  assertEquals([running.state, running.id_tag, running.energy_wh], ["active", "CARD", 500]);
  const shown = (await site.rest("GET", "/ocpp/chargers/TOY/")).body;
  assertEquals([shown.vendor, shown.connectors[0]?.status], ["Toys", "Charging"]);

  await site.rest("PATCH", "/ocpp/rfids/CARD/", { allowed: false });
  const [, id, name, payload] = await toy.next();
  assertEquals([name, payload], ["Halt", { session }]);
  toy.send([3, id, { halted: true }]);
  await toy.call("Charge", { phase: "end", plug: 1, session, kwh: 11, at: "2026-06-15T12:12:00Z" });
  const ended = (await site.rest("GET", `/ocpp/transactions/${session}/`)).body;
  assertEquals([ended.state, ended.energy_wh, ended.stop_reason], ["completed", 1000, "Remote"]);
});

Deno.test("REST sends a charger the commands of its own version, and OpenAPI describes those of all", async () => {
  await using site = await startTestGateway({ protocols });
  await using toy = await RawClient.connect(site.ws_url, { path: "TOY", protocols: ["toy1"] });
  await toy.call("Hello", { maker: "Toys", model: "T" });
  const halting = site.rest("POST", "/ocpp/chargers/TOY/action/", {
    action: "halt",
    payload: { session: 7 },
  });
  const [, id, name] = await toy.next();
  assertEquals(name, "Halt");
  toy.send([3, id, { halted: true }]);
  assertEquals((await halting).body.response, { halted: true });
  assertEquals(
    (await site.rest("POST", "/ocpp/chargers/TOY/action/", { action: "reset" })).body.code,
    "unknown_action",
  );
  const { components } = (await site.rest("GET", "/openapi.json")).body;
  assert("HaltRequest" in components.schemas && "ResetRequest" in components.schemas);
});

Deno.test("the version is the first listed one that the charger offers, in whatever order", async () => {
  await using site = await startTestGateway({ protocols });
  await using both = await RawClient.connect(site.ws_url, { path: "CP1", protocols: ["toy1", "ocpp1.6"] });
  assertEquals(both.protocol, "ocpp1.6");
  const answer = await both.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  assertEquals(answer[2].status, "Accepted");
  const offer = { path: "CP2", protocols: ["ocpp2.0.1"] };
  const error = await assertRejects(() => RawClient.connect(site.ws_url, offer), HandshakeRefused);
  assert(error.body.includes("ocpp1.6 or toy1"), error.body);
});
