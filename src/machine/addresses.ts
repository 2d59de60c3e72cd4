// The addresses at which chargers and browsers reach the gateway.

/** The gateway's addresses, and its ports, which are set as they are opened. */
export class Addresses {
  /** Ports for chargers by `ws://` and by `wss://`; null if that is off. */
  readonly ports: { ws: number | null; wss: number | null } = { ws: null, wss: null };
  /** The mDNS responder; null if the gateway is not announced. */
  mdns: { readonly hostname: string } | null = null;
  readonly #host: string;

  /** `host` is the address that the gateway listens on. */
  constructor(host: string) {
    this.#host = host;
  }

  /** Returns the host names and addresses of the gateway: each address that it listens on, and its announced name. */
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

/** Returns the machine's network addresses without link-local ones (fe80::). */
export function ownAddresses(wanted: "IPv4" | "IPv6" = "IPv4"): string[] {
  return Deno.networkInterfaces().filter(({ family, address }) =>
    family === wanted && !isLoopback(address) && !address.startsWith("fe80:")
  ).map(({ address }) => address);
}

/** Returns true if an address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
