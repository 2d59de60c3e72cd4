// Locations from which chargers download firmware and to which they upload files: the operator's URLs, or temporary ones of the gateway.
import { toIso } from "../../ocpp/time.ts";
import type { FileToken, Firmware, Store } from "../../store/store.ts";
import { type Context, Refusal } from "../context.ts";

const SCHEMES = ["http:", "https:", "ftp:", "ftps:", "sftp:"];
const MAX_LENGTH = 512; // some fields of OCPP are no longer than that
const LIFETIME_MS = 7 * 86_400_000;

/** Throws Refusal unless a location is a URL that chargers can use. */
export function checkLocation(location: string, field: string): void {
  if (location.length > MAX_LENGTH) {
    throw new Refusal("input", `${field} must not have more than ${MAX_LENGTH} characters`);
  }
  const good = URL.canParse(location) && SCHEMES.includes(new URL(location).protocol) &&
    !/[\s\0]/.test(location);
  if (!good) throw new Refusal("input", `${field} must be an http, https, ftp, ftps or sftp URL`);
}

/** Returns a location without its password and without the gateway's token, to be stored and shown. */
export function maskLocation(location: string): string {
  return location
    .replace(/^(\w+:\/\/)[^/@]*@/, "$1***@")
    .replace(/\/files\/(firmware|upload)\/[^/]+\//, "/files/$1/***/");
}

/** The use of a URL that is made for a charger. */
export type Grant = Pick<FileToken, "purpose" | "name" | "job_id">;

/**
 * Makes a URL of the gateway, valid for a week and one charger. The file name at its end is only for the charger; the
 * token identifies the file.
 */
export async function makeLocation(grant: Grant, context: Context): Promise<string> {
  const { store, charger_id, state, now } = context;
  if (state.base_url === null) {
    throw new Refusal(
      "state",
      "Cannot choose a location: the charger is not connected; give one in the payload",
    );
  }
  const token = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) =>
    byte.toString(16).padStart(2, "0")
  ).join("");
  await store.file_tokens.put({ token, charger_id, ...grant, expires_at: toIso(now() + LIFETIME_MS) });
  return `${state.base_url}/files/${grant.purpose}/${token}/${encodeURIComponent(grant.name)}`;
}

/** Returns the token in a URL of the gateway. */
export function tokenIn(location: string, store: Store): FileToken | undefined {
  const token = /\/files\/(?:firmware|upload)\/([0-9a-f]{32})\//.exec(location)?.[1];
  return token === undefined ? undefined : store.file_tokens.get(token);
}

/** Returns the record of a token if it is valid for `purpose`. */
export function grantOf(
  token: string,
  purpose: Grant["purpose"],
  { store, now }: Pick<Context, "store" | "now">,
): FileToken | undefined {
  const found = store.file_tokens.get(token);
  return found?.purpose === purpose && Date.parse(found.expires_at) > now() ? found : undefined;
}

/** Returns the firmware with the name `file`; without a name, the only one that exists. Throws Refusal. */
export function firmwareNamed(file: unknown, store: Store): Firmware {
  const all = store.firmware.all();
  const named = file === undefined
    ? (all.length === 1 ? all[0] : undefined)
    : store.firmware.get(String(file));
  if (named) return named;
  if (file !== undefined) {
    throw new Refusal("input", `file ${String(file).slice(0, 100)} is not an uploaded firmware`);
  }
  throw new Refusal("input", "location is missing; give it, or file with the name of an uploaded firmware");
}

/** Deletes expired tokens. For `services/housekeeping.ts`. */
export async function sweepTokens(now: number, { store }: Pick<Context, "store">): Promise<void> {
  const over = store.file_tokens.all().filter(({ expires_at }) => Date.parse(expires_at) <= now);
  await Promise.all(over.map(({ token }) => store.file_tokens.delete(token)));
}
