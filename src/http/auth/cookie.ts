// The cookie of a login session. Browsers share cookies between ports, so each listener has its own name for it.
import type { Peer } from "./identity.ts";

/** Returns the value of the session's cookie, or null. */
export function cookieOf(header: string | null, peer: Peer): string | null {
  const name = nameOf(peer);
  for (const part of header?.split(";") ?? []) {
    const [key, value] = part.trim().split("=", 2);
    if (key === name && /^[\w-]{20,100}$/.test(value ?? "")) return value!;
  }
  return null;
}

/** Returns the header that sets the session's cookie; `value` null: that deletes it. */
export function setCookie(value: string | null, max_age_s: number, peer: Peer): string {
  const age = value === null ? 0 : max_age_s;
  const secure = peer.secure ? "; Secure" : "";
  return `${nameOf(peer)}=${value ?? ""}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${age}${secure}`;
}

function nameOf({ secure }: Peer): string {
  return secure ? "__Host-ocpp_session" : "ocpp_session";
}
