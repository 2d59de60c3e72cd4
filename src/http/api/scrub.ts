// /ocpp/scrub/: the check of all stored values, and those that it found damaged.
import { node } from "../../node.ts";
import type { Maintenance } from "../../machine/maintenance.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import { damageId } from "../../store/damages.ts";
import { isDamaged } from "../../store/scrub.ts";
import type { DamageRecord, Store } from "../../store/store.ts";
import { notFound } from "../http_error.ts";
import { route } from "../route.ts";
import { named, Nullable, Time } from "../schemas.ts";

const ScrubSchema = named(
  "Scrub",
  Type.Object({
    began_at: Time,
    ended_at: Time,
    values: Type.Integer({ description: "Number of stored values" }),
    bytes: Type.Integer(),
    unsealed: Type.Integer({ description: "Values without a checksum: an older program has written them" }),
    damaged: Type.Integer(),
  }),
);

const DamageSchema = named(
  "Damage",
  Type.Object({
    id: Type.String(),
    table: Type.String({ description: "The table's name in the database" }),
    key: Type.Array(Type.Union([Type.String(), Type.Number()]), {
      description: "Empty where it is a secret",
    }),
    reason: Type.String(),
    found_at: Time,
    bytes: Type.Integer(),
  }),
);

/** Tables whose keys let somebody in, or nearly so. */
const SECRET_KEYS: ReadonlySet<string> = new Set(["file_token", "session"]);

const State = Type.Object({
  running: Type.Boolean(),
  last: Nullable(ScrubSchema),
  damages: Type.Array(DamageSchema, {
    description: "Damaged values that nobody has discarded, at most 1000",
  }),
});

interface ScrubApiDeps {
  store: Store;
  maintenance: Pick<Maintenance, "scrubs">;
}

/** The routes of /ocpp/scrub/. */
export const scrubRoutes = [
  route({
    method: "GET",
    path: "/ocpp/scrub/",
    role: "operator",
    summary: "The last check of all stored values, and the damaged ones",
    response: State,
    handle: (_, deps: ScrubApiDeps) => stateOf(deps),
  }),
  route({
    method: "POST",
    path: "/ocpp/scrub/",
    role: "admin",
    summary: "Check all stored values now",
    audit: { action: "create", kind: "scrub" },
    response: State,
    status: 202,
    handle(_, deps: ScrubApiDeps) {
      void deps.maintenance.scrubs.begin();
      return stateOf(deps);
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/scrub/damages/{id}/",
    role: "admin",
    summary: "Discard a damaged value, of which nothing is left then",
    audit: { action: "delete", kind: "damaged value", id: "id" },
    response: null,
    async handle({ params }, { store }: ScrubApiDeps) {
      const record = store.damages.all().find((one) => idOf(one) === params.id);
      if (!record) throw notFound("damaged value", params.id);
      const key = [store.site.site_id, record.table, ...record.key];
      await store.damages.discard(record, { stored: await isDamaged({ key }, store.read) });
    },
  }),
];

function stateOf({ store, maintenance: { scrubs } }: ScrubApiDeps) {
  return {
    running: scrubs.running,
    last: scrubs.last,
    damages: store.damages.all().map((record) => ({
      ...record,
      id: idOf(record),
      key: SECRET_KEYS.has(record.table) ? [] : record.key,
    })),
  };
}

/** Returns the public identity of a damaged value, which tells nothing of its key. */
function idOf(record: DamageRecord): string {
  return node("crypto").createHash("sha256").update(damageId(record)).digest("hex").slice(0, 16);
}
