// How a charger connects: its security profile, password and certificates (OCPP-J 1.6 §6; security white paper §2, A00, A05).
import type { Charger } from "./charger.ts";
import { identityOf, urlOf } from "../config.ts";
import { basicAuth, type DialOptions } from "../../ocpp/client/socket.ts";

/** Where a charger dials, and what it shows of itself. */
export function targetOf(charger: Charger): { url: string; dialing: DialOptions } {
  const { settings } = charger;
  const tls = securityProfileOf(charger) >= 2;
  const ws_port = tls && !settings.tls ? settings.tls_port ?? settings.ws_port : settings.ws_port;
  return {
    url: urlOf({ ...settings, tls, ws_port }),
    dialing: { protocols: settings.protocols, headers: headersOf(charger), tls: tlsOf(charger) },
  };
}

/** The security profile in force: 0 none, 1 password, 2 TLS and password, 3 TLS both ways. */
export function securityProfileOf({ configuration }: Charger): number {
  return configuration.number("SecurityProfile");
}

/** Whether a charger can be raised to a profile: it must have what that takes, and there is no way back (security white paper A05.FR.03 to 06). */
export function canRaiseTo(charger: Charger, profile: number): boolean {
  if (profile < securityProfileOf(charger)) return false;
  if (profile <= 2 && profile > 0 && passwordOf(charger) === undefined) return false;
  if (profile >= 2 && charger.certificates.trusted === "") return false;
  return profile < 3 || charger.certificates.identity !== null;
}

function headersOf(charger: Charger): Record<string, string> {
  const password = passwordOf(charger);
  const { username = identityOf(charger.settings) } = charger.settings;
  return password === undefined ? {} : { authorization: basicAuth(username, password) };
}

/** A key that was set over OCPP comes as hex and is used as bytes (OCPP-J 1.6 §6.2.1). */
function passwordOf({ configuration, settings }: Charger): string | Uint8Array | undefined {
  const key = configuration.text("AuthorizationKey");
  return key ? Uint8Array.fromHex(key) : settings.password;
}

function tlsOf({ certificates, settings }: Charger) {
  const { trusted: ca, identity } = certificates;
  return { ...(ca ? { ca } : {}), ...identity, insecure: settings.tls_insecure };
}
