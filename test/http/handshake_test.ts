// Handshakes of chargers: paths, ids and subprotocols (OCPP-J 1.6 chapter 3).
import { assertEquals } from "@std/assert";
import { RawClient, type RawClientOptions } from "../../src/ocpp/client/raw_client.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";

/** Connects: the subprotocol that was chosen, or the status of the refusal. */
async function knock(
  site: TestGateway,
  path: string,
  options: RawClientOptions = {},
): Promise<string | number> {
  try {
    const charger = await RawClient.connect(site.ws_url, { path, ...options });
    const { protocol } = charger;
    await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
    await charger.close();
    return protocol;
  } catch (error) {
    return (error as { status?: number }).status ?? String(error);
  }
}

Deno.test("Any path will do: its last segment is the id, decoded once (Q04)", async () => {
  await using site = await startTestGateway();
  const cases = [["/CP1", "CP1"], ["/CP1/", "CP1"], ["/foo/bar/CP1/", "CP1"], ["///CP2", "CP2"], [
    "/RDAM%20123",
    "RDAM 123",
  ]];
  for (const [path, id] of cases) {
    assertEquals(await knock(site, path!), "ocpp1.6", path);
    assertEquals((await site.rest("GET", `/ocpp/chargers/${encodeURIComponent(id!)}/`)).body.last_path, path);
  }
  assertEquals((await site.rest("GET", "/ocpp/chargers/")).body.chargers.length, 3);
});

Deno.test("The id is matched without regard to case, and spelled as it is registered (Q06)", async () => {
  await using site = await startTestGateway();
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "Garage-1" });
  assertEquals(await knock(site, "/GARAGE-1"), "ocpp1.6");
  assertEquals((await site.rest("GET", "/ocpp/chargers/garage-1/")).body.charger_id, "Garage-1");
  assertEquals((await site.rest("GET", "/ocpp/chargers/")).body.chargers.length, 1);
});

Deno.test("ocpp1.6 is chosen wherever it stands in the offer; without it there is no upgrade (Q02, TC_088)", async () => {
  await using site = await startTestGateway();
  for (const protocols of [["ocpp1.6", "ocpp1.5"], ["ocpp2.0.1", "ocpp1.6"], ["ocpp0.1", "ocpp1.6"]]) {
    assertEquals(await knock(site, "/CP1", { protocols }), "ocpp1.6");
  }
  assertEquals(await knock(site, "/CP1", { protocols: ["ocpp0.1"] }), 400);
  assertEquals(await knock(site, "/CP1", { protocols: [] }), 400);
  await site.rest("PATCH", "/ocpp/settings/", { allow_no_subprotocol: true });
  assertEquals(await knock(site, "/CP1", { protocols: [] }), "");
});

Deno.test("Unknown chargers are turned away where the site says so", async () => {
  await using site = await startTestGateway({ settings: { unknown_chargers: "reject" } });
  assertEquals(await knock(site, "/CP1"), 404);
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  assertEquals(await knock(site, "/CP1"), "ocpp1.6");
});

Deno.test("A key is bytes: the example of OCPP-J holds (TC_085)", async () => {
  await using site = await startTestGateway();
  const password = "0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF";
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "AL1000", password });
  const withHeader = (authorization: string) => knock(site, "/AL1000", { headers: { authorization } });
  assertEquals(await withHeader("Basic QUwxMDAwOgABAgMEBQYH////////////////"), "ocpp1.6");
  assertEquals(await withHeader(`Basic ${btoa(`AL1000:${password}`)}`), "ocpp1.6");
  assertEquals(await knock(site, "/AL1000"), 401);
  assertEquals(await withHeader(`Basic ${btoa(`AL1001:${password}`)}`), 401);
  assertEquals(await withHeader("Basic !!!"), 401);
  assertEquals(await withHeader(`Basic ${btoa("AL1000:wrong")}`), 401);
});
