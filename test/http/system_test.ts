// GET /ocpp/system/: where the gateway is reached.
import { assert, assertEquals } from "@std/assert";
import { Mdns, type MdnsWire } from "../../src/machine/mdns.ts";
import { SILENT } from "../../src/log.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { startTlsGateway } from "../kit/tls_gateway.ts";

function ownAddresses(family: "IPv4" | "IPv6"): string[] {
  return Deno.networkInterfaces().filter((one) => one.family === family).map(({ address }) => address)
    .filter((address) => !/^(127\.|::1$|fe80:)/.test(address));
}

async function hostsOf({ rest }: TestGateway): Promise<string[]> {
  return (await rest("GET", "/ocpp/system/")).body.hosts;
}

Deno.test("the system names every address that the gateway listens on, and each answers", async () => {
  for (const host of ["0.0.0.0", "::"]) {
    await using site = await startTestGateway({ config: { host } });
    const hosts = await hostsOf(site);
    const expected = [...ownAddresses("IPv4"), ...(host === "::" ? ownAddresses("IPv6") : [])];
    assertEquals(hosts.toSorted(), expected.toSorted());
    for (const own of hosts) {
      const name = own.includes(":") ? `[${own}]` : own;
      assert((await (await fetch(`http://${name}:${site.port}/healthz`)).json()).version, own);
    }
  }
});

Deno.test("a gateway for this machine alone names no address", async () => {
  await using site = await startTestGateway();
  assertEquals(await hostsOf(site), []);
});

Deno.test("the system names the ports that chargers may use, and none where they are refused", async () => {
  for (const chargers of ["any", "tls"] as const) {
    await using site = await startTlsGateway({ config: { chargers } });
    const { charger_ports } = (await site.plain.rest("GET", "/ocpp/system/")).body;
    const ws = chargers === "any" ? site.plain.port : null;
    assertEquals(charger_ports, { ws, wss: site.plain.gateway.tls_port });
  }
});

Deno.test("the system names what the gateway is announced as", async () => {
  await using site = await startTestGateway({ config: { host: "0.0.0.0" } });
  const wire = { on() {}, query() {}, respond() {}, destroy: (done?: () => void) => done?.() } as MdnsWire;
  const mdns = await Mdns.start({ name: "patio", site: "", port: site.port, log: SILENT, wire, probe_ms: 1 });
  site.gateway.services.addresses.mdns = mdns;
  assert((await hostsOf(site)).includes("patio.local"));
  await mdns!.stop();
});
