// Network addresses, as they are counted and shown.
import type { BlockList } from "node:net";
import { node } from "../../node.ts";
import type { Settings } from "../../store/store.ts";

/** Returns an address, IPv4 in its own notation also from a dual-stack listener (`::ffff:10.0.0.7`). */
export function plainAddress(address: string | undefined): string {
  return address?.replace(/^::ffff:(?=\d+\.)/i, "") ?? "unknown";
}

/**
 * Returns the address of a client: that of the connection, or, if it is a proxy of the setting `trusted_proxies`, the
 * last one in X-Forwarded-For that is no such proxy. Proxies append to the header, so what stands before that address
 * is only what the client says.
 */
export function clientAddress(
  connection: string | undefined,
  forwarded: string | null | undefined,
  { trusted_proxies }: Pick<Settings, "trusted_proxies">,
): string {
  let address = plainAddress(connection);
  if (trusted_proxies === "" || !forwarded) return address;
  const proxies = networksIn(trusted_proxies);
  for (const part of forwarded.split(",").reverse()) {
    const next = bareAddress(part);
    if (!proxies.check(address, familyOf(address)) || node("net").isIP(next) === 0) break;
    address = next;
  }
  return address;
}

/** Tells whether an address is that of a proxy of the setting `trusted_proxies`. */
export function isTrustedProxy(
  address: string,
  { trusted_proxies }: Pick<Settings, "trusted_proxies">,
): boolean {
  return trusted_proxies !== "" && node("net").isIP(address) !== 0 &&
    networksIn(trusted_proxies).check(address, familyOf(address));
}

function networksIn(text: string): BlockList {
  const networks = new (node("net").BlockList)();
  for (const item of text.split(/[, ]+/)) {
    const [address = "", bits] = item.split("/");
    if (node("net").isIP(address) === 0) continue;
    const longest = node("net").isIP(address) === 6 ? 128 : 32;
    networks.addSubnet(address, Math.min(Number(bits ?? longest), longest), familyOf(address));
  }
  return networks;
}

/** Returns an address of the header without a port. */
function bareAddress(text: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\](?::\d+)?|(.*))$/.exec(text.trim()) ?? [];
  return plainAddress(bracketed ?? plain?.replace(/^([\d.]+):\d+$/, "$1"));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return node("net").isIP(address) === 6 ? "ipv6" : "ipv4";
}
