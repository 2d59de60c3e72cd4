import { assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import { ChargePointSimulator } from "../../src/simulator/mod.ts";
import { makeCa } from "../kit/certificates.ts";
import { Central } from "../kit/central.ts";
import { simulatedCharger } from "../kit/simulated_charger.ts";

/** A TLS server in front of a central system; it records the names in client certificates. */
async function startTlsFront(port: number, { clients }: { clients: boolean }) {
  const ca = await makeCa("Site");
  const own = await ca.issue({ common_name: "gateway", names: ["127.0.0.1"], usage: "server" });
  const names: string[] = [];
  const open = new Set<TLSSocket>();
  const server = createServer(
    { ...own, ca: ca.cert, requestCert: clients, rejectUnauthorized: clients },
    (socket) => {
      open.add(socket);
      names.push(String(socket.getPeerCertificate().subject?.CN ?? ""));
      const inner = connect(port, "127.0.0.1");
      socket.pipe(inner).pipe(socket);
      socket.on("error", () => inner.destroy());
      inner.on("error", () => socket.destroy());
      socket.on("close", () => open.delete(socket));
    },
  );
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ca,
    names,
    port: (server.address() as { port: number }).port,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

Deno.test("security profile 3: a charger sends its certificate and trusts only the site's root", async () => {
  await using central = new Central();
  await using front = await startTlsFront(central.port, { clients: true });
  const { cert: tls_cert, key: tls_key } = await front.ca.issue({ common_name: "CP1" });
  const config = { ...central.at, ws_port: front.port, tls: true, tls_cert, tls_key, autopilot: false };
  await using trusting = new ChargePointSimulator({ ...config, tls_ca: front.ca.cert });
  trusting.start();
  await trusting.accepted;
  assertEquals(front.names, ["CP1"]);
  assertEquals(trusting.charger.configuration.text("SecurityProfile"), "3");
  await using doubting = new ChargePointSimulator({ ...config, tls_ca: (await makeCa("Other")).cert });
  const refused = Promise.withResolvers<string>();
  doubting.subscribe((event) => event.type === "refused" && refused.resolve(String(event.error.message)));
  doubting.start();
  assertStringIncludes((await refused.promise).toLowerCase(), "certificate");
});

Deno.test("SecurityProfile is raised to TLS when root and password are set", async () => {
  await using b = await simulatedCharger({ password: "0123456789abcdef" });
  await using front = await startTlsFront(b.central.port, { clients: false });
  b.sim.settings.tls_port = front.port;
  const raise = () => b.call("ChangeConfiguration", { key: "SecurityProfile", value: "2" });
  assertEquals(await raise(), { status: "Rejected" });
  await b.call("InstallCertificate", {
    certificateType: "CentralSystemRootCertificate",
    certificate: front.ca.cert,
  });
  assertEquals(await raise(), { status: "Accepted" });
  await b.central.until(() => b.central.handshakes.length === 2);
  await b.sim.accepted;
  assertEquals(front.names.length, 1);
  assertEquals(b.central.handshakes[1]!.authorization, `Basic ${btoa("CP1:0123456789abcdef")}`);
});
