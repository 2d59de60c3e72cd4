// `cert` and `reset-password`.
import { assert, assertEquals } from "@std/assert";
import { X509Certificate } from "node:crypto";
import { command as cert, makeCertificate } from "../../src/cli/cert.ts";
import { SiteCa } from "../../src/site/security/site_ca.ts";
import { loadX509 } from "../../src/site/security/certificate_request.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { runCommand } from "../faults/gateway_process.ts";
import { startTestGateway } from "../kit/gateway.ts";
import { logIn, visit } from "../kit/visitor.ts";

Deno.test("cert makes a P-256 server certificate by the site's CA; keys are ours alone", async () => {
  const data_dir = await Deno.makeTempDir();
  assertEquals(
    await cert.run(["--data-dir", data_dir, "--names", "gw.example,10.0.0.7,127.0.0.1"]),
    0,
  );
  const pem = await Deno.readTextFile(`${data_dir}/tls/server.crt`);
  const certificate = new X509Certificate(pem);
  assertEquals(certificate.subjectAltName, "DNS:gw.example, IP Address:10.0.0.7, IP Address:127.0.0.1");
  assertEquals(certificate.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
  const authority = await Deno.readTextFile(`${data_dir}/site_ca.pem`);
  const root = new X509Certificate(authority);
  assertEquals(pem.match(/-----BEGIN/g)?.length, 2, "with the authority's behind it");
  assert(certificate.verify(root.publicKey));
  for (const path of ["tls/server.key", "site_ca_key.pem"]) {
    assertEquals((await Deno.stat(`${data_dir}/${path}`)).mode! & 0o777, 0o600, path);
  }
  await makeCertificate(data_dir, ["other.example"]);
  assertEquals(await Deno.readTextFile(`${data_dir}/site_ca.pem`), authority, "the authority stays");
  await Deno.remove(data_dir, { recursive: true });
});

Deno.test("security profiles 2 and 3 with what cert makes: charger's key over TLS, then a certificate of the site's CA", async () => {
  const data_dir = await Deno.makeTempDir();
  const made = await makeCertificate(data_dir, ["127.0.0.1"]);
  const config = {
    data_dir,
    kv: `${data_dir}/gateway.db`,
    tls_cert: made.cert,
    tls_key: made.key,
    tls_port: 0,
    tls_client_ca: made.ca,
  };
  const site = await startTestGateway({ config });
  const url = `wss://127.0.0.1:${site.gateway.tls_port}`;
  const ca = await Deno.readTextFile(made.ca);
  const password = "0123456789abcdef";
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", password });
  await (await RawClient.connect(url, { path: "/CP1", username: "CP1", password, tls: { ca } })).close();
  const pair = await signed(data_dir, "CP1");
  await (await RawClient.connect(url, { path: "/CP1", tls: { ca, ...pair } })).close();
  assertEquals((await site.rest("GET", "/ocpp/chargers/CP1/")).body.security_profile, 3);
  await site[Symbol.asyncDispose]();
  await Deno.remove(data_dir, { recursive: true });
});

Deno.test("reset-password works while the gateway runs and while it does not, and ends the user's sessions", async () => {
  const data_dir = await Deno.makeTempDir();
  const config = { data_dir, kv: `${data_dir}/gateway.db` };
  const change = async (password: string) => {
    const args = ["reset-password", "--data-dir", data_dir];
    assertEquals((await runCommand(args, { OCPP_ADMIN_PASSWORD: password })).code, 0);
  };
  {
    await using site = await startTestGateway({ config });
    const cookie = await logIn(site);
    for (let n = 0; n < 6; n++) await visit(site, "POST /login", { body: { password: `wrong${n}` } });
    await change("while it runs");
    assertEquals((await Deno.stat(`${data_dir}/reset-password.json`)).mode! & 0o777, 0o600);
    await logIn(site, "admin", "while it runs");
    assertEquals((await visit(site, "GET /ocpp/session/", { cookie })).status, 401);
  }
  await change("while it does not");
  await using site = await startTestGateway({ config: { ...config, admin_password: null } });
  await logIn(site, "admin", "while it does not");
  assertEquals((await visit(site, "POST /login", { body: { password: "while it runs" } })).status, 401);
  await site[Symbol.asyncDispose]();
  await Deno.remove(data_dir, { recursive: true });
});

async function signed(directory: string, common_name: string): Promise<{ cert: string; key: string }> {
  const x509 = await loadX509();
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name: `CN=${common_name}`,
    keys,
    signingAlgorithm: algorithm,
  });
  const { chain } = await new SiteCa({ directory, now: Date.now }).sign(csr.toString("pem"), {
    common_name,
    organization: "Site",
  });
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
  const key = `-----BEGIN PRIVATE KEY-----\n${
    btoa(String.fromCharCode(...pkcs8))
  }\n-----END PRIVATE KEY-----\n`;
  return { cert: chain, key };
}
