// Where chargers and browsers reach the gateway.
import { networkInterfaces } from "node:os";

/** The gateway's addresses and ports, filled in as it opens them. */
export class Addresses {
  /** Where chargers may connect by `ws://` and by `wss://`; null: they may not. */
  readonly ports: { ws: number | null; wss: number | null } = { ws: null, wss: null };
  /** Who announces the gateway on the LAN. */
  mdns: { readonly hostname: string } | null = null;
  readonly #host: string;

  /** `host`: what the gateway listens on. */
  constructor(host: string) {
    this.#host = host;
  }

  /** What others can call the gateway by: each address that it listens on, and the name that it is announced with. */
  hosts(): string[] {
    if (isLoopback(this.#host)) return [];
    return [...this.#addresses(), ...(this.mdns ? [this.mdns.hostname] : [])];
  }

  #addresses(): string[] {
    if (this.#host === "0.0.0.0") return ownAddresses("IPv4");
    if (this.#host === "::") return [...ownAddresses("IPv4"), ...ownAddresses("IPv6")];
    return [this.#host];
  }
}

/** The machine's addresses on its networks; those that only mean something on one cable (fe80::) are left out. */
export function ownAddresses(wanted: "IPv4" | "IPv6" = "IPv4"): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter(({ family, internal, address }) =>
    family === wanted && !internal && !address.startsWith("fe80:")
  ).map(({ address }) => address);
}

/** Whether only this machine gets to an address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
