// REST, as the admin uses it.
import { signal } from "@preact/signals";
import type { Role } from "../store/store.ts";

/** What the gateway refused, in its own words. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(readonly status: number, message: string, readonly body: Record<string, unknown>) {
    super(message);
  }
}

/** Who is logged in; null: nobody, undefined: not known yet. */
export const session = signal<{ name: string; role: Role } | null | undefined>(undefined);

const ROLES = ["viewer", "operator", "admin"];

/** Whether who is logged in may do what needs a role (`http/auth/roles.ts`): what they may not is not shown. */
export function can(role: Role): boolean {
  return ROLES.indexOf(session.value?.role ?? "") >= ROLES.indexOf(role);
}

/** The headers that each request carries. */
export function authHeaders(): Record<string, string> {
  return { "x-requested-with": "admin" };
}

/** Sends a request and reads its JSON. Throws ApiError, or TypeError when the gateway is not there. */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await send(method, path, body);
  return answer.status === 204 ? undefined as T : await answer.json() as T;
}

/** Sends a request. Throws as `call` does. */
export async function send(
  method: string,
  path: string,
  body?: unknown,
  more: Record<string, string> = { "content-type": "application/json" },
): Promise<Response> {
  const headers = { ...authHeaders(), ...body === undefined ? {} : more };
  const sent = body === undefined || typeof body === "string" || body instanceof Blob
    ? body
    : JSON.stringify(body);
  const answer = await fetch(path, { method, headers, ...(sent === undefined ? {} : { body: sent }) });
  if (answer.ok) return answer;
  const { error = `HTTP ${answer.status}`, ...rest } = await answer.json().catch(() => ({}));
  if (answer.status === 401 && session.value) session.value = null;
  throw new ApiError(answer.status, String(error), rest);
}

/** GET. */
export function get<T>(path: string): Promise<T> {
  return call<T>("GET", path);
}

/** A list, page by page, up to `most` records. */
export async function getAll<T>(path: string, plural: string, most = 5000): Promise<T[]> {
  const records: T[] = [];
  let cursor: unknown = null;
  do {
    const query = `${path.includes("?") ? "&" : "?"}limit=1000${
      cursor === null ? "" : `&cursor=${encodeURIComponent(String(cursor))}`
    }`;
    const page = await get<Record<string, unknown>>(path + query);
    records.push(...page[plural] as T[]);
    cursor = page.next ?? null;
  } while (cursor !== null && records.length < most);
  return records;
}

/** A charger's address in REST. */
export function chargerPath(charger_id: string): string {
  return `/ocpp/chargers/${encodeURIComponent(charger_id)}/`;
}
