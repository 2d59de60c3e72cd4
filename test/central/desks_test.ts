// Work of the gateway after a charger's answer, such as further list updates and certificates, and its view in REST.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { loadX509 } from "../../src/site/security/certificate_request.ts";
import { keyBytes } from "../../src/site/security/charger_key.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { eventually } from "../kit/eventually.ts";

// deno-lint-ignore no-explicit-any
type Json = any;

const BOOT = { chargePointVendor: "V", chargePointModel: "M", chargePointSerialNumber: "SN1" };
const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

function command(site: TestGateway, action: string, payload: unknown = {}) {
  return site.rest("POST", "/ocpp/chargers/CP1/action/", { action, payload });
}

const KEY = "0123456789abcdef";

async function booted(site: TestGateway, headers: Record<string, string> = {}): Promise<RawClient> {
  const charger = await RawClient.connect(site.ws_url, { path: "CP1", headers });
  await charger.call("BootNotification", BOOT);
  return charger;
}

/** Takes the next call, checks its action, and answers it. */
async function serve(charger: RawClient, expected: string, answer: unknown): Promise<Json> {
  const [type, id, action, payload] = await charger.next() as Json;
  assertEquals([type, action], [2, expected]);
  charger.send([3, id, answer]);
  return payload;
}

const know = (key: string, value: string) => ({ configurationKey: [{ key, value, readonly: true }] });

Deno.test("a list longer than the charger takes goes on by itself, and after a refusal from the beginning (X27, X28)", async () => {
  await using site = await startTestGateway();
  await using charger = await booted(site);
  for (const rfid of ["A", "B", "C"]) await site.rest("POST", "/ocpp/rfids/", { rfid });
  const asked = command(site, "get_configuration");
  await serve(charger, "GetConfiguration", know("SendLocalListMaxLength", "2"));
  await asked;
  const sent = command(site, "send_local_list");
  const seen: unknown[] = [];
  for (const status of ["Accepted", "VersionMismatch", "Accepted", "Accepted"]) {
    const { updateType, listVersion, localAuthorizationList } = await serve(charger, "SendLocalList", {
      status,
    });
    seen.push([updateType, listVersion, localAuthorizationList.map(({ idTag }: Json) => idTag).join("")]);
  }
  assertEquals((await sent).body.status, "Accepted");
  assertEquals(seen, [["Full", 1, "AB"], ["Differential", 2, "C"], ["Full", 2, "AB"], [
    "Differential",
    3,
    "C",
  ]]);
  const heartbeat = await charger.call("Heartbeat", {}); // nothing more comes
  assertEquals(heartbeat[0], 3);
  const list = async () => (await site.rest("GET", "/ocpp/chargers/CP1/local_list/")).body;
  await eventually(async () => (await list()).version === 3); // the last answer may still be on its way to the store
  const { tags, known } = await list();
  assertEquals([Object.keys(tags), known], [["A", "B", "C"], true]);
});

Deno.test("sync_local_lists sends what changes in the RFID table", async () => {
  await using site = await startTestGateway({ settings: { sync_local_lists: true } });
  await using charger = await booted(site);
  await site.rest("POST", "/ocpp/rfids/", { rfid: "NEW" });
  await serve(charger, "GetLocalListVersion", { listVersion: 0 });
  const { updateType, localAuthorizationList } = await serve(charger, "SendLocalList", {
    status: "Accepted",
  });
  assertEquals([updateType, localAuthorizationList[0].idTag], ["Differential", "NEW"]);
});

Deno.test("SignCertificate is answered before the certificate goes out (X30, TC_074)", async () => {
  await using site = await startTestGateway();
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", password: KEY });
  await using charger = await booted(site, { authorization: `Basic ${btoa(`CP1:${KEY}`)}` });
  const x509 = await loadX509();
  const keys = await crypto.subtle.generateKey(EC, true, ["sign", "verify"]) as CryptoKeyPair;
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name: "CN=x",
    keys,
    signingAlgorithm: EC,
  });
  charger.send([2, "sign", "SignCertificate", { csr: csr.toString("pem") }]);
  assertEquals(await charger.next(), [3, "sign", { status: "Accepted" }]);
  const { certificateChain } = await charger.next(20_000).then(([, id, action, payload]: Json) => {
    assertEquals(action, "CertificateSigned");
    charger.send([3, id, { status: "Accepted" }]);
    return payload;
  });
  const leaf = new x509.X509Certificate(certificateChain);
  assertEquals(leaf.subjectName.getField("CN"), ["CP1"]);
  assertEquals(leaf.publicKey.toString("pem"), csr.publicKey.toString("pem"));
  const root = await fetch(`${site.url}/ocpp/site_ca/`, {
    headers: { authorization: `Basic ${btoa("admin:correct horse battery")}` },
  });
  assert(await leaf.verify({ publicKey: new x509.X509Certificate(await root.text()).publicKey }));
});

