// A charger's new key on its way: old and new are both good until it is known which one the charger has.
import type { Charger } from "../../store/store.ts";
import { type Context, Refusal } from "../context.ts";
import { hashKey, keyBytes, keyMatches } from "./charger_key.ts";
import { refuseUnlessConnected } from "../registered.ts";

const HEX_KEY = /^(?:[0-9a-f]{2}){16,20}$/i;
const MAX_SENT = 4;

/** The AuthorizationKey for a password: hex of its 16 to 20 bytes (security white paper A01.FR.02). Throws Refusal. */
export function authorizationKeyOf(password: string): string {
  const bytes = keyBytes(password);
  if (bytes.length < 16 || bytes.length > 20) {
    throw new Refusal("input", "password must have 16 to 20 characters, or 32 to 40 hex digits");
  }
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Keeps a key's hash before it is sent: the charger may take it without our learning of it. Throws Refusal. */
export async function sendingKey(value: string, context: Context): Promise<void> {
  if (!HEX_KEY.test(value)) {
    throw new Refusal("input", "value must be 32 to 40 hex digits for AuthorizationKey");
  }
  refuseUnlessConnected(context);
  await change(context, (charger) => {
    return {
      ...charger,
      passwords_sent: [...charger.passwords_sent ?? [], hashKey(keyBytes(value))].slice(-MAX_SENT),
    };
  });
}

/**
 * Accepted: the new key is the only one (security white paper A01.FR.03). RebootRequired: both are good until the new one is used. Else the
 * old one stays (security white paper A01.FR.04).
 */
export async function keyAnswered(value: string, status: string, context: Context): Promise<void> {
  const key = keyBytes(value);
  if (status === "RebootRequired") return;
  await change(context, (charger) => {
    const sent = charger.passwords_sent?.find((hash) => keyMatches(hash, key));
    if (status === "Accepted" && sent) return { ...charger, password: sent, passwords_sent: [] };
    return { ...charger, passwords_sent: (charger.passwords_sent ?? []).filter((hash) => hash !== sent) };
  });
}

/** Whether a key opens the door for a charger: its own, or one that it was sent. */
export function isKeyOf(charger: Charger, key: Uint8Array): boolean {
  return [charger.password, ...charger.passwords_sent ?? []].some((hash) =>
    hash !== null && keyMatches(hash, key)
  );
}

/** The charger's record once it has shown this key: a key that it was sent becomes its only one. Null: no change. */
export function afterKeyUse(charger: Charger, key: Uint8Array): Charger | null {
  const index = (charger.passwords_sent ?? []).findIndex((hash) => keyMatches(hash, key));
  if (index < 0) return null;
  return {
    ...charger,
    password: charger.passwords_sent![index]!,
    passwords_sent: charger.passwords_sent!.slice(index + 1),
  };
}

async function change({ store, charger_id }: Context, how: (charger: Charger) => Charger): Promise<void> {
  const charger = store.chargers.get(charger_id);
  if (charger) await store.chargers.put(how(charger));
}
