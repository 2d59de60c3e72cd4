// Certificates are issued to chargers that have proved who they are; the requests of others wait for an operator.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { askForCertificate, readLeaf } from "../conformance/certificates.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";

const BOOT = { chargePointVendor: "V", chargePointModel: "M", chargePointSerialNumber: "ANOTHER" };
const KEY = "0123456789abcdef";
const withKey = { headers: { authorization: `Basic ${btoa(`CP1:${KEY}`)}` } };

async function connect(site: TestGateway, options = {}): Promise<RawClient> {
  const client = await RawClient.connect(site.ws_url, { path: "/CP1", ...options });
  assertEquals((await client.call("BootNotification", BOOT))[0], 3);
  return client;
}

// deno-lint-ignore no-explicit-any
async function requests(site: TestGateway): Promise<any[]> {
  return (await site.rest("GET", "/ocpp/certificate_requests/")).body.certificate_requests;
}

Deno.test("a certificate for a stranger's request waits for an operator, who sees its fingerprint", async () => {
  await using site = await startTestGateway();
  await using client = await connect(site);
  const { csr } = await askForCertificate("CN=SOMEBODY");
  assertEquals((await client.call("SignCertificate", { csr }))[2], { status: "Accepted" });
  await eventually(async () => (await requests(site)).length === 1, "the request is kept");
  const [{ fingerprint, subject, charger_id }] = await requests(site);
  assertEquals([charger_id, subject], ["CP1", "CN=SOMEBODY"]);
  assertMatch(fingerprint, /^[0-9a-f]{64}$/);
  assertEquals((await site.rest("GET", "/ocpp/chargers/CP1/certificates/")).body.issued, []);
  assertEquals(client.waiting, 0, "nothing was sent");

  const decide = (body: unknown) => site.rest("POST", "/ocpp/certificate_requests/CP1/", body);
  assertEquals((await decide({ action: "approve", fingerprint: "0".repeat(64) })).status, 409);
  const decided = decide({ action: "approve", fingerprint });
  const [, id, action, { certificateChain }] = await client.next() as [
    number,
    string,
    string,
    { certificateChain: string },
  ];
  assertEquals(action, "CertificateSigned");
  assertEquals((await readLeaf(certificateChain)).common_name, "CP1", "its id, whatever it asks for");
  client.send([3, id, { status: "Accepted" }]);
  assertEquals((await decided).body, { status: "sent" });
  assertEquals(await requests(site), []);
  const { issued, request } = (await site.rest("GET", "/ocpp/chargers/CP1/certificates/")).body;
  assertEquals([issued[0]!.status, issued[0]!.chain, request], ["Accepted", undefined, null]);
});

Deno.test("an operator refuses a certificate request", async () => {
  await using site = await startTestGateway();
  await using client = await connect(site);
  await client.call("SignCertificate", { csr: (await askForCertificate("CN=X")).csr });
  await eventually(async () => (await requests(site)).length === 1, "the request is kept");
  const [{ fingerprint }] = await requests(site);
  const { body } = await site.rest("POST", "/ocpp/certificate_requests/CP1/", {
    action: "refuse",
    fingerprint,
  });
  assertEquals(body, { status: "refused" });
  assertEquals(await requests(site), []);
  assertEquals((await site.rest("GET", "/ocpp/chargers/CP1/certificates/")).body.issued, []);
});

Deno.test("a certificate goes at once to a charger that has shown its key, for its id", async () => {
  await using site = await startTestGateway();
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", password: KEY });
  await using client = await connect(site, withKey);
  await client.call("SignCertificate", { csr: (await askForCertificate("CN=ANOTHER")).csr });
  const [, id, action, payload] = await client.next() as [
    number,
    string,
    string,
    { certificateChain: string },
  ];
  assertEquals(action, "CertificateSigned");
  assertEquals((await readLeaf(payload.certificateChain)).common_name, "CP1");
  client.send([3, id, { status: "Accepted" }]);
  assertEquals(await requests(site), []);
});

Deno.test("a certificate whose charger hung up is sent at its next connection", async () => {
  await using site = await startTestGateway({ tuning: { boot_grace_ms: 20 } });
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", password: KEY });
  {
    await using client = await connect(site, withKey);
    await client.call("SignCertificate", { csr: (await askForCertificate("CN=CP1")).csr });
    await client.next(); // hangs up without an answer
  }
  await using client = await connect(site, withKey);
  const [, id, action] = await client.next() as [number, string, string];
  assertEquals(action, "CertificateSigned");
  client.send([3, id, { status: "Accepted" }]);
  await eventually(
    async () =>
      (await site.rest("GET", "/ocpp/chargers/CP1/certificates/")).body.issued[0]?.status === "Accepted",
    "the answer is kept",
  );
});

Deno.test("the request of a charger goes with its record", async () => {
  await using site = await startTestGateway();
  await using client = await connect(site);
  await client.call("SignCertificate", { csr: (await askForCertificate("CN=X")).csr });
  await eventually(async () => (await requests(site)).length === 1, "the request is kept");
  await site.rest("DELETE", "/ocpp/chargers/CP1/");
  await eventually(async () => (await requests(site)).length === 0, "the request is gone");
  assert(true);
});
