// The TLS listener: the same doors, mutual TLS, certificates that change, security profiles that never go down.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { connect } from "node:tls";
import { HandshakeRefused } from "../../src/ocpp/client/socket.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { eventually } from "../kit/eventually.ts";
import { makeCa, type Pair } from "../kit/certificates.ts";
import { startTlsGateway, type TlsGateway, writePair } from "../kit/tls_gateway.ts";

const HEARTBEAT = [2, "1", "Heartbeat", {}];

function dial(
  site: TlsGateway,
  id: string,
  options: Partial<Pair> & { password?: string } = {},
): Promise<RawClient> {
  const { password, ...pair } = options;
  const key = password === undefined ? {} : { username: id, password };
  return RawClient.connect(site.wss_url, { path: `/ocpp/${id}`, ...key, tls: { ca: site.ca.cert, ...pair } });
}

async function refusal(
  site: TlsGateway,
  id: string,
  options: Partial<Pair> & { password?: string } = {},
): Promise<HandshakeRefused> {
  return await assertRejects(() => dial(site, id, options), HandshakeRefused);
}

Deno.test("serveTls serves chargers and REST like the plain listener", async () => {
  await using site = await startTlsGateway();
  await using charger = await dial(site, "CP1");
  assertEquals(charger.protocol, "ocpp1.6");
  await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  charger.send(HEARTBEAT);
  assertEquals((await charger.next())[0], 3);
  const client = Deno.createHttpClient({ caCerts: [site.ca.cert] });
  const url = `${site.https_url}/login`;
  const body = JSON.stringify({ password: "correct horse battery" });
  const answer = await fetch(url, {
    client,
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  assertEquals(answer.status, 200);
  const cookie = answer.headers.get("set-cookie") ?? "";
  assert(
    /^__Host-ocpp_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; .*Secure$/.test(cookie),
    cookie,
  );
  assertEquals(answer.headers.get("strict-transport-security"), "max-age=31536000");
  await answer.body?.cancel();
  const list = await fetch(`${site.https_url}/ocpp/chargers/`, {
    client,
    headers: { cookie: cookie.split(";")[0]! },
  });
  assertEquals((await list.json()).chargers[0].connected, true);
  client.close();
});

Deno.test("mutual TLS: none, valid, foreign, expired, not yet valid, wrong CN, server's, revoked", async () => {
  await using site = await startTlsGateway({ clients: true, settings: { min_security_profile: 3 } });
  const { client_ca, plain } = site;
  const foreign = await makeCa("Foreign");
  const good = await client_ca.issue({ common_name: "CP1" });
  assertEquals((await refusal(site, "CP1")).status, 403);
  await using charger = await dial(site, "CP1", good);
  assertEquals(
    (await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" }))[0],
    3,
  );
  const bad: Record<string, Pair> = {
    foreign: await foreign.issue({ common_name: "CP1" }),
    expired: await client_ca.issue({ common_name: "CP1", from: -30, to: -1 }),
    early: await client_ca.issue({ common_name: "CP1", from: 1 }),
    "wrong CN": await client_ca.issue({ common_name: "CP2" }),
    "for servers": await client_ca.issue({ common_name: "CP1", usage: "server" }),
  };
  for (const [name, pair] of Object.entries(bad)) {
    assertEquals((await refusal(site, "CP1", pair)).status, 403, name);
  }
  const fingerprint = createHash("sha256").update(derOf(good.cert)).digest("hex");
  const revoked = await plain.rest("POST", "/ocpp/revocations/", {
    certificate: fingerprint,
    reason: "stolen",
  });
  assertEquals(revoked.status, 201);
  assertEquals((await charger.closed).code, 1008);
  assert((await refusal(site, "CP1", good)).body.includes("revoked"));
  await using next = await dial(site, "CP1", await client_ca.issue({ common_name: "CP1" }));
  next.send(HEARTBEAT);
  assertEquals((await next.next())[0], 3);
});

Deno.test("a charger that has reached a security profile is refused below it", async () => {
  await using site = await startTlsGateway({ clients: true });
  const password = "0123456789abcdef";
  await site.plain.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", password });
  const plain = () => RawClient.connect(site.plain.ws_url, { path: "/CP1", username: "CP1", password });
  await (await plain()).close();
  await (await dial(site, "CP1", { password })).close();
  const lower = await assertRejects(plain, HandshakeRefused);
  assertEquals(lower.status, 403);
  await (await dial(site, "CP1", await site.client_ca.issue({ common_name: "CP1" }))).close();
  assertEquals((await refusal(site, "CP1", { password })).status, 403);
  const { body } = await site.plain.rest("GET", "/ocpp/security_events/?charger_id=CP1");
  assert(JSON.stringify(body).includes("LowerSecurityProfile"), JSON.stringify(body));
});

Deno.test("--chargers tls refuses chargers on the plain listener, and nothing else", async () => {
  await using site = await startTlsGateway({ config: { chargers: "tls" } });
  const refused = await assertRejects(
    () => RawClient.connect(site.plain.ws_url, { path: "/CP1" }),
    HandshakeRefused,
  );
  assertEquals(refused.status, 403);
  await using charger = await dial(site, "CP1");
  assertEquals((await site.plain.rest("GET", "/ocpp/chargers/")).body.chargers.length, 1);
  assertEquals(charger.protocol, "ocpp1.6");
});

Deno.test("a new certificate is taken while sockets stay", async () => {
  await using site = await startTlsGateway();
  await using charger = await dial(site, "CP1");
  const before = await serverSerial(site);
  await writePair(
    site.folder,
    await site.ca.issue({ common_name: "new", names: ["127.0.0.1"], usage: "server" }),
  );
  await eventually(async () => await serverSerial(site) !== before);
  await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  await using late = await dial(site, "CP2");
  assertEquals(late.protocol, "ocpp1.6");
});

Deno.test("serveTls refuses a key that is another certificate's, and serves nothing then", async () => {
  const other = await (await makeCa("Other")).issue({ common_name: "x" });
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/key`, other.key);
  await assertRejects(
    () => startTlsGateway({ config: { tls_key: `${folder}/key` } }),
    Error,
    "does not match",
  );
  await Deno.remove(folder, { recursive: true });
});

function serverSerial(site: TlsGateway): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({ host: "127.0.0.1", port: site.plain.gateway.tls_port!, ca: site.ca.cert }, () => {
    resolve(socket.getPeerCertificate().serialNumber);
    socket.destroy();
  });
  socket.on("error", reject);
  return promise;
}

function derOf(pem: string): Uint8Array {
  return Uint8Array.from(atob(pem.replaceAll(/-----[^-]+-----|\s/g, "")), (char) => char.charCodeAt(0));
}
