// The origin and the host of requests: pages of other origins, and host names that are not the gateway's (DNS rebinding).
import { node } from "../../node.ts";
import type { Addresses } from "../../machine/addresses.ts";
import type { Config } from "../../config.ts";
import type { Settings } from "../../store/store.ts";

/** The parts that know the gateway's host names. */
export interface HostDeps {
  config: Pick<Config, "public_url">;
  store: { settings: Pick<Settings, "allowed_hosts" | "mdns_name"> };
  addresses: Pick<Addresses, "mdns">;
}

/** Reads a header, whose name is in lower case. */
type Header = (name: string) => string | null;

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Returns true if a page of another origin sent the request. Programs send neither header, browsers at least one. */
export function isForeign(header: Header): boolean {
  const origin = header("origin");
  if (origin === null) return /^(cross-site|same-site)$/.test(header("sec-fetch-site") ?? "");
  return !URL.canParse(origin) || new URL(origin).host !== hostOf(header("host") ?? "");
}

/** Returns true if a browser sent the request. Node's own WebSocket sends Sec-Fetch-Mode alone. */
export function isBrowser(header: Header): boolean {
  return header("origin") !== null || header("sec-fetch-site") !== null;
}

/**
 * Returns true if a Host header names this gateway: an IP address, `localhost`, the machine's name, the name on the LAN,
 * the host of the public URL, or one of the setting `allowed_hosts`. A page of a foreign domain that is made to resolve
 * to the gateway's address names that domain. Without a Host header (HTTP/1.0) there is no such page.
 */
export function isOwnHost(host: string | null, { config, store, addresses }: HostDeps): boolean {
  if (host === null || host === "") return true;
  const name = nameOf(host);
  if (IPV4.test(name) || name.startsWith("[") || name === "localhost") return true;
  const { allowed_hosts, mdns_name } = store.settings;
  const own = [`${mdns_name}.local`, addresses.mdns?.hostname, ...machineNames(), publicHost(config)];
  return own.includes(name) || allowed_hosts.toLowerCase().split(/[\s,]+/).includes(name);
}

/** Returns the name in a Host header: in lower case, without port and final dot. */
function nameOf(host: string): string {
  return hostOf(host).replace(/:\d+$/, "").replace(/\.$/, "");
}

/** Returns a Host header as URLs write it: in lower case, without the default port. */
function hostOf(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).host : host;
}

function machineNames(): string[] {
  const name = node("os").hostname().toLowerCase();
  return [name, `${name.split(".")[0]}.local`];
}

function publicHost({ public_url }: HostDeps["config"]): string | null {
  return public_url === null ? null : new URL(public_url).hostname;
}
