// /ocpp/chargers/: the chargers of the site.
import type { Static } from "typebox";
import type { CentralSystem } from "../../central/central_system.ts";
import type { MessageLog } from "../../central/message_log.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import type { Events } from "../../site/events.ts";
import { LOAD_PLACE, splitLoadPlace } from "../../site/load/load_place.ts";
import { isTimeZone, QuirksChange } from "../../site/quirks.ts";
import { chargerByDefaults } from "../../site/site_defaults.ts";
import { keyBytes, keyWarnings } from "../../site/security/charger_key.ts";
import { endAllSessions } from "../../site/sessions/end_all.ts";
import type { Charger, PasswordHash, Store } from "../../store/store.ts";
import { seesTags, shownTo, type TagMaskDeps } from "../auth/tag_mask.ts";
import { isChargerId } from "../admission/charger_id.ts";
import { HttpError } from "../http_error.ts";
import { invalidField } from "../input.ts";
import { route } from "../route.ts";
import { AnyObject, Body, Nullable, PAGE, page, pageBehind, SIMULATED } from "../schemas.ts";
import { withPlace } from "./charger/place.ts";
import { chargerNamed } from "./charger/charger_named.ts";
import { diagnosisOf, DiagnosisSchema } from "./diagnosis.ts";
import {
  CHARGER,
  ChargerSchema,
  chargerView,
  emitCharger,
  entryOf,
  FIELDS,
  LogEntry,
  SlimChargerSchema,
  slimView,
  type ViewDeps,
  withoutTags,
} from "./views.ts";

const Place = (maximum: number, minimum = -maximum) => Nullable(Type.Number({ minimum, maximum }));

const SETTABLE = {
  name: Type.Optional(Type.String({ maxLength: 100 })),
  require_rfid: Type.Optional(Type.Boolean()),
  config: Type.Optional(AnyObject),
  latitude: Type.Optional(Place(90)),
  longitude: Type.Optional(Place(180)),
  plan_x: Type.Optional(Place(1, 0)),
  plan_y: Type.Optional(Place(1, 0)),
  registration: Type.Optional(Type.Enum(["Accepted", "Pending", "Rejected"])),
  quirks: Type.Optional(QuirksChange),
  /** Only an operator can lower it, no charger (security white paper A00.FR.005). */
  security_profile: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
  password: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 40 }))),
  simulated: Type.Optional(
    Type.Boolean({ description: "True: whoever connects is a simulator, and its sessions are not billed" }),
  ),
  ...LOAD_PLACE,
};

const Changes = Body(SETTABLE);
type Changes = Static<typeof Changes>;

interface ChargerDeps extends ViewDeps, TagMaskDeps {
  store: Store;
  central: CentralSystem;
  events: Events;
  messages: Pick<MessageLog, "newest">;
  /** ms since 1970. */
  now: () => number;
}

