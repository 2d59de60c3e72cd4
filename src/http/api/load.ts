// /ocpp/load/: load management now, and its decisions.
import { Type } from "../../ocpp/schema_builder.ts";
import type { LoadManagement } from "../../services/load/load_management.ts";
import type { FeedMeters } from "../../services/load/meters/feed_meters.ts";
import type { Store } from "../../store/store.ts";
import { route } from "../route.ts";
import { NUMBERED_PAGE, page, SPAN, Time } from "../schemas.ts";
import { CircuitSchema, LoadConnectorSchema, LoadDecisionSchema } from "./circuit_schemas.ts";
import { circuitView } from "./circuit_view.ts";

interface LoadDeps {
  store: Store;
  load: LoadManagement;
  feed_meters: FeedMeters;
  /** ms since 1970. */
  now: () => number;
}

/** The routes of /ocpp/load/. */
export const loadRoutes = [
  route({
    method: "GET",
    path: "/ocpp/load/",
    role: "viewer",
    summary: "What holds now: circuits, and the connectors of managed chargers",
    query: Type.Object({ charger_id: Type.Optional(Type.String()) }),
    response: Type.Object({
      at: Time,
      circuits: Type.Array(CircuitSchema),
      connectors: Type.Array(LoadConnectorSchema),
    }),
    handle: ({ query }, deps: LoadDeps) => ({
      at: new Date(deps.now()).toISOString(),
      circuits: deps.store.circuits.all().map((circuit) => circuitView(circuit, deps)),
      connectors: deps.load.connectors(query.charger_id) as never[],
    }),
  }),
  route({
    method: "GET",
    path: "/ocpp/load/log/",
    role: "viewer",
    summary: "The decisions of load management, newest first",
    query: Type.Object({ ...SPAN, ...NUMBERED_PAGE }),
    response: page("decisions", LoadDecisionSchema),
    handle({ query: { from, to, cursor = Infinity, limit = 100 } }, { load }: LoadDeps) {
      const [first, behind] = [Date.parse(from ?? "") || -Infinity, Date.parse(to ?? "") || Infinity];
      const left = load.decisions().filter(({ sequence, at }) =>
        sequence < cursor && Date.parse(at) >= first && Date.parse(at) < behind
      );
      const decisions = left.slice(0, limit);
      return { decisions, next: left.length > limit ? String(decisions.at(-1)!.sequence) : null };
    },
  }),
];
