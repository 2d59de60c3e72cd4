// The check of a URL to which the gateway will send on behalf of an operator.
import type { Config } from "../../config.ts";
import { invalidField } from "../input.ts";

/** Addresses on which clouds give out the machine's own credentials. */
const LINK_LOCAL = /^(169\.254\.|\[?fe[89ab][0-9a-f]:|metadata\.google\.internal$)/i;
const LOOPBACK = /^(localhost|127\.|0\.0\.0\.0$|\[::1\]$|\[::\]$)/i;

/**
 * Returns the normalised URL of a receiver. Private addresses are allowed, since receivers are on the site's network.
 * Throws HttpError `invalid_field` for another scheme, a login in it, a link-local address, and the gateway's own ports.
 */
export function receiverUrl(text: string, field: string, config: Pick<Config, "port" | "tls_port">): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw invalidField(field, "must be a URL with http or https");
  if (url.username || url.password) throw invalidField(field, "must not contain a login");
  if (LINK_LOCAL.test(url.hostname)) throw invalidField(field, "must not be a link-local address");
  if (isOwn(url, config)) throw invalidField(field, "must not be the gateway itself");
  url.hash = "";
  return url.href;
}

function isOwn({ hostname, port, protocol }: URL, config: Pick<Config, "port" | "tls_port">): boolean {
  const number = Number(port || (protocol === "https:" ? 443 : 80));
  if (number !== config.port && number !== config.tls_port) return false;
  const bare = hostname.replace(/^\[|\]$/g, "");
  const own = Deno.networkInterfaces().some(({ address }) => address === bare);
  return own || LOOPBACK.test(hostname);
}
