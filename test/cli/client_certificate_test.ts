// `ocpp-gateway cert --client`: client certificates for chargers as files.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { HandshakeRefused } from "../../src/ocpp/client/socket.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { runCommand, spawnGateway, tempDir } from "../faults/gateway_process.ts";

const BOOT = { chargePointVendor: "V", chargePointModel: "M" };

/** A stopped gateway with charger CP1, which asks for profile 3, and with a server certificate. */
async function site() {
  const folder = await tempDir();
  const [data_dir, out] = [`${folder.path}/data`, `${folder.path}/out`];
  await Deno.mkdir(out);
  const cert = (...args: string[]) => runCommand(["cert", "--data-dir", data_dir, ...args]);
  const client = (id: string) => cert("--client", id, "--out", out);
  {
    await using gateway = await spawnGateway({ data_dir });
    assertEquals((await gateway.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" })).status, 201);
    await gateway.rest("PATCH", "/ocpp/settings/", { min_security_profile: 3 });
    const { code, stderr } = await client("CP1");
    assertEquals(code, 1);
    assertMatch(stderr, /^Cannot create the certificate: a gateway uses \S+; stop it first [^\n]+\n$/);
    await gateway.stop();
  }
  assertEquals((await cert("--names", "127.0.0.1")).code, 0);
  return {
    out,
    cert,
    client,
    start: () =>
      spawnGateway({
        data_dir,
        args: ["--tls-cert", `${data_dir}/tls/server.crt`, "--tls-key", `${data_dir}/tls/server.key`]
          .concat("--tls-port", "0", "--tls-client-ca", `${data_dir}/site_ca.pem`),
      }),
    ca: () => Deno.readTextFile(`${data_dir}/site_ca.pem`),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

Deno.test("cert --client: its charger connects with security profile 3, one made later under its id does not", async () => {
  await using it = await site();
  const { code, stdout } = await it.client("CP1");
  assertEquals(code, 0);
  assertMatch(stdout, /^Created a client certificate for the charger CP1, valid until 20/);
  assertEquals((await Deno.stat(`${it.out}/CP1.key`)).mode! & 0o777, 0o600);
  const tls = {
    ca: await it.ca(),
    cert: await Deno.readTextFile(`${it.out}/CP1.crt`),
    key: await Deno.readTextFile(`${it.out}/CP1.key`),
  };

  await using gateway = await it.start();
  const dial = (id: string, with_: Partial<typeof tls> = tls) =>
    RawClient.connect(gateway.wss_url!, { path: `/${id}`, tls: { ca: tls.ca, ...with_ } });
  assertEquals((await assertRejects(() => dial("CP1", {}), HandshakeRefused)).status, 403);
  {
    await using charger = await dial("CP1");
    assertEquals((await charger.call("BootNotification", BOOT))[0], 3);
  }
  const { body } = await gateway.rest("GET", "/ocpp/chargers/CP1/certificates/");
  assertEquals([body.issued.length, body.issued[0].status, body.issued[0].chain], [1, "file", undefined]);
  assert(!JSON.stringify(body).includes("PRIVATE KEY"));
  assertMatch((await assertRejects(() => dial("CP2"), HandshakeRefused)).body, /it is for CP1/);

  await gateway.rest("DELETE", "/ocpp/chargers/CP1/");
  assertEquals((await gateway.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" })).status, 201);
  const refused = await assertRejects(() => dial("CP1"), HandshakeRefused);
  assertEquals(refused.status, 403);
  assertMatch(refused.body, /earlier charger of this id/);
});

Deno.test("cert --client replaces no file, and names no charger that there is not", async () => {
  await using it = await site();
  await Deno.writeTextFile(`${it.out}/CP1.crt`, "mine");
  const refused = await it.client("CP1");
  assertEquals(refused.code, 1);
  assertMatch(refused.stderr, /^Cannot create the certificate: \S+CP1\.crt already exists\n$/);
  assertEquals(await Array.fromAsync(Deno.readDir(it.out), ({ name }) => name), ["CP1.crt"]);
  assertEquals(await Deno.readTextFile(`${it.out}/CP1.crt`), "mine");
  const unknown = await it.client("CP9");
  assertEquals(unknown.code, 1);
  assertMatch(unknown.stderr, /^Cannot create the certificate: there is no charger 'CP9'; [^\n]+\n$/);
});

Deno.test("cert refuses options that do not go together, and a data directory without database", async () => {
  await using folder = await tempDir();
  for (const args of [["--out", "x"], ["--client", "CP1", "--names", "gw"]]) {
    const { code, stderr } = await runCommand(["cert", "--data-dir", folder.path, ...args]);
    assertEquals([code, stderr.split("\n").length], [2, 2], stderr);
  }
  const { code, stderr } = await runCommand(["cert", "--data-dir", folder.path, "--client", "CP1"]);
  assertEquals(code, 1);
  assertMatch(stderr, /there is no database at/);
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
});
