// The multicast DNS responder: answers for `ocpp.local` and announces the gateway on the LAN (RFC 6762, RFC 6763).
import type { Log } from "../log.ts";
import { ownAddresses } from "./addresses.ts";

/** A resource record of the package multicast-dns. */
export interface MdnsRecord {
  name: string;
  type: string;
  ttl?: number;
  flush?: boolean;
  data?: unknown;
}

/** A packet of the package multicast-dns. */
export interface MdnsPacket {
  id?: number;
  questions?: { name: string; type: string }[];
  answers?: MdnsRecord[];
  additionals?: MdnsRecord[];
}

/** The sender of a packet. */
export interface MdnsPeer {
  address: string;
  port: number;
}

/** The part of the package multicast-dns that the responder uses. */
export interface MdnsWire {
  on(event: "query" | "response", listener: (packet: MdnsPacket, peer: MdnsPeer) => void): void;
  on(event: "error" | "warning", listener: (error: Error) => void): void;
  on(event: "networkInterface", listener: () => void): void;
  query(packet: MdnsPacket): void;
  respond(packet: MdnsPacket, peer?: MdnsPeer | null): void;
  destroy(done?: () => void): void;
}

/** Options of the responder. */
export interface MdnsOptions {
  /** First label of the wanted host name, such as `ocpp`. */
  name: string;
  /** Name of the service in lists. */
  site: string;
  port: number;
  log: Log;
  wire?: MdnsWire;
  /** Returns the machine's IPv4 addresses. */
  addresses?: () => string[];
  /** Time in which others may claim a name, ms. */
  probe_ms?: number;
}

const TTL = 120;
const PROBE_MS = 750;
const MAX_NAMES = 20;
const SERVICES = ["_http._tcp.local", "_ocpp._tcp.local"];
const DIRECTORY = "_services._dns-sd._udp.local";
const MDNS_PORT = 5353;

/** A responder, which takes the next free name if another machine uses the wanted one. */
export class Mdns {
  readonly #options: Required<MdnsOptions>;
  #number = 1;
  #taken: (() => void) | null = null;
  #renaming: Promise<void> | null = null;
  #stopped = false;

  private constructor(options: Required<MdnsOptions>) {
    this.#options = options;
  }

  /** Starts a responder; null if multicast does not work, with the reason in the log. */
  static async start(options: MdnsOptions): Promise<Mdns | null> {
    const { log, probe_ms = PROBE_MS, addresses = ownAddresses } = options;
    const wire = options.wire ?? await openWire(log, probe_ms);
    if (!wire) return null;
    const mdns = new Mdns({ ...options, wire, addresses, probe_ms });
    wire.on("query", (packet, peer) => mdns.#answer(packet, peer));
    wire.on("response", (packet) => mdns.#defend(packet));
    await mdns.#claim();
    return mdns;
  }

  /** The host name of the gateway, such as `ocpp.local`. */
  get hostname(): string {
    const { name } = this.#options;
    return `${this.#number === 1 ? name : `${name}-${this.#number}`}.local`;
  }

  /** Withdraws the announcement and closes the socket. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#taken?.();
    await this.#renaming;
    const { wire } = this.#options;
    wire.respond({ answers: this.#records().map((record) => ({ ...record, ttl: 0 })) });
    await new Promise<void>((resolve) => wire.destroy(() => resolve()));
  }

  /** Probes names until no machine claims one, then announces it (RFC 6762 §8.1, §8.3). */
  async #claim(): Promise<void> {
    const { wire, log } = this.#options;
    while (!this.#stopped && this.#number < MAX_NAMES && await this.#isTaken()) this.#number++;
    if (this.#stopped) return;
    wire.respond({ answers: this.#records() });
    log.info("Announced on the LAN", { name: this.hostname });
  }

  async #isTaken(): Promise<boolean> {
    const { wire, probe_ms } = this.#options;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const taken = new Promise<boolean>((resolve) => {
      this.#taken = () => resolve(true);
      timer = setTimeout(() => resolve(false), probe_ms);
    });
    wire.query({ questions: [{ name: this.hostname, type: "ANY" }] });
    const answer = await taken;
    clearTimeout(timer);
    this.#taken = null;
    return answer;
  }

  /** Handles another machine's claim to the gateway's name. */
  #defend({ answers = [] }: MdnsPacket): void {
    const own = this.#options.addresses();
    const foreign = answers.some(({ name, type, ttl, data }) =>
      same(name, this.hostname) && type === "A" && ttl !== 0 && !own.includes(String(data))
    );
    if (!foreign || this.#stopped) return;
    if (this.#taken) return this.#taken();
    this.#renaming ??= this.#claim().finally(() => this.#renaming = null);
  }

  /** Sends an answer; a query from another port than 5353 is answered by unicast (RFC 6762 §6.7). */
  #answer({ id = 0, questions = [] }: MdnsPacket, peer: MdnsPeer): void {
    if (this.#taken || this.#stopped) return;
    const records = this.#records();
    const answers = records.filter((record) => questions.some((question) => isAbout(question, record)));
    if (answers.length === 0) return;
    const additionals = records.filter((record) => !answers.includes(record));
    const legacy = peer.port !== MDNS_PORT;
    const packet = { id: legacy ? id : 0, answers, additionals, ...(legacy ? { questions } : {}) };
    this.#options.wire.respond(packet, legacy ? peer : null);
  }

  #records(): MdnsRecord[] {
    const { addresses, port, site } = this.#options;
    const target = this.hostname;
    const label = (site || `OCPP gateway ${target}`).replaceAll(".", " ").slice(0, 60);
    const services = SERVICES.flatMap((service): MdnsRecord[] => [
      { name: DIRECTORY, type: "PTR", ttl: TTL, data: service },
      { name: service, type: "PTR", ttl: TTL, data: `${label}.${service}` },
      {
        name: `${label}.${service}`,
        type: "SRV",
        ttl: TTL,
        flush: true,
        data: { port, target, priority: 0, weight: 0 },
      },
      { name: `${label}.${service}`, type: "TXT", ttl: TTL, flush: true, data: ["path=/"] },
    ]);
    const hosts = addresses().map((data): MdnsRecord => ({
      name: target,
      type: "A",
      ttl: TTL,
      flush: true,
      data,
    }));
    return [...hosts, ...services];
  }
}

function isAbout(question: { name: string; type: string }, { name, type }: MdnsRecord): boolean {
  return same(question.name, name) && (question.type === type || question.type === "ANY");
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Opens the socket; null if no interface can join the multicast group, as on a machine without a network. */
async function openWire(log: Log, wait_ms: number): Promise<MdnsWire | null> {
  const { default: open } = await import("multicast-dns") as unknown as {
    default: (options: object) => MdnsWire;
  };
  const wire = open({ bind: "0.0.0.0" });
  let warning: Error | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const joined = await new Promise<boolean>((resolve) => {
    wire.on("networkInterface", () => resolve(true));
    wire.on("error", (error) => resolve((warning = error, false)));
    wire.on("warning", (error) => warning = error);
    timer = setTimeout(() => resolve(false), wait_ms);
  });
  clearTimeout(timer);
  if (joined) return wire;
  log.warn("Cannot announce the gateway on the LAN: multicast does not work here", {
    error: String(warning ?? "no network"),
  });
  wire.destroy();
  return null;
}
