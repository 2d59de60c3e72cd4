import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sign, X509Certificate } from "node:crypto";
import { makeCa } from "../kit/certificates.ts";
import { type SimulatedCharger, simulatedCharger } from "../kit/simulated_charger.ts";

/** A file server: serves `content`, records uploads, and fails the first `failures` requests. */
function files(content: string, failures = 0) {
  const brought: { path: string; text: string; authorization: string | null }[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const text = await request.text();
    if (failures-- > 0) return new Response("later", { status: 503 });
    if (request.method === "GET") return new Response(content);
    brought.push({
      path: new URL(request.url).pathname,
      text,
      authorization: request.headers.get("authorization"),
    });
    return new Response(null, { status: 201 });
  });
  const host = `127.0.0.1:${server.addr.port}`;
  return { host, url: `http://${host}`, brought, [Symbol.asyncDispose]: () => server.shutdown() };
}

function statuses(b: SimulatedCharger, action: string): string[] {
  return b.central.of(action).map(({ status }) => status);
}

/** Days from now that include the time of a virtual clock. */
const IN_SIMULATED_TIME = { from: -7300, to: 7300 };

const soon = (b: SimulatedCharger, s = 0) => new Date(b.clock.now() + s * 1000).toISOString();

Deno.test("UpdateFirmware downloads, installs, restarts and reports each step", async () => {
  await using server = files("firmware");
  await using b = await simulatedCharger();
  assertEquals(
    await b.call("UpdateFirmware", { location: `${server.url}/fw-2.5.0.bin`, retrieveDate: soon(b, 30) }),
    {},
  );
  assertEquals(b.newMessages(), []);
  await b.clock.advance(60_000);
  assertEquals(b.newMessages(), [
    "FirmwareStatusNotification",
    "FirmwareStatusNotification",
    "1 Unavailable",
    "FirmwareStatusNotification",
    "BootNotification",
    "0 Available",
    "1 Unavailable",
    "1 Available",
    "FirmwareStatusNotification",
  ]);
  assertEquals(statuses(b, "FirmwareStatusNotification"), [
    "Downloading",
    "Downloaded",
    "Installing",
    "Installed",
  ]);
  assertEquals(b.central.of("BootNotification")[1].firmwareVersion, "2.5.0");
});

Deno.test("UpdateFirmware waits for the end of sessions", async () => {
  await using server = files("firmware");
  await using b = await simulatedCharger();
  await b.charge();
  await b.call("UpdateFirmware", { location: `${server.url}/fw`, retrieveDate: soon(b) });
  await b.clock.advance(60_000);
  assertEquals(statuses(b, "FirmwareStatusNotification"), ["Downloading", "Downloaded"]);
  b.sim.unplug();
  await b.clock.advance(30_000);
  assertEquals(statuses(b, "FirmwareStatusNotification").slice(2), ["Installing", "Installed"]);
});

Deno.test("a download is retried, and fails after the last attempt", async () => {
  for (const [failures, end] of [[2, "Installed"], [3, "DownloadFailed"]] as const) {
    await using server = files("firmware", failures);
    await using b = await simulatedCharger();
    await b.call("UpdateFirmware", {
      location: `${server.url}/fw`,
      retrieveDate: soon(b),
      retries: 2,
      retryInterval: 20,
    });
    await b.clock.advance(60_000);
    assertEquals(statuses(b, "FirmwareStatusNotification").at(-1), end);
  }
  await using b = await simulatedCharger();
  await b.call("UpdateFirmware", { location: "ftp://127.0.0.1/fw", retrieveDate: soon(b), retries: 9 });
  assertEquals(statuses(b, "FirmwareStatusNotification"), ["Downloading", "DownloadFailed"]);
});

Deno.test("an empty firmware file is not installed", async () => {
  await using server = files("");
  await using b = await simulatedCharger();
  await b.call("UpdateFirmware", { location: `${server.url}/fw`, retrieveDate: soon(b) });
  assertEquals(statuses(b, "FirmwareStatusNotification"), [
    "Downloading",
    "Downloaded",
    "InstallationFailed",
  ]);
});

Deno.test("GetDiagnostics uploads a file under the announced name", async () => {
  await using server = files("");
  await using b = await simulatedCharger();
  const { fileName } = await b.call("GetDiagnostics", { location: `http://u:p%40@${server.host}/in/` });
  assertEquals(statuses(b, "DiagnosticsStatusNotification"), ["Uploading", "Uploaded"]);
  const [{ path, text, authorization }] = server.brought as [typeof server.brought[number]];
  assertEquals([path, authorization], [`/in/${fileName}`, `Basic ${btoa("u:p@")}`]);
  assertStringIncludes(text, "connector 1 Available 0 Wh");
});

Deno.test("GetLog reports its upload with its requestId", async () => {
  await using server = files("");
  await using b = await simulatedCharger();
  const log = (requestId: number, remoteLocation: string) =>
    b.call("GetLog", { logType: "SecurityLog", requestId, log: { remoteLocation } });
  await b.call("InstallCertificate", {
    certificateType: "CentralSystemRootCertificate",
    certificate: "nonsense",
  });
  assertEquals((await log(5, `${server.url}/log.txt`)).status, "Accepted");
  assertStringIncludes(server.brought[0]!.text, "InvalidCentralSystemCertificate");
  await log(6, "sftp://127.0.0.1/");
  await log(7, "nowhere");
  assertEquals(b.central.of("LogStatusNotification").map(({ status, requestId }) => [status, requestId]), [
    ["Uploading", 5],
    ["Uploaded", 5],
    ["Uploading", 6],
    ["NotSupportedOperation", 6],
    ["Uploading", 7],
    ["BadMessage", 7],
  ]);
});

