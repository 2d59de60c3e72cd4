// Address, password and certificates of a connection by the security profile in force (OCPP-J 1.6 §6; security white paper §2).
import { basicAuth, type DialOptions } from "../../ocpp/client/socket.ts";
import { SIMULATOR_HEADER } from "../../site/simulated.ts";
import { identityOf, urlOf } from "../config.ts";
import type { HasConfiguration } from "./base.ts";
import type { Certificates } from "./certificates.ts";

/** The parts of a charger that a connection needs. */
export interface ConnectingCharger extends HasConfiguration {
  readonly certificates: Pick<Certificates, "central_roots" | "identity">;
}

type IdentifiedCharger = ConnectingCharger & { readonly identification: string };

/** Returns the address of the central system, and the credentials for it. */
export function targetOf(charger: IdentifiedCharger): { url: string; dialing: DialOptions } {
  const { settings } = charger;
  const tls = securityProfileOf(charger) >= 2;
  const ws_port = tls && !settings.tls ? settings.tls_port ?? settings.ws_port : settings.ws_port;
  return {
    url: urlOf({ ...settings, tls, ws_port }),
    dialing: { protocols: settings.protocols, headers: headersOf(charger), tls: tlsOf(charger) },
  };
}

/** Returns the security profile in force: 0 none, 1 password, 2 TLS and password, 3 TLS with a client certificate. */
export function securityProfileOf({ configuration }: Pick<HasConfiguration, "configuration">): number {
  return configuration.number("SecurityProfile");
}

/** Returns true if a charger has what a profile takes and the profile is not a lower one (security white paper A05.FR.03 to 06). */
export function canRaiseTo(charger: ConnectingCharger, profile: number): boolean {
  if (profile < securityProfileOf(charger)) return false;
  if (profile <= 2 && profile > 0 && passwordOf(charger) === undefined) return false;
  if (profile >= 2 && charger.certificates.central_roots === "") return false;
  return profile < 3 || charger.certificates.identity !== null;
}

function headersOf(charger: IdentifiedCharger): Record<string, string> {
  const password = passwordOf(charger);
  const { username = identityOf(charger.settings) } = charger.settings;
  return {
    [SIMULATOR_HEADER]: charger.identification,
    ...(password === undefined ? {} : { authorization: basicAuth(username, password) }),
  };
}

/** Returns the AuthorizationKey, which is set as hex and used as bytes (OCPP-J 1.6 §6.2.1), or else the password option. */
function passwordOf({ configuration, settings }: HasConfiguration): string | Uint8Array | undefined {
  const key = configuration.text("AuthorizationKey");
  return key ? Uint8Array.fromHex(key) : settings.password;
}

function tlsOf({ certificates, settings }: ConnectingCharger) {
  const { central_roots: ca, identity } = certificates;
  return { ...(ca ? { ca } : {}), ...identity, insecure: settings.tls_insecure };
}
