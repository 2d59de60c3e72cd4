// The security extension (TC_073 to TC_081, TC_088; X29, X30). What needs TLS is in tls_test.ts.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { HandshakeRefused } from "../../src/ocpp/client/socket.ts";
import { makeCa } from "../kit/certificates.ts";
import { askForCertificate, readLeaf } from "./certificates.ts";
import { WireCharger } from "../kit/wire_charger.ts";
import { cases, type Json, time } from "../kit/site.ts";

const KEY = "0123456789abcdef";

/** A charger that shows its key. */
function withKey(charger_id: string) {
  return { charger_id, headers: { authorization: `Basic ${btoa(`${charger_id}:${KEY}`)}` } };
}

const ACCEPTED = { status: "Accepted" };
const PASSWORD = "sixteen-bytes-ok";
const NEW_HEX = "00112233445566778899AABBCCDDEEFF";

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g)!, (pair) => parseInt(pair, 16));
}

/** A hash as chargers list them. */
function hashOf(hashAlgorithm: string): Json {
  const hex = "ab".repeat({ SHA256: 32, SHA384: 48, SHA512: 64 }[hashAlgorithm]!);
  return { hashAlgorithm, issuerNameHash: hex, issuerKeyHash: hex, serialNumber: "0123abcd" };
}