Deno.test("triggered notifications report Idle when nothing is under way", async () => {
  await using b = await simulatedCharger();
  await b.call("TriggerMessage", { requestedMessage: "DiagnosticsStatusNotification" });
  await b.call("TriggerMessage", { requestedMessage: "FirmwareStatusNotification" });
  await b.call("ExtendedTriggerMessage", { requestedMessage: "LogStatusNotification" });
  await b.call("ExtendedTriggerMessage", { requestedMessage: "FirmwareStatusNotification" });
  assertEquals(b.central.received.slice(-4), [
    { action: "DiagnosticsStatusNotification", payload: { status: "Idle" } },
    { action: "FirmwareStatusNotification", payload: { status: "Idle" } },
    { action: "LogStatusNotification", payload: { status: "Idle" } },
    { action: "SignedFirmwareStatusNotification", payload: { status: "Idle" } },
  ]);
});

Deno.test("SignedUpdateFirmware verifies certificate and signature", async () => {
  const maker = await makeCa("Maker");
  const signer = await maker.issue({ common_name: "Signer", ...IN_SIMULATED_TIME });
  const other = await makeCa("Other").then((ca) => ca.issue({ common_name: "Signer", ...IN_SIMULATED_TIME }));
  for (const genuine of [true, false]) {
    await using server = files("firmware");
    await using b = await simulatedCharger();
    await b.call("InstallCertificate", {
      certificateType: "ManufacturerRootCertificate",
      certificate: maker.cert,
    });
    const firmware = {
      location: `${server.url}/fw-3.0.bin`,
      retrieveDateTime: soon(b),
      signingCertificate: signer.cert,
      signature: sign("sha256", new TextEncoder().encode(genuine ? "firmware" : "other"), signer.key)
        .toString("base64"),
    };
    assertEquals(await b.call("SignedUpdateFirmware", { requestId: 9, firmware }), { status: "Accepted" });
    await b.clock.advance(30_000);
    assertEquals(
      statuses(b, "SignedFirmwareStatusNotification"),
      genuine
        ? ["Downloading", "Downloaded", "SignatureVerified", "Installing", "InstallRebooting", "Installed"]
        : ["Downloading", "Downloaded", "InvalidSignature"],
    );
    assertEquals(b.central.of("SecurityEventNotification").map(({ type }) => type), [
      genuine ? "FirmwareUpdated" : "InvalidFirmwareSignature",
    ]);
    const foreign = { ...firmware, signingCertificate: other.cert };
    assertEquals(
      (await b.call("SignedUpdateFirmware", { requestId: 10, firmware: foreign })).status,
      "InvalidCertificate",
    );
  }
});

Deno.test("root certificates are installed, listed and deleted by their hashes", async () => {
  await using b = await simulatedCharger();
  const certificateType = "CentralSystemRootCertificate";
  const list = () => b.call("GetInstalledCertificateIds", { certificateType });
  assertEquals(await list(), { status: "NotFound" });
  const install = (certificate: string) => b.call("InstallCertificate", { certificateType, certificate });
  const { cert } = await makeCa("Central");
  assertEquals(await install(cert), { status: "Accepted" });
  assertEquals(await install("nonsense"), { status: "Rejected" });
  const { certificateHashData: [hash] } = await list();
  const serial = new X509Certificate(cert).serialNumber.toLowerCase().replace(/^0+/, "");
  assertEquals([hash.serialNumber.replace(/^0+/, ""), hash.issuerNameHash.length], [serial, 64]);
  assertEquals(await b.call("DeleteCertificate", { certificateHashData: { ...hash, serialNumber: "1" } }), {
    status: "NotFound",
  });
  assertEquals(await b.call("DeleteCertificate", { certificateHashData: hash }), { status: "Accepted" });
  assertEquals(await list(), { status: "NotFound" });
});

Deno.test("a charger requests a certificate and accepts only one for its key", async () => {
  await using b = await simulatedCharger();
  const ca = await makeCa("Central");
  assertEquals(await b.call("ExtendedTriggerMessage", { requestedMessage: "SignChargePointCertificate" }), {
    status: "Accepted",
  });
  const [{ csr }] = b.central.of("SignCertificate");
  assertEquals(await b.call("CertificateSigned", { certificateChain: (await makeCa("Other")).cert }), {
    status: "Rejected",
  });
  assertEquals(b.central.of("SecurityEventNotification")[0].type, "InvalidChargePointCertificate");
  const certificateChain = await ca.sign(csr, { common_name: "SIM-0001" });
  assertEquals(await b.call("CertificateSigned", { certificateChain }), { status: "Accepted" });
  assert(b.sim.charger.certificates.identity);
});

Deno.test("a new AuthorizationKey is used at once, as bytes", async () => {
  await using b = await simulatedCharger({ password: "old password 1234" });
  const change = async (value: string) =>
    (await b.call("ChangeConfiguration", { key: "AuthorizationKey", value })).status;
  assertEquals(await change("short"), "Rejected");
  assertEquals(await change("0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF"), "Accepted");
  await b.central.until(() => b.central.handshakes.length === 2);
  await b.sim.accepted;
  assertEquals(b.central.handshakes[1]!.authorization, "Basic Q1AxOgABAgMEBQYH////////////////");
  assertEquals(b.newMessages(), []);
});

Deno.test("SecurityProfile is not raised without password or certificates, and never lowered", async () => {
  await using b = await simulatedCharger({ password: "old password 1234" });
  const change = async (value: string) =>
    (await b.call("ChangeConfiguration", { key: "SecurityProfile", value })).status;
  assertEquals([await change("0"), await change("2"), await change("3")], [
    "Rejected",
    "Rejected",
    "Rejected",
  ]);
});
