// A route of REST as data: from it come the mounted handler, the role, the audit entry, OpenAPI, and the clients' types.
import type { Context } from "hono";
import type { Static, TObject, TSchema } from "typebox";
import type { Role } from "../store/store.ts";
import type { ErrorCode } from "./http_error.ts";

/** The method of a route. HEAD goes with GET. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The entry that a successful request leaves in the audit log. */
export interface Audit {
  /** `create`, `change`, `delete`, or another verb; `{name}` in it is a path parameter or a field of the body. */
  action: string;
  /** The kind of record. */
  kind: string;
  /** The path parameter, or else the body's field, that holds the record's id; left out: there is only one. */
  id?: string;
  /** True: a command to a charger; its handler notes it in the event log, with the answer. */
  is_command?: true;
}

/** The names between braces in a path. */
type ParamOf<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamOf<Rest>
  : never;

/** The parameters of a path, percent-decoded. */
export type Params<P extends string> = { readonly [Name in ParamOf<P>]: string };

/** An authorized request with its parts checked. */
export interface Asked<P extends string = string, Q = unknown, B = unknown> {
  params: Params<P>;
  query: Q;
  body: B;
  /** Hono's context, for headers, raw bodies and the sender. */
  c: Context;
}

/** An answer on success: a JSON schema, a media type, or null for no content. */
export type ResponseSpec = TSchema | string | null;

/** The value that a handler returns for a response. A `Response` is sent as it is. */
export type Answer<R> = R extends string ? Response : R extends TSchema ? Static<R> | Response : void;

/** All of a route but its handler. */
export interface RouteData {
  readonly method: Method;
  /** With a slash at its end, `{name}` for parameters; requests may leave the slash out. */
  readonly path: string;
  /** The lowest role that is allowed; `public`: no authentication. Some commands require a higher role than their route. */
  readonly role: Role | "public";
  readonly summary: string;
  /** True: a login session must have given its password in the last five minutes. Basic and tokens prove themselves each time. */
  readonly proof?: true;
  /** The audit entry; null: none, or the handler makes its own. Left out: GET, which makes none. */
  readonly audit?: Audit | null;
  readonly query?: TObject;
  /** The JSON body. */
  readonly body?: TObject;
  /** True: the body may be an HTML form as well. */
  readonly form?: boolean;
  /** The media type of a body that the handler reads itself. Beside `body` it is told by the request's content type. */
  readonly upload?: string;
  readonly response: ResponseSpec;
  /** The status on success; left out: 204 without content, else 200. */
  readonly status?: 200 | 201 | 202;
  /** Other answers on success, by status; a list where one has several forms. */
  readonly also?: Readonly<Record<number, ResponseSpec | readonly ResponseSpec[]>>;
  /** The errors of this route's own; `errorsOf` adds those of all routes like it. */
  readonly errors?: readonly ErrorCode[];
}

/** A route of the list: its handler takes what it names of `Deps`. */
export interface Route<Deps = never> extends RouteData {
  /** Tells whether a setting opens the route to anybody. */
  isOpen?(deps: Deps): boolean;
  handle(asked: Asked<string, never, never>, deps: Deps): unknown;
}

/** No fields. */
type None = TObject<Record<never, never>>;

/** A route with the types of its parts. */
export interface TypedRoute<
  M extends Method = Method,
  P extends string = string,
  R extends ResponseSpec = ResponseSpec,
  Q extends TObject = None,
  B extends TObject = None,
  Deps = never,
> extends RouteData {
  readonly method: M;
  readonly path: P;
  readonly query?: Q;
  readonly body?: B;
  readonly response: R;
  isOpen?(deps: Deps): boolean;
  handle(asked: Asked<P, Static<Q>, Static<B>>, deps: Deps): Answer<R> | Promise<Answer<R>>;
}

/** Declares a route. */
export function route<
  const M extends Method,
  const P extends string,
  R extends ResponseSpec,
  Q extends TObject = None,
  B extends TObject = None,
  Deps = unknown,
>(spec: TypedRoute<M, P, R, Q, B, Deps>): TypedRoute<M, P, R, Q, B, Deps> {
  return spec;
}

/** The dependencies of all routes of a list together. */
export type DepsOf<List extends readonly { handle(asked: never, deps: never): unknown }[]> =
  (List[number] extends infer One
    ? One extends { handle(asked: never, deps: infer D): unknown } ? (deps: D) => void : never
    : never) extends (deps: infer All) => void ? All : never;
