// The gateway's name on the LAN, on a wire that is none.
import { assert, assertEquals } from "@std/assert";
import { Mdns, type MdnsPacket, type MdnsPeer, type MdnsWire } from "../../src/machine/mdns.ts";
import { SILENT } from "../../src/log.ts";

type Listener = (packet: MdnsPacket, peer: MdnsPeer) => void;

/** A LAN: what one says, the others hear. */
class Lan {
  readonly said: { from: string; packet: MdnsPacket; peer: MdnsPeer | null }[] = [];
  readonly #wires: { address: string; listeners: Map<string, Listener[]> }[] = [];

  wire(address: string): MdnsWire {
    const own = { address, listeners: new Map<string, Listener[]>() };
    this.#wires.push(own);
    const tell = (event: string, packet: MdnsPacket, peer: MdnsPeer | null = null) => {
      this.said.push({ from: address, packet, peer });
      for (const wire of this.#wires) {
        if (wire !== own) {
          wire.listeners.get(event)?.forEach((listener) => listener(packet, { address, port: 5353 }));
        }
      }
    };
    return {
      on: (event: string, listener: Listener) =>
        void own.listeners.set(event, [...own.listeners.get(event) ?? [], listener]),
      query: (packet: MdnsPacket) => tell("query", packet),
      respond: (packet: MdnsPacket, peer?: MdnsPeer | null) => tell("response", packet, peer ?? null),
      destroy: (done?: () => void) => done?.(),
    } as MdnsWire;
  }

  /** Asks as a phone would; returns what is answered. */
  ask(name: string, type: string, port = 5353): MdnsPacket[] {
    const before = this.said.length;
    for (const { listeners } of this.#wires) {
      listeners.get("query")?.forEach((listener) =>
        listener({ id: 7, questions: [{ name, type }] }, { address: "10.0.0.99", port })
      );
    }
    return this.said.slice(before).map(({ packet }) => packet);
  }
}

function start(lan: Lan, address: string): Promise<Mdns | null> {
  return Mdns.start({
    name: "ocpp",
    site: "Depot 1.5",
    port: 8000,
    log: SILENT,
    wire: lan.wire(address),
    addresses: () => [address],
    probe_ms: 5,
  });
}

Deno.test("the gateway answers to its name and is found as a service", async () => {
  const lan = new Lan();
  const mdns = await start(lan, "10.0.0.1");
  assertEquals(mdns?.hostname, "ocpp.local");
  const [host] = lan.ask("OCPP.local", "A");
  assertEquals(host?.answers?.map(({ data }) => data), ["10.0.0.1"]);
  const [service] = lan.ask("_ocpp._tcp.local", "PTR");
  assertEquals(service?.answers?.map(({ data }) => data), ["Depot 1 5._ocpp._tcp.local"]);
  const srv = service?.additionals?.find(({ type, name }) => type === "SRV" && name.includes("_ocpp"));
  assertEquals(srv?.data, { port: 8000, target: "ocpp.local", priority: 0, weight: 0 });
  assertEquals(lan.ask("_services._dns-sd._udp.local", "PTR")[0]?.answers?.length, 2);
  assertEquals(lan.ask("printer.local", "A"), []);
  await mdns?.stop();
});

Deno.test("who asks from another port is answered alone, with the question", async () => {
  const lan = new Lan();
  const mdns = await start(lan, "10.0.0.1");
  const [packet] = lan.ask("ocpp.local", "A", 40_000);
  assertEquals([packet?.id, packet?.questions], [7, [{ name: "ocpp.local", type: "A" }]]);
  assertEquals(lan.said.at(-1)?.peer, { address: "10.0.0.99", port: 40_000 });
  await mdns?.stop();
});

Deno.test("a name that is taken is left to its owner", async () => {
  const lan = new Lan();
  const first = await start(lan, "10.0.0.1");
  const second = await start(lan, "10.0.0.2");
  const third = await start(lan, "10.0.0.3");
  assertEquals([first, second, third].map((mdns) => mdns?.hostname), [
    "ocpp.local",
    "ocpp-2.local",
    "ocpp-3.local",
  ]);
  for (const mdns of [first, second, third]) await mdns?.stop();
});

Deno.test("a name that another machine claims later is given up", async () => {
  const lan = new Lan();
  const mdns = await start(lan, "10.0.0.1");
  const claim = { answers: [{ name: "ocpp.local", type: "A", ttl: 120, data: "10.0.0.7" }] };
  const rival = lan.wire("10.0.0.7");
  rival.on("query", ({ questions }) => questions?.[0]?.name === "ocpp.local" && rival.respond(claim));
  const announced = new Promise<void>((resolve) =>
    rival.on("response", ({ answers }) => answers?.some(({ name }) => name === "ocpp-2.local") && resolve())
  );
  rival.respond(claim);
  await announced;
  assertEquals(mdns?.hostname, "ocpp-2.local");
  await mdns?.stop();
});

Deno.test("at its end the gateway says good-bye", async () => {
  const lan = new Lan();
  await (await start(lan, "10.0.0.1"))?.stop();
  assert(lan.said.at(-1)?.packet.answers?.every(({ ttl }) => ttl === 0));
});
