// Change of a charger's key: the old and the new one are both valid until it is known which one the charger has.
import type { Charger } from "../../store/store.ts";
import { type Context, Refusal } from "../context.ts";
import { keyBytes } from "./charger_key.ts";
import { refuseUnlessConnected } from "../registration.ts";

const HEX_KEY = /^(?:[0-9a-f]{2}){16,20}$/i;
const MAX_SENT = 4;

/** Returns the AuthorizationKey for a password: hex of its 16 to 20 bytes (security white paper A01.FR.02). Throws Refusal. */
export function authorizationKeyOf(password: string): string {
  const bytes = keyBytes(password);
  if (bytes.length < 16 || bytes.length > 20) {
    throw new Refusal("input", "password must have 16 to 20 characters, or 32 to 40 hex digits");
  }
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Stores a key's hash before it is sent, since the charger may accept it although its answer is lost. Throws Refusal. */
export async function sendingKey(value: string, context: Context): Promise<void> {
  if (!HEX_KEY.test(value)) {
    throw new Refusal("input", "value must be 32 to 40 hex digits for AuthorizationKey");
  }
  refuseUnlessConnected(context);
  const hash = await context.keys.hash(keyBytes(value));
  await change(context, (charger) => {
    return { ...charger, passwords_sent: [...charger.passwords_sent ?? [], hash].slice(-MAX_SENT) };
  });
}

/**
 * Stores the outcome. Accepted: only the new key is valid (security white paper A01.FR.03). RebootRequired: both are valid
 * until the new one is used. Else the old one stays (security white paper A01.FR.04).
 */
export async function keyAnswered(value: string, status: string, context: Context): Promise<void> {
  const key = keyBytes(value);
  if (status === "RebootRequired") return;
  await change(context, (charger) => {
    const sent = charger.passwords_sent?.find((hash) => context.keys.matches(hash, key));
    if (status === "Accepted" && sent) return { ...charger, password: sent, passwords_sent: [] };
    return { ...charger, passwords_sent: (charger.passwords_sent ?? []).filter((hash) => hash !== sent) };
  });
}

async function change({ store, charger_id }: Context, how: (charger: Charger) => Charger): Promise<void> {
  const charger = store.chargers.get(charger_id);
  if (charger) await store.chargers.put(how(charger));
}