cases("Security extension", {}, (it) => {
  for (
    const [what, password, hex] of [["text", PASSWORD, toHex(PASSWORD)], [
      "hex",
      NEW_HEX,
      NEW_HEX.toLowerCase(),
    ]]
  ) {
    it(`a new password, given as ${what}: AuthorizationKey in hex, and only the new one opens (TC_073)`, async (site) => {
      const login = { username: "SEC" + what, password: "the-first-key-1" };
      await using charger = await site.charger({
        charger_id: login.username,
        record: { password: login.password },
        ...login,
      });
      const asked = site.rest("POST", `${charger.path}password/`, { password });
      const call = await charger.next("ChangeConfiguration");
      assertEquals(call.payload.key, "AuthorizationKey");
      assertMatch(call.payload.value, /^([0-9a-f]{2}){16,20}$/i);
      assertEquals(call.payload.value.toLowerCase(), hex);
      charger.answer(call, ACCEPTED);
      assertEquals((await asked).body, ACCEPTED);
      await assertRejects(() => charger.again(login), HandshakeRefused, "401");
      await using back = await charger.again({ ...login, password: fromHex(hex!) });
      assertEquals((await back.boot()).status, "Accepted");
      assert(
        !JSON.stringify(await back.view()).toLowerCase().includes(hex!),
        "the key is nowhere to be read",
      );
    });
  }

  it("a certificate for the charger: Accepted first, then CertificateSigned with its own key (TC_074, X30)", async (site) => {
    await using charger = await site.charger({ ...withKey("CP74"), record: { password: KEY } });
    await charger.boot({ chargePointSerialNumber: "SERIAL74" });
    const asked = await askForCertificate("CN=SERIAL74, O=Somebody");
    const trigger = { requestedMessage: "SignChargePointCertificate" };
    const commanded = site.command(charger.charger_id, "extended_trigger_message", trigger);
    const triggered = await charger.next("ExtendedTriggerMessage");
    assertEquals(triggered.payload, trigger);
    charger.answer(triggered, ACCEPTED);
    const frame = await charger.exchange("SignCertificate", { csr: asked.csr });
    assertEquals((await commanded).body.status, "Accepted");
    assertEquals([frame[0], frame[2]], [3, ACCEPTED], "the answer comes before the certificate");
    const signed = await charger.next("CertificateSigned");
    const { certificateChain } = signed.payload;
    assertMatch(certificateChain, /^-----BEGIN CERTIFICATE-----\r?\n/);
    const leaf = await readLeaf(certificateChain);
    assertEquals([leaf.common_name, leaf.public_key], ["CP74", asked.public_key]);
    const { name, hash, modulusLength = 2048 } = leaf.algorithm as {
      name: string;
      hash: { name: string };
      modulusLength?: number;
    };
    assertEquals([name, hash.name, modulusLength >= 2048], ["RSASSA-PKCS1-v1_5", "SHA-256", true]);
    charger.answer(signed, ACCEPTED);
    const { issued } = await site.get(`${charger.path}certificates/`);
    assertMatch(issued[0].subject, /CN=CP74/);
  });

  for (
    const [id, type] of [["TC_075_1", "ManufacturerRootCertificate"], [
      "TC_075_2",
      "CentralSystemRootCertificate",
    ]]
  ) {
    it(`install a ${type}, then list: exactly this type (${id})`, async (site) => {
      await using charger = await site.charger();
      const payload = { certificateType: type, certificate: (await makeCa("Somebody")).cert };
      const install = await charger.answerCommand("install_certificate", payload, ACCEPTED);
      assertEquals([install.action, install.request, install.body.status], [
        "InstallCertificate",
        payload,
        "Accepted",
      ]);
      const reply = { status: "Accepted", certificateHashData: [hashOf("SHA256")] };
      const list = await charger.answerCommand(
        "get_installed_certificate_ids",
        { certificateType: type },
        reply,
      );
      assertEquals([list.action, list.request], ["GetInstalledCertificateIds", { certificateType: type }]);
      assertEquals(list.body.response, reply);
      assertEquals((await site.get(`${charger.path}certificates/`)).roots[type!], [hashOf("SHA256")]);
    });
  }

  it("list and delete with identical hashes, for all three algorithms (TC_076)", async (site) => {
    await using charger = await site.charger();
    const certificateType = "CentralSystemRootCertificate";
    for (const algorithm of ["SHA256", "SHA384", "SHA512"]) {
      const [hash, other] = [hashOf(algorithm), { ...hashOf(algorithm), serialNumber: "02" }];
      const reply = { status: "Accepted", certificateHashData: [hash, other] };
      await charger.answerCommand("get_installed_certificate_ids", { certificateType }, reply);
      const { action, request, body } = await charger.answerCommand("delete_certificate", {
        certificateHashData: hash,
      }, ACCEPTED);
      assertEquals([action, request, body.status], [
        "DeleteCertificate",
        { certificateHashData: hash },
        "Accepted",
      ]);
      assertEquals((await site.get(`${charger.path}certificates/`)).roots[certificateType], [other]);
    }
  });

  it("a certificate that the charger rejects, and its security event, are kept (TC_077)", async (site) => {
    await using charger = await site.charger({ ...withKey("CP77"), record: { password: KEY } });
    const { csr } = await askForCertificate("CN=x");
    assertEquals(await charger.call("SignCertificate", { csr }), ACCEPTED);
    charger.answer(await charger.next("CertificateSigned"), { status: "Rejected" });
    const event = { type: "InvalidChargePointCertificate", timestamp: time() };
    assertEquals(await charger.call("SecurityEventNotification", event), {});
    const [kept] = await charger.list("security_events");
    assertEquals([kept!.type, kept!.at, kept!.source], [event.type, event.timestamp, "charger"]);
    assertEquals((await site.get(`${charger.path}certificates/`)).issued[0].status, "Rejected");
  });

  it("a root that the charger rejects, and its security event, are kept (TC_078)", async (site) => {
    await using charger = await site.charger();
    const payload = {
      certificateType: "CentralSystemRootCertificate",
      certificate: (await makeCa("Somebody")).cert,
    };
    const { body } = await charger.answerCommand("install_certificate", payload, { status: "Rejected" });
    assertEquals(body.status, "Rejected");
    const event = { type: "InvalidCentralSystemCertificate", timestamp: time(), techInfo: "bad chain" };
    assertEquals(await charger.call("SecurityEventNotification", event), {});
    const [kept] = await charger.list("security_events");
    assertEquals([kept!.type, kept!.tech_info], [event.type, "bad chain"]);
  });

  it("the security log is fetched: the job runs to Uploaded under its requestId (TC_079)", async (site) => {
    await using charger = await site.charger();
    const log = { remoteLocation: "https://files.example/logs/" };
    const asked = { logType: "SecurityLog", log };
    const reply = { status: "Accepted", filename: "sec.log" };
    const { action, request, body } = await charger.answerCommand("get_log", asked, reply);
    const { requestId, ...rest } = request;
    assertEquals([action, rest, body.response], ["GetLog", asked, reply]);
    for (const status of ["Uploading", "Uploaded"]) {
      assertEquals(await charger.call("LogStatusNotification", { status, requestId }), {});
    }
    const [job] = await charger.list("jobs");
    assertEquals([job!.state, job!.request_id, wordsOf(job!)], ["done", requestId, [
      "Accepted",
      "Uploading",
      "Uploaded",
    ]]);
  });

  const firmware = {
    location: "https://files.example/fw.bin",
    retrieveDateTime: time(),
    signingCertificate: "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----",
    signature: "c2lnbmF0dXJl",
  };
  const updates: [string, string[], string][] = [
    ["TC_080", [
      "Downloading",
      "Downloaded",
      "SignatureVerified",
      "Installing",
      "InstallRebooting",
      "Installed",
    ], "done"],
    ["TC_081", ["Downloading", "Downloaded", "InvalidSignature"], "failed"],
  ];
  for (const [id, words, state] of updates) {
    it(`a signed firmware update that ends with ${words.at(-1)}: all under one requestId (${id})`, async (site) => {
      await using charger = await site.charger();
      const { action, request, body } = await charger.answerCommand(
        "signed_update_firmware",
        { firmware },
        ACCEPTED,
      );
      const { requestId } = request;
      assertEquals([action, request, body.status], [
        "SignedUpdateFirmware",
        { requestId, firmware },
        "Accepted",
      ]);
      for (const status of words) {
        if (status === "Installed") {
          await charger.boot();
          const event = { type: "FirmwareUpdated", timestamp: time() };
          assertEquals(await charger.call("SecurityEventNotification", event), {});
        }
        assertEquals(await charger.call("SignedFirmwareStatusNotification", { status, requestId }), {});
      }
      const [job] = await charger.list("jobs");
      assertEquals([job!.state, job!.request_id, wordsOf(job!)], [state, requestId, ["Accepted", ...words]]);
      const events = (await charger.list("security_events")).map(({ type }) => type);
      assertEquals(events, id === "TC_080" ? ["FirmwareUpdated"] : []);
    });
  }

  it("an offer without ocpp1.6 is refused before the upgrade; ocpp1.6 is chosen wherever it stands (TC_088)", async (site) => {
    for (const protocols of [["ocpp0.1"], ["ocpp1.5", "ocpp2.0.1"], []]) {
      await assertRejects(() => WireCharger.connect(site, { protocols }), HandshakeRefused, "HTTP 400");
    }
    for (const protocols of [["ocpp0.1", "ocpp1.6"], ["ocpp1.6", "ocpp1.5"], ["ocpp2.0.1", "ocpp1.6"]]) {
      await using charger = await WireCharger.connect(site, { protocols });
      assertEquals(charger.wire.protocol, "ocpp1.6");
      assertEquals((await charger.boot()).status, "Accepted");
    }
  });

  it("AuthorizationKey is masked in GetConfiguration's answer, in what is kept, and in the log (X29)", async (site) => {
    await using charger = await site.charger();
    const secret = "53455245" + NEW_HEX.slice(8);
    const reply = { configurationKey: [{ key: "AuthorizationKey", readonly: false, value: secret }] };
    const { body } = await charger.answerCommand("get_configuration", undefined, reply);
    assertEquals(body.response.configurationKey[0].value, "***");
    await charger.answerCommand("change_configuration", { key: "AuthorizationKey", value: secret }, {
      status: "Rejected",
    });
    const asked = site.command(charger.charger_id, "get_configuration");
    charger.wire.send([3, (await charger.next()).id, { ...reply, unknownKey: 5 }]);
    const invalid = await asked;
    assertEquals([invalid.status, invalid.body.details.configurationKey[0].value], [502, "***"]);
    for (const path of [charger.path, `${charger.path}configuration/`, "/ocpp/audit/"]) {
      assert(!JSON.stringify(await site.get(path)).includes(secret), path);
    }
  });
});

function wordsOf(job: Json): string[] {
  return job.history.map(({ status }: Json) => status);
}

function toHex(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
