// All routes of REST, and their types.
import * as resources from "./api/mod.ts";
import type { DepsOf, Route } from "./route.ts";

/** A route with its types, as clients know REST. */
export type Api = (typeof resources)[keyof typeof resources][number];

/** The parts that the routes work with. */
export type ApiDeps = DepsOf<readonly Api[]>;

/** All routes. */
export const ROUTES: readonly Route<ApiDeps>[] = Object.values(resources).flat();
