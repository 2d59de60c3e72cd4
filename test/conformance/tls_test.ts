// Cases that need TLS or a key (TC_083, TC_085, TC_086, TC_087, and the second half of TC_074).
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HandshakeRefused } from "../../src/ocpp/client/socket.ts";
import { startTlsGateway, type TlsGateway } from "../kit/tls_gateway.ts";
import { askForCertificate } from "./certificates.ts";
import { WireCharger, type WireChargerOptions } from "../kit/wire_charger.ts";
import { sayHello } from "./client_hello.ts";
import { type Case, runCases, Site } from "../kit/site.ts";
import { eventually } from "../kit/eventually.ts";

const ACCEPTED = { status: "Accepted" };
const [ECDSA_128, ECDSA_256, RSA_128, RSA_256] = [0xc02b, 0xc02c, 0x009c, 0x009d];
const [TLS_1_1, TLS_1_2] = [0x0302, 0x0303];
const KEY = "0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF";

Deno.test("TLS and keys", async (t) => {
  await using tls = await startTlsGateway({ clients: true });
  await runCases(t, new Site(tls.plain), (it) => declare(it, tls));
});

function declare(it: Case, { wss_url, ca, client_ca, folder }: TlsGateway): void {
  const secure = (site: Site, options: WireChargerOptions) =>
    WireCharger.connect(site, { ...options, url: wss_url, tls: { ca: ca.cert, ...options.tls } });

  it("the security profile is raised: from then on the lower one is refused (TC_083)", async (site) => {
    const login = { charger_id: "UP83", username: "UP83", password: "sixteen-bytes-ok" };
    await using charger = await site.charger({ ...login, record: { password: login.password } });
    const change = { key: "SecurityProfile", value: "2" };
    assertEquals((await charger.answerCommand("change_configuration", change, ACCEPTED)).request, change);
    assertEquals((await charger.answerCommand("reset", { type: "Hard" }, ACCEPTED)).request, {
      type: "Hard",
    });
    await charger.wire.close();
    for (let times = 0; times < 2; times++) {
      await using higher = await secure(site, login);
      assertEquals((await higher.boot()).status, "Accepted");
      await higher.wire.close();
      assertEquals((await refusal(() => WireCharger.connect(site, login))).status, 403);
    }
    const lower = { ...change, value: "1" };
    assertEquals((await site.command("UP83", "change_configuration", lower)).status, 409);
  });

  for (const scheme of ["ws", "wss"]) {
    it(`a key over ${scheme}: none or a wrong one is refused, the right one boots (TC_085)`, async (site) => {
      const charger_id = `AL1000${scheme}`;
      await site.ask("POST", "/ocpp/chargers/", { charger_id, password: KEY });
      const dial = (options: WireChargerOptions) =>
        scheme === "wss" ? secure(site, options) : WireCharger.connect(site, options);
      const none = await refusal(() => dial({ charger_id }));
      assertEquals(none.status, 401);
      assert(String(none.headers["www-authenticate"]).startsWith("Basic"));
      for (
        const login of [{ username: charger_id, password: "wrong" }, { username: "AL1001", password: KEY }]
      ) {
        assertEquals((await refusal(() => dial({ charger_id, ...login }))).status, 401);
      }
      const bytes = Uint8Array.from(KEY.match(/../g)!, (pair) => parseInt(pair, 16));
      for (const password of [bytes, KEY]) {
        await using charger = await dial({ charger_id, username: charger_id, password });
        assertEquals((await charger.boot()).status, "Accepted");
      }
    });
  }

  it("TLS 1.2 with the ECDHE suites; nothing older (TC_086)", async () => {
    const port = Number(new URL(wss_url).port);
    for (const suite of [ECDSA_128!, ECDSA_256!]) {
      assertEquals(await sayHello(port, TLS_1_2!, [suite]), { suite });
    }
    const old = await sayHello(port, TLS_1_1!, [ECDSA_128!, ECDSA_256!]);
    assert(!("suite" in old), JSON.stringify(old));
    const rsa = await sayHello(port, TLS_1_2!, [RSA_128!, RSA_256!]);
    assert(!("suite" in rsa), "static RSA is there now: say so in the list of cases");
  });

  it("a client certificate of the site's CA is accepted, a foreign one is not (TC_087)", async (site) => {
    await site.ask("POST", "/ocpp/chargers/", { charger_id: "CERT87" });
    const { cert, key } = await client_ca.issue({ common_name: "CERT87" });
    await using charger = await secure(site, { charger_id: "CERT87", tls: { cert, key } });
    assertEquals((await charger.boot()).status, "Accepted");
    const other = await ca.issue({ common_name: "CERT87" });
    assertEquals((await refusal(() => secure(site, { charger_id: "CERT87", tls: other }))).status, 403);
  });

  it("the charger comes back with the certificate that it was given (TC_074)", async (site) => {
    const headers = { authorization: `Basic ${btoa("CERT74:0123456789abcdef")}` };
    const record = { password: "0123456789abcdef" };
    await using charger = await site.charger({ charger_id: "CERT74", headers, record });
    const asked = await askForCertificate("CN=CERT74");
    assertEquals(await charger.call("SignCertificate", { csr: asked.csr }), ACCEPTED);
    const signed = await charger.next("CertificateSigned");
    charger.answer(signed, ACCEPTED);
    const root = (await site.rest("GET", "/ocpp/site_ca/")).body as string;
    await Deno.writeTextFile(`${folder}/clients.crt`, client_ca.cert + "\n" + root);
    const tls = { cert: signed.payload.certificateChain, key: asked.key };
    const back = await eventually(
      () => secure(site, { charger_id: "CERT74", tls }).catch(() => null),
      "the new CA is read",
    );
    assertEquals((await back.boot()).status, "Accepted");
    await back.wire.close();
    await site.ask("DELETE", charger.path);
    assertEquals((await refusal(() => secure(site, { charger_id: "CERT74", tls }))).status, 403);
    await site.ask("POST", "/ocpp/chargers/", { charger_id: "CERT74" });
    const other = await refusal(() => secure(site, { charger_id: "CERT74", tls }));
    assertEquals(other.status, 403, "it is bound to the record that it was issued for");
  });
}

function refusal(dial: () => Promise<unknown>): Promise<HandshakeRefused> {
  return assertRejects(dial, HandshakeRefused);
}
