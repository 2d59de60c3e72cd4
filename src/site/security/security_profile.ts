// OCPP's security profiles (security white paper §3): 0 none, 1 key, 2 key and TLS, 3 client certificate. A charger's profile never decreases.
import type { Charger } from "../../store/store.ts";
import { type Context, Refusal } from "../context.ts";

/** The security of a connection. */
export interface Security {
  secure: boolean;
  /** True if the charger has sent its key. */
  key: boolean;
  /** True if the charger has shown its client certificate. */
  certificate: boolean;
}

/** Returns the security profile of a connection. */
export function profileOf({ secure, key, certificate }: Security): number {
  if (secure && certificate) return 3;
  if (!key) return 0;
  return secure ? 2 : 1;
}

/** Returns the reason if a connection is below the charger's security profile, or null (security white paper A00.FR.002, A05.FR.09). */
export function refusalOfProfile(charger: Charger, security: Security): string | null {
  const wanted = charger.security_profile ?? 0;
  return profileOf(security) < wanted
    ? `The charger has security profile ${wanted}; this connection is below it`
    : null;
}

/** Returns the charger's record after such a connection: a profile that it was told to use is now its own. Null: no change. */
export function afterConnecting(charger: Charger, security: Security): Charger | null {
  const sent = charger.security_profile_sent ?? 0;
  if (sent <= (charger.security_profile ?? 0) || profileOf(security) < sent) return null;
  return { ...charger, security_profile: sent };
}

/** Throws Refusal unless `value` is a profile and not below the charger's. */
export function checkProfileRise(value: string, { store, charger_id }: Context): void {
  if (!/^[0-3]$/.test(value)) throw new Refusal("input", "value must be 0, 1, 2 or 3 for SecurityProfile");
  const now = store.chargers.get(charger_id)?.security_profile ?? 0;
  if (Number(value) < now) {
    throw new Refusal("state", `Cannot lower the security profile from ${now} to ${value}`);
  }
}

/** Stores the profile that the charger has accepted; it applies from its next connection with it. */
export async function profileSent(profile: number, { store, charger_id }: Context): Promise<void> {
  const charger = store.chargers.get(charger_id);
  if (charger) await store.chargers.put({ ...charger, security_profile_sent: profile });
}
