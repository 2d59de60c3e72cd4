// /ocpp/circuits/{name}/limit/: limits from outside, of a grid operator or an energy manager.
import type { LoadManagement } from "../../services/load/load_management.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import type { OutsideLimit, Store } from "../../store/store.ts";
import { identityOf } from "../auth/identity.ts";
import { HttpError, notFound } from "../http_error.ts";
import { invalidField } from "../input.ts";
import { route } from "../route.ts";
import { Body, type QueryOf } from "../schemas.ts";
import { CircuitSchema, OUTSIDE_LIMIT } from "./circuit_schemas.ts";
import { circuitNamed, circuitView, type CircuitViewDeps } from "./circuit_view.ts";

const MAX_SOURCES = 20;
const MAX_MS = 366 * 86_400_000;

interface LimitDeps extends CircuitViewDeps {
  store: Store;
  load: LoadManagement;
  /** ms since 1970. */
  now: () => number;
}

/** The routes of limits from outside. */
export const circuitLimitRoutes = [
  route({
    method: "PUT",
    path: "/ocpp/circuits/{name}/limit/",
    role: "operator",
    summary: "Limit a circuit until a time, besides its own limits: the lowest holds",
    audit: { action: "limit", kind: "circuit", id: "name" },
    body: Body(OUTSIDE_LIMIT),
    response: CircuitSchema,
    errors: ["too_many"],
    async handle({ params, body, c }, deps: LimitDeps) {
      const { store, load } = deps;
      const circuit = circuitNamed(params.name, deps);
      const limit = limitOf(circuit.name, { source: identityOf(c).name, ...body }, deps.now());
      const others = [...store.outside_limits.values()].filter((each) =>
        each.circuit === limit.circuit && each.source !== limit.source
      );
      if (others.length >= MAX_SOURCES) {
        throw new HttpError(
          "too_many",
          `Circuit ${circuit.name} has limits of ${MAX_SOURCES} sources already`,
          {
            values: { max: MAX_SOURCES },
          },
        );
      }
      await load.limit(limit);
      return circuitView(circuit, deps);
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/circuits/{name}/limit/",
    role: "operator",
    summary: "End a limit from outside before its time",
    audit: { action: "end limit", kind: "circuit", id: "name" },
    query: Type.Object({
      source: Type.Optional(Type.String({ description: "Left out: the name of the login" })),
    }),
    response: null,
    async handle({ params, query, c }, deps: LimitDeps) {
      const { name: circuit } = circuitNamed(params.name, deps);
      const { source = identityOf(c).name } = query;
      if (!deps.store.outside_limits.has(`${circuit}/${source}`)) throw notFound("limit", source);
      await deps.load.unlimit({ circuit, source });
    },
  }),
];

/** Reads a limit. Throws HttpError 400 naming the field. */
function limitOf(
  circuit: string,
  { source, limit_a = null, limit_w = null, expires_at, valid_s }: QueryOf<typeof OUTSIDE_LIMIT> & {
    source: string;
  },
  now: number,
): OutsideLimit {
  if (limit_a === null && limit_w === null) throw invalidField("limit_a", "is needed, or limit_w");
  if (expires_at === undefined && valid_s === undefined) {
    throw invalidField("expires_at", "is needed, or valid_s");
  }
  if (expires_at !== undefined && valid_s !== undefined) {
    throw invalidField("valid_s", "must not stand beside expires_at");
  }
  const until = expires_at === undefined ? now + valid_s! * 1000 : Date.parse(expires_at);
  if (until <= now) throw invalidField("expires_at", "must be in the future");
  if (until > now + MAX_MS) throw invalidField("expires_at", "must be within a year");
  return {
    circuit,
    source,
    limit_a,
    limit_w,
    set_at: new Date(now).toISOString(),
    until: new Date(until).toISOString(),
    valid_s: valid_s ?? null,
  };
}
