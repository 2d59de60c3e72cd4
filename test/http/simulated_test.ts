// Simulated or real is a fact of each session, from how its charger identified itself at the handshake.
import { assert, assertEquals } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { SIMULATOR_HEADER } from "../../src/site/simulated.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";

const CLAIM = { [SIMULATOR_HEADER]: "1" };

/** Charges 9 kWh as a charger, and returns the session's id. */
async function charge(
  site: TestGateway,
  path: string,
  headers: Record<string, string> = {},
): Promise<number> {
  await using client = await RawClient.connect(site.ws_url, { path, headers });
  await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  const timestamp = new Date().toISOString();
  const start = { connectorId: 1, idTag: "T", meterStart: 0, timestamp };
  const { transactionId } = await client.call("StartTransaction", start);
  await client.call("StopTransaction", { transactionId, meterStop: 9000, timestamp });
  return transactionId;
}

async function sessionsOf(site: TestGateway, query = ""): Promise<[string, boolean][]> {
  const { body } = await site.rest("GET", `/ocpp/transactions/?${query}`);
  return body.transactions.map((
    { charger_id, simulated }: { charger_id: string; simulated: boolean },
  ) => [charger_id, simulated]);
}

async function isSimulated(site: TestGateway, charger_id: string): Promise<boolean> {
  return (await site.rest("GET", `/ocpp/chargers/${charger_id}/`)).body.simulated;
}

async function claims(site: TestGateway): Promise<string[]> {
  const { body } = await site.rest("GET", "/ocpp/security_events/");
  return body.security_events.filter(({ type }) => type === "SimulatorClaim")
    .map(({ tech_info }) => tech_info ?? "");
}

Deno.test("a real charger's sessions are real, whatever simulator records with its id come and go", async () => {
  await using site = await startTestGateway();
  await charge(site, "CP1");
  await site.rest("POST", "/ocpp/simulators/", { name: "rehearsal", cp_path: "CP1" });
  await charge(site, "CP1");
  assertEquals(await sessionsOf(site, "simulated=false"), [["CP1", false], ["CP1", false]]);
  assertEquals(await isSimulated(site, "CP1"), false);
  await site.rest("DELETE", "/ocpp/simulators/rehearsal/");
  assertEquals(await sessionsOf(site, "simulated=false"), [["CP1", false], ["CP1", false]]);
});

Deno.test("the sessions of the site's own simulators are simulated, also at the id of an adopted real charger", async () => {
  await using site = await startTestGateway();
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  for (const cp_path of ["CP1", "SIM-1"]) {
    const options = { cp_path, duration: 2, speed: 20, interval: 1 };
    await site.rest("POST", "/ocpp/simulators/", { name: cp_path, ...options });
    await site.rest("POST", `/ocpp/simulators/${cp_path}/action/`, { action: "start" });
  }
  const found = await eventually(async () => {
    const all = await sessionsOf(site, "state=completed");
    return all.length === 2 && all;
  });
  assertEquals(found.toSorted(), [["CP1", true], ["SIM-1", true]]);
  assertEquals([await isSimulated(site, "CP1"), await isSimulated(site, "SIM-1")], [false, true]);
  assert((await claims(site))[0]?.startsWith("A simulator connected as a real charger"));
});

Deno.test("a claim to be a simulator holds for a new charger, and ends when a real device connects as it", async () => {
  await using site = await startTestGateway();
  await charge(site, "CP1", CLAIM);
  assertEquals([await sessionsOf(site), await isSimulated(site, "CP1")], [[["CP1", true]], true]);
  await charge(site, "CP1");
  assertEquals([(await sessionsOf(site))[0], await isSimulated(site, "CP1")], [["CP1", false], false]);
  assert((await claims(site))[0]?.startsWith("A real charger replaced a simulator"));
});

Deno.test("a claim takes no energy of an adopted charger off the bill, and leaves a security event", async () => {
  await using site = await startTestGateway();
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  await charge(site, "CP1", CLAIM);
  await charge(site, "CP1", { [SIMULATOR_HEADER]: site.gateway.services.simulator_key.slice(1) });
  assertEquals(await sessionsOf(site), [["CP1", false], ["CP1", false]]);
  assertEquals(await isSimulated(site, "CP1"), false);
  assert((await claims(site))[0]?.includes("claims to be a simulator"));
});

Deno.test("an operator may mark a charger as simulated, whoever connects, and take the mark back", async () => {
  await using site = await startTestGateway();
  const made = await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", simulated: true });
  assertEquals([made.status, made.body.simulated, "marked_simulated" in made.body], [201, true, false]);
  await charge(site, "CP1");
  await site.rest("PATCH", "/ocpp/chargers/CP1/", { name: "Rehearsal" });
  assertEquals([await sessionsOf(site), await isSimulated(site, "CP1")], [[["CP1", true]], true]);
  await site.rest("PATCH", "/ocpp/chargers/CP1/", { simulated: false });
  await charge(site, "CP1");
  assertEquals(await sessionsOf(site), [["CP1", false], ["CP1", true]]);
});

Deno.test("lists show both kinds or the one asked for; CSV has a column; the choice must be true or false", async () => {
  await using site = await startTestGateway();
  await charge(site, "CP1");
  await charge(site, "SIM-1", CLAIM);
  assertEquals(await sessionsOf(site), [["SIM-1", true], ["CP1", false]]);
  assertEquals(await sessionsOf(site, "simulated=true"), [["SIM-1", true]]);
  assertEquals(await sessionsOf(site, "simulated=false&limit=1"), [["CP1", false]]);
  const chargers = async (query: string) =>
    (await site.rest("GET", `/ocpp/chargers/?${query}`)).body.chargers.map((
      { charger_id }: { charger_id: string },
    ) => charger_id);
  assertEquals(await chargers(""), ["CP1", "SIM-1"]);
  assertEquals(await chargers("simulated=true"), ["SIM-1"]);
  assertEquals(await chargers("simulated=false"), ["CP1"]);
  assertEquals((await site.rest("GET", "/ocpp/chargers/?simulated=yes")).status, 400);
  const csv = String((await site.rest("GET", "/ocpp/transactions/?format=csv")).body);
  const column = csv.split("\r\n")[0]!.split(",").indexOf("simulated");
  assertEquals(csv.trim().split("\r\n").slice(1).map((line) => line.split(",")[column]), ["true", "false"]);
});