Deno.test("REST never shows the AuthorizationKey; a new password goes out as hex (X29, TC_073)", async () => {
  await using site = await startTestGateway();
  await using charger = await booted(site);
  const asked = command(site, "get_configuration");
  await serve(charger, "GetConfiguration", {
    configurationKey: [{ key: "AuthorizationKey", value: "SECRET", readonly: false }],
  });
  assertEquals((await asked).body.response.configurationKey[0].value, "***");
  const changed = site.rest("POST", "/ocpp/chargers/CP1/password/", { password: "sixteen letters!" });
  const { key, value } = await serve(charger, "ChangeConfiguration", { status: "Accepted" });
  assertEquals([key, value], ["AuthorizationKey", "7369787465656e206c65747465727321"]);
  assertEquals([(await changed).status, (await changed).body], [200, { status: "Accepted" }]);
  const detail = JSON.stringify((await site.rest("GET", "/ocpp/chargers/CP1/")).body);
  for (const secret of ["SECRET", value, "passwords_sent"]) {
    assertEquals(detail.includes(secret), false, secret);
  }
  const again = await RawClient.connect(site.ws_url, {
    path: "CP1",
    username: "CP1",
    password: keyBytes(value),
  });
  await again.close();
});

Deno.test("the configuration desk writes what differs and names what needs a reboot", async () => {
  await using site = await startTestGateway();
  await using charger = await booted(site);
  const asked = command(site, "get_configuration");
  await serve(charger, "GetConfiguration", know("Fixed", "1"));
  await asked;
  await site.rest("PUT", "/ocpp/configuration_templates/site/", { values: { Fixed: "2", Beat: "60" } });
  const { body } = await site.rest("GET", "/ocpp/chargers/CP1/configuration/compare/?template=site");
  assertEquals(body.differences.map(({ key }: Json) => key), ["Fixed", "Beat"]);
  const written = site.rest("POST", "/ocpp/chargers/CP1/configuration/", {
    values: { Fixed: "2", Beat: "60" },
  });
  assertEquals(await serve(charger, "ChangeConfiguration", { status: "RebootRequired" }), {
    key: "Beat",
    value: "60",
  });
  assertEquals((await written).body, {
    results: [{ key: "Beat", status: "RebootRequired" }],
    reboot: ["Beat"],
    equal: [],
    readonly: ["Fixed"],
  });
});

Deno.test("GetDiagnostics without a location takes the charger to the gateway that it is connected to", async () => {
  await using site = await startTestGateway();
  await using charger = await booted(site);
  const asked = command(site, "get_diagnostics");
  const { location } = await serve(charger, "GetDiagnostics", { fileName: "d.zip" });
  assertMatch(location, new RegExp(`^${site.url}/files/upload/[0-9a-f]{32}/diagnostics$`));
  await asked;
  const { body } = await site.rest("GET", "/ocpp/chargers/CP1/jobs/");
  assertEquals([body.jobs[0].state, body.jobs[0].location.includes("***")], ["running", true]);
});

Deno.test("quirks are settable, and shown with their defaults", async () => {
  await using site = await startTestGateway();
  await using _charger = await booted(site);
  const patch = (quirks: unknown) => site.rest("PATCH", "/ocpp/chargers/CP1/", { quirks });
  assertEquals((await patch({ time_zone: "Mars/Base" })).status, 400);
  assertEquals((await patch({ nonsense: 1 })).status, 400);
  const { body } = await patch({ time_zone: "Europe/Berlin" });
  assertEquals([body.quirks.time_zone, body.quirks.register_factor], ["Europe/Berlin", 1]);
});
