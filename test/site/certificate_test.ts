import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Refusal } from "../../src/site/context.ts";
import { loadX509, refusalOfCsr } from "../../src/site/security/certificate_request.ts";
import { certificatesOf } from "../../src/site/security/certificates.ts";
import { SiteCa } from "../../src/site/security/site_ca.ts";
import { NOON, TestCharger } from "../kit/charger.ts";

const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", publicExponent: new Uint8Array([1, 0, 1]) };
const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

async function csrOf(
  name: string,
  algorithm: RsaHashedKeyGenParams | (EcKeyGenParams & { hash: string }),
): Promise<string> {
  const x509 = await loadX509();
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]) as CryptoKeyPair;
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name,
    keys,
    signingAlgorithm: algorithm,
  });
  return request.toString("pem");
}

Deno.test("A certificate request is checked: signature, key size, and CN where strict", async () => {
  const rules = { names: ["SN1", "CP1"], strict: true };
  const good = await csrOf("CN=SN1, O=Site", EC);
  assertEquals(await refusalOfCsr(good, rules), null);
  assertEquals(await refusalOfCsr(await csrOf("CN=SN1", { ...RSA, modulusLength: 2048 }), rules), null);
  assertMatch(
    String(await refusalOfCsr(await csrOf("CN=SN1", { ...RSA, modulusLength: 1024 }), rules)),
    /2048/,
  );
  assertMatch(String(await refusalOfCsr(await csrOf("CN=OTHER", EC), rules)), /OTHER/);
  assertEquals(await refusalOfCsr(await csrOf("CN=OTHER", EC), { ...rules, strict: false }), null);
  assertEquals(
    await refusalOfCsr("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----", rules),
    "it cannot be read",
  );
  assertEquals(await refusalOfCsr("", rules), "it cannot be read");
});

Deno.test("A certificate request whose signature was tampered with is refused", async () => {
  const pem = await csrOf("CN=SN1", EC);
  const body = Uint8Array.from(atob(pem.replaceAll(/-----[^-]+-----|\s/g, "")), (char) => char.charCodeAt(0));
  body[body.length - 1]! ^= 1;
  const tampered = `-----BEGIN CERTIFICATE REQUEST-----\n${
    btoa(String.fromCharCode(...body))
  }\n-----END CERTIFICATE REQUEST-----`;
  assertEquals(await refusalOfCsr(tampered, { names: [], strict: false }), "the signature is wrong");
});

Deno.test("SignCertificate is Accepted when the request can be signed, and tells of it (TC_074)", async () => {
  await using charger = await TestCharger.make({ serial_number: "SN1" });
  const csr = await csrOf("CN=", EC).catch(() => csrOf("CN=x", EC));
  assertEquals(await charger.call("SignCertificate", { csr }), { status: "Accepted" });
  assertEquals(charger.told("sign_certificate"), [{ csr }]);
  await charger.store.changeSettings({ strict_csr: true });
  assertEquals(await charger.call("SignCertificate", { csr }), { status: "Rejected" });
  assertEquals(charger.store.security_events.all().map(({ type }) => type), ["InvalidCertificateRequest"]);
});

Deno.test("The site's CA signs with the charger's name, and is the same after a restart", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const x509 = await loadX509();
    const csr = await csrOf("CN=whatever", EC);
    const signed = await new SiteCa({ directory, now: () => NOON, key_bits: 2048 }).sign(csr, {
      common_name: "SN1",
      organization: "Our site",
    });
    const leaf = new x509.X509Certificate(signed.chain);
    const root = new x509.X509Certificate(
      await new SiteCa({ directory, now: () => NOON, key_bits: 2048 }).certificate(),
    );
    assertEquals(leaf.subjectName.getField("CN"), ["SN1"]);
    assertEquals(leaf.subjectName.getField("O"), ["Our site"]);
    assertEquals(
      leaf.publicKey.toString("pem"),
      new x509.Pkcs10CertificateRequest(csr).publicKey.toString("pem"),
    );
    assertEquals(leaf.signatureAlgorithm.name, "RSASSA-PKCS1-v1_5");
    assert(await leaf.verify({ publicKey: root.publicKey, date: new Date(NOON) }));
    assert(signed.chain.length < 10_000);
    assertEquals((await Deno.stat(`${directory}/site_ca_key.pem`)).mode! & 0o777, 0o600);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

const ROOT = { hashAlgorithm: "SHA384", issuerNameHash: "AB", issuerKeyHash: "CD", serialNumber: "01" };

Deno.test("DeleteCertificate of the last root of its type needs confirm (M04.FR.07)", async () => {
  await using charger = await TestCharger.make();
  const other = { ...ROOT, serialNumber: "02" };
  const list = { certificateType: "CentralSystemRootCertificate" };
  await charger.command("GetInstalledCertificateIds", list, {
    status: "Accepted",
    certificateHashData: [ROOT, other],
  });
  await charger.command("DeleteCertificate", { certificateHashData: other }, { status: "Accepted" });
  await assertRejects(
    () => charger.command("DeleteCertificate", { certificateHashData: ROOT }, { status: "Accepted" }),
    Refusal,
    "last CentralSystemRootCertificate",
  );
  const sent = await charger.command("DeleteCertificate", { certificateHashData: ROOT, confirm: true }, {
    status: "Accepted",
  });
  assertEquals(sent, { certificateHashData: ROOT }, "the hash goes out as it was listed");
  assertEquals(certificatesOf(charger.store, "CP1").roots, { CentralSystemRootCertificate: [] });
});

Deno.test("InstallCertificate takes PEM, and makes the last list outdated", async () => {
  await using charger = await TestCharger.make();
  const list = { certificateType: "ManufacturerRootCertificate" };
  await charger.command("GetInstalledCertificateIds", list, { status: "NotFound" });
  assertEquals(certificatesOf(charger.store, "CP1").roots, { ManufacturerRootCertificate: [] });
  await assertRejects(
    () => charger.command("InstallCertificate", { ...list, certificate: "x" }, {}),
    Refusal,
    "PEM",
  );
  const certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
  await charger.command("InstallCertificate", { ...list, certificate }, { status: "Rejected" });
  await charger.command("InstallCertificate", { ...list, certificate }, { status: "Accepted" });
  assertEquals(certificatesOf(charger.store, "CP1").roots, {});
});