/** The routes of /ocpp/chargers/. */
export const chargerRoutes = [
  route({
    method: "GET",
    path: "/ocpp/chargers/",
    role: "viewer",
    summary: "All chargers, ordered by id",
    query: Type.Object({ ...PAGE, ...SIMULATED, ...FIELDS }),
    response: page("chargers", ChargerSchema),
    also: { 200: page("chargers", SlimChargerSchema) },
    handle({ query, c }, deps: ChargerDeps) {
      const all = deps.store.chargers.all().filter(({ simulated }) =>
        query.simulated === undefined || String(simulated) === query.simulated
      );
      const { records, next } = pageBehind(all, query, ({ charger_id }) => charger_id);
      const viewOf = query.fields === "slim" ? slimView : chargerView;
      return c.json(shownTo(c, { chargers: records.map((one) => viewOf(one, c.req.raw, deps)), next }, deps));
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/chargers/",
    role: "admin",
    summary: "Create a charger before it connects",
    audit: { action: "create", kind: "charger", id: "charger_id" },
    body: Body({ charger_id: Type.String(), ...SETTABLE }),
    response: ChargerSchema,
    status: 201,
    errors: ["exists", "state_forbids"],
    async handle({ body: { charger_id, ...changes }, c }, deps: ChargerDeps) {
      const charger = await create(charger_id, changes, deps);
      return { ...chargerView(charger, c.req.raw, deps), ...warningsOn(changes) };
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/chargers/{charger_id}/",
    role: "viewer",
    summary: "A charger with the reasons why it does not charge, and its newest messages, oldest first",
    query: Type.Object({
      log: Type.Optional(Type.String({ description: "false: without its messages, which are most of it" })),
    }),
    response: Type.Object({ ...CHARGER, diagnosis: Type.Array(DiagnosisSchema), log: Type.Array(LogEntry) }),
    async handle({ params, query, c }, deps: ChargerDeps) {
      const charger = chargerNamed(params.charger_id, deps);
      const whole = { ...chargerView(charger, c.req.raw, deps), diagnosis: diagnosisOf(charger, deps) };
      const view = JSON.stringify(shownTo(c, whole, deps));
      const newest = query.log === "false" ? [] : await deps.messages.newest(charger.charger_id);
      const log = newest.map((message) => entryOf(seesTags(c) ? message : withoutTags(message, deps)));
      return c.body(`${view.slice(0, -1)},"log":[${log}]}`, 200, { "content-type": "application/json" });
    },
  }),
  route({
    method: "PATCH",
    path: "/ocpp/chargers/{charger_id}/",
    role: "admin",
    summary: "Change a charger",
    audit: { action: "change", kind: "charger", id: "charger_id" },
    body: Changes,
    response: ChargerSchema,
    errors: ["state_forbids"],
    async handle({ params, body, c }, deps: ChargerDeps) {
      const key = await keyOf(body, deps);
      const changed = withChanges(chargerNamed(params.charger_id, deps), body, { key, store: deps.store });
      await deps.store.chargers.put(changed);
      emitCharger(changed, deps);
      return { ...chargerView(changed, c.req.raw, deps), ...warningsOn(body) };
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/chargers/{charger_id}/",
    role: "admin",
    summary: "Forget a charger; its sessions and readings stay",
    audit: { action: "delete", kind: "charger", id: "charger_id" },
    query: Type.Object({
      force: Type.Optional(
        Type.String({
          description: "Not false: its running sessions are ended with the energy known so far",
        }),
      ),
    }),
    response: null,
    errors: ["state_forbids"],
    async handle({ params, query: { force = "false" } }, deps: ChargerDeps) {
      const { charger_id } = chargerNamed(params.charger_id, deps);
      const running = deps.store.transactions.active(charger_id);
      if (running.length > 0 && force === "false") throw inSession(charger_id, running.length);
      await endAllSessions("charger-deleted", { charger_id, ...deps });
      await deps.central.forget(charger_id);
    },
  }),
];

function inSession(charger_id: string, sessions: number): HttpError {
  return new HttpError(
    "state_forbids",
    `Charger ${charger_id} is in a session: end it first, or delete the charger with ?force=true`,
    { values: { charger_id, sessions } },
  );
}

async function create(charger_id: string, changes: Changes, deps: ChargerDeps): Promise<Charger> {
  const { store, central } = deps;
  if (!isChargerId(charger_id)) {
    throw invalidField("charger_id", "must be 1 to 64 characters without slashes or control characters");
  }
  const id = charger_id.normalize("NFC");
  if (store.chargers.has(central.registeredId(id))) {
    throw new HttpError("exists", `Charger ${id} already exists`, { values: { kind: "charger", id } });
  }
  const charger = withChanges(chargerByDefaults(id, "Accepted", deps), changes, {
    key: await keyOf(changes, deps),
    store,
  });
  await store.chargers.put(charger);
  emitCharger(charger, deps);
  return charger;
}

async function keyOf({ password }: Changes, { central }: ChargerDeps): Promise<PasswordHash | null> {
  return typeof password === "string" ? await central.keys.hash(keyBytes(password)) : null;
}

/** Returns the warnings of a weak password as a part of the answer. */
export function warningsOn({ password }: { password?: string | null | undefined }): { warnings?: string[] } {
  const warnings = typeof password === "string" ? keyWarnings(keyBytes(password)) : [];
  return warnings.length ? { warnings } : {};
}

function withChanges(
  charger: Charger,
  { password, quirks, ...given }: Changes,
  { key, store }: { key: PasswordHash | null; store: Store },
): Charger {
  const { place, rest: changes } = splitLoadPlace(given);
  if (quirks?.time_zone !== undefined && !isTimeZone(quirks.time_zone)) {
    throw invalidField("quirks.time_zone", "must be an offset in minutes or the name of a time zone");
  }
  const { adopted: _adopted, marked_simulated: marked, ...known } = withPlace(charger, place, store);
  const is_marked = changes.simulated ?? marked;
  const mark = is_marked ? { marked_simulated: true, simulated: true } : {};
  const changed = { ...known, ...changes, quirks: { ...charger.quirks, ...quirks }, ...mark } as Charger;
  if (changes.security_profile !== undefined) delete changed.security_profile_sent;
  if (password === undefined) return changed;
  return key === null ? withoutKey(changed) : { ...changed, password: key, passwords_sent: [] };
}

/** Profiles 1 and 2 need a key: a charger without one has to come by profile 0. */
function withoutKey(charger: Charger): Charger {
  const keyless = { ...charger, password: null, passwords_sent: [] };
  return (charger.security_profile ?? 0) === 3
    ? keyless
    : { ...keyless, security_profile: 0, security_profile_sent: 0 };
}
