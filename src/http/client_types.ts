// REST as clients in TypeScript know it: types only, inferred from the list of routes.
import type { Static, TObject, TSchema } from "typebox";
import type { Method, Params } from "./route.ts";
import type { Api } from "./routes.ts";

/** The paths that have a method. */
export type PathOf<M extends Method> = Extract<Api, { method: M }>["path"];

/** The route of a method and a path. */
export type RouteAt<M extends Method, P extends string> = Extract<Api, { method: M; path: P }>;

/** The answer of a route: its JSON; undefined: none. */
export type AnswerAt<M extends Method, P extends string> = RouteAt<M, P> extends { response: infer R }
  ? R extends string ? Response : R extends TSchema ? Static<R> : undefined
  : never;

/** The JSON body of a route. */
export type BodyAt<M extends Method, P extends string> = RouteAt<M, P> extends { body?: infer B }
  ? B extends TObject ? Static<B> : Record<never, never>
  : Record<never, never>;

/** The query of a path that is read or deleted. */
export type QueryAt<P extends string> = [QueryIn<RouteAt<"GET" | "DELETE", P>>] extends [never]
  ? Record<never, never>
  : QueryIn<RouteAt<"GET" | "DELETE", P>>;

type QueryIn<R> = R extends { query?: infer Q } ? Q extends TObject ? Static<Q> : never : never;

/** A path with its parameters filled in. */
export type Filled<P extends string> = string & { readonly "~path": P };

/** The parameters of a path, as they are filled in. */
export type ParamsOf<P extends string> = Params<P>;
