// Keys of chargers: words are hashed slowly, weak ones are warned of, and adoption sends one.
import { assert, assertEquals } from "@std/assert";
import { HandshakeRefused } from "../../src/ocpp/client/socket.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";

const BOOT = { chargePointVendor: "V", chargePointModel: "M" };

async function knock(site: TestGateway, password: string | Uint8Array): Promise<number> {
  try {
    await using client = await RawClient.connect(site.ws_url, { path: "/CP1", username: "CP1", password });
    assertEquals((await client.call("Heartbeat"))[0], 3);
    return 101;
  } catch (error) {
    if (error instanceof HandshakeRefused) return error.status;
    throw error;
  }
}

function storedKey(site: TestGateway) {
  return site.gateway.services.store.chargers.get("CP1")!.password!;
}

Deno.test("a key that is a word is stored by scrypt, and is accepted after a restart and at each reconnect", async () => {
  await using site = await startTestGateway();
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", password: "correct battery" });
  assertEquals(storedKey(site).scheme, "scrypt");
  const { store } = site.gateway.services;
  const charger = store.chargers.get("CP1")!;
  await store.chargers.put({ ...charger, password: { ...charger.password! } }); // as loaded after a restart
  assertEquals(await knock(site, "wrong battery"), 401);
  assertEquals(await knock(site, "correct battery"), 101);
  for (let n = 0; n < 5; n++) assertEquals(await knock(site, "correct battery"), 101);
  assertEquals(await knock(site, "wrong battery"), 401);
});

Deno.test("a key of random bytes is stored by a fast hash", async () => {
  await using site = await startTestGateway();
  const password = "000102030405060708090a0b0c0d0e0f";
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", password });
  assertEquals(storedKey(site).scheme, undefined);
  assertEquals(await knock(site, password), 101, "hex digits are taken for the bytes");
});

Deno.test("a key below 16 bytes is warned of in the answer", async () => {
  await using site = await startTestGateway();
  const made = await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", password: "short" });
  assert(made.body.warnings?.[0]?.includes("5 bytes"));
  const changed = await site.rest("PATCH", "/ocpp/chargers/CP1/", { password: "sixteen letters!" });
  assertEquals(changed.body.warnings, undefined);
});

Deno.test("adoption sends the charger a random key at once", async () => {
  await using site = await startTestGateway({ settings: { unknown_chargers: "pending" } });
  await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
  await client.call("BootNotification", BOOT);
  const { knock_id } = (await site.rest("GET", "/ocpp/waiting/")).body.knocks[0]!;
  const adopted = site.rest("POST", `/ocpp/waiting/${knock_id}/`, { action: "adopt", send_key: true });
  const [, id, action, { key, value }] = await client.next() as [
    number,
    string,
    string,
    Record<string, string>,
  ];
  assertEquals([action, key], ["ChangeConfiguration", "AuthorizationKey"]);
  client.send([3, id, { status: "Accepted" }]);
  const { body } = await adopted;
  assertEquals([body.registration, body.has_password], ["Accepted", true]);
  assertEquals(await knock(site, value!), 101);
  assertEquals(await knock(site, "0".repeat(40)), 401);
});
