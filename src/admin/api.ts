// REST, as the admin uses it.
import { signal } from "@preact/signals";
import type { AnswerAt, BodyAt, Filled, ParamsOf, PathOf, QueryAt } from "../http/client_types.ts";
import type { Method } from "../http/route.ts";
import type { Role } from "../store/store.ts";
import { ERROR_TEXTS } from "../i18n/admin/errors.ts";
import type { Values } from "../i18n/messages.ts";
import { hasMessage, language, messages } from "./i18n.ts";

const t = messages(ERROR_TEXTS);

/** A request that the gateway has refused, with its sentence. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(readonly status: number, message: string, readonly body: Record<string, unknown>) {
    super(message);
  }
}

/** The user that is logged in; null: nobody, undefined: not known yet. */
export const session = signal<{ name: string; role: Role } | null | undefined>(undefined);

/** Asks the user for the password again; returns true once the gateway has accepted it. The shell sets it. */
export const reauthentication = { ask: (): Promise<boolean> => Promise.resolve(false) };

const ROLES = ["viewer", "operator", "admin"];

/** Returns true if the user has at least this role: what needs more is not shown. */
export function can(role: Role): boolean {
  return ROLES.indexOf(session.value?.role ?? "") >= ROLES.indexOf(role);
}

/** The headers that each request carries. */
export function authHeaders(): Record<string, string> {
  return { "x-requested-with": "admin" };
}

/** Fills the parameters of a path in, and adds a query. */
export function at<const P extends PathOf<Method>>(
  path: P,
  params: ParamsOf<P>,
  query: QueryAt<P> = {} as QueryAt<P>,
): Filled<P> {
  const filled = path.replaceAll(
    /\{(\w+)\}/g,
    (_, name) => encodeURIComponent((params as Record<string, string>)[name]!),
  );
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return (text === "" ? filled : `${filled}?${text}`) as Filled<P>;
}

/** Sends a request and returns its JSON. Throws ApiError, or TypeError when the gateway cannot be reached. */
export async function call<const M extends Method, const P extends PathOf<M>>(
  method: M,
  path: P | Filled<P>,
  body?: { [Field in keyof BodyAt<M, P>]?: unknown },
): Promise<AnswerAt<M, P>> {
  const answer = await send(method, path, body);
  return (answer.status === 204 ? undefined : await answer.json()) as AnswerAt<M, P>;
}

/** Sends a request, again if the gateway has asked for the password before. Throws as `call` does. */
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
  if (rest.code === "reauthentication_required" && await reauthentication.ask()) {
    return await send(method, path, body, more);
  }
  throw new ApiError(answer.status, sentenceOf(String(error), rest), rest);
}

/** Returns a refusal in the language of the page: the gateway's own sentence is English. */
function sentenceOf(error: string, { code, values }: { code?: unknown; values?: Values }): string {
  const known = language.value !== "en" && hasMessage(ERROR_TEXTS, String(code));
  return known ? t(code as keyof typeof ERROR_TEXTS, values) : error;
}

/** GET. */
export function get<const P extends PathOf<"GET">>(path: P | Filled<P>): Promise<AnswerAt<"GET", P>> {
  return call("GET", path);
}

type Page = { next: string | null };
/** The paths that answer in pages. */
type ListPath = { [P in PathOf<"GET">]: AnswerAt<"GET", P> extends Page ? P : never }[PathOf<"GET">];
/** The records of a list; `missing` is no part of it. */
type RecordsAt<P extends ListPath> = Extract<
  AnswerAt<"GET", P>[Exclude<keyof AnswerAt<"GET", P>, "missing">],
  unknown[]
>;

/** Returns a whole list, page by page, up to about `most` records. */
export async function getAll<const P extends ListPath>(
  path: P,
  query: QueryAt<P> = {} as QueryAt<P>,
  most = 5000,
): Promise<RecordsAt<P>> {
  const records: unknown[] = [];
  let cursor: string | null = null;
  do {
    const part = { ...query, limit: 1000, ...(cursor === null ? {} : { cursor }) };
    const page: Page = await (await send("GET", at(path, {} as ParamsOf<P>, part as QueryAt<P>))).json();
    records.push(
      ...Object.entries(page).find(([name, part]) => name !== "missing" && Array.isArray(part))?.[1] ?? [],
    );
    cursor = page.next;
  } while (cursor !== null && records.length < most);
  return records as RecordsAt<P>;
}

/** A charger's address in REST. */
export function chargerPath(charger_id: string): Filled<"/ocpp/chargers/{charger_id}/"> {
  return at("/ocpp/chargers/{charger_id}/", { charger_id });
}
