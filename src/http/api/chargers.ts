// /ocpp/chargers/: what chargers there are, and what is known of them.
import type { Static } from "typebox";
import { Hono } from "hono";
import { Type } from "../../ocpp/schema_builder.ts";
import { hashKey, keyBytes } from "../../site/security/charger_key.ts";
import { newCharger } from "../../site/charger_record.ts";
import { chargerView as siteView } from "../../site/charger_view.ts";
import { isTimeZone, QuirksChange } from "../../site/quirks.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import type { Charger } from "../../store/store.ts";
import { isChargerId } from "../admission/charger_id.ts";
import { HttpError } from "../http_error.ts";
import { queryLimit, readBody } from "../input.ts";
import { chargerView, entryOf } from "./views.ts";
import type { Services } from "../services.ts";

const Place = (maximum: number, minimum = -maximum) =>
  Type.Union([Type.Number({ minimum, maximum }), Type.Null()]);

const SETTABLE = {
  name: Type.Optional(Type.String({ maxLength: 100 })),
  require_rfid: Type.Optional(Type.Boolean()),
  config: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  latitude: Type.Optional(Place(90)),
  longitude: Type.Optional(Place(180)),
  plan_x: Type.Optional(Place(1, 0)),
  plan_y: Type.Optional(Place(1, 0)),
  registration: Type.Optional(Type.Enum(["Accepted", "Pending", "Rejected"])),
  quirks: Type.Optional(QuirksChange),
  /** Lowering it is the operator's to do: no charger can (security white paper A00.FR.005). */
  security_profile: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
  password: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 40 }), Type.Null()])),
};

/** What a charger's PATCH may hold. */
export const ChargerChanges = Type.Object(SETTABLE, { additionalProperties: false });
/** What a charger's POST may hold. */
export const NewCharger = Type.Object({ charger_id: Type.String(), ...SETTABLE }, {
  additionalProperties: false,
});

type Changes = Static<typeof ChargerChanges>;

const changesChecker = { ...checkerOf(ChargerChanges), schema: ChargerChanges };
const newChecker = { ...checkerOf(NewCharger), schema: NewCharger };

/** The routes of the chargers. */
export function chargerRoutes(services: Services): Hono {
  const { store, central, messages } = services;
  const app = new Hono({ strict: false });
  app.get("/", (c) => {
    const limit = queryLimit(c);
    const after = c.req.query("cursor") ?? "";
    const chargers = store.chargers.all().filter(({ charger_id }) => charger_id > after);
    const page = chargers.slice(0, limit);
    const next = chargers.length > limit ? page.at(-1)!.charger_id : null;
    return c.json({ chargers: page.map((charger) => chargerView(charger, c.req.raw, services)), next });
  });
  app.post("/", async (c) => {
    const { charger_id, ...changes } = await readBody(c, newChecker);
    const charger = await create(charger_id, changes, services);
    return c.json(chargerView(charger, c.req.raw, services), 201);
  });
  app.get("/:cid", (c) => {
    const charger = chargerNamed(c.req.param("cid"), services);
    const view = JSON.stringify(chargerView(charger, c.req.raw, services));
    return c.body(`${view.slice(0, -1)},"log":[${messages.newest(charger.charger_id).map(entryOf)}]}`, 200, {
      "content-type": "application/json",
    });
  });
  app.patch("/:cid", async (c) => {
    chargerNamed(c.req.param("cid"), services);
    const changes = await readBody(c, changesChecker);
    const charger = chargerNamed(c.req.param("cid"), services); // as it is after the body has come
    const changed = withChanges(charger, changes);
    await store.chargers.put(changed);
    tellCharger(changed, services);
    return c.json(chargerView(changed, c.req.raw, services));
  });
  app.delete("/:cid", async (c) => {
    await central.forget(chargerNamed(c.req.param("cid"), services).charger_id);
    return c.body(null, 204);
  });
  return app;
}

/** The charger of a path. Throws HttpError 404. */
export function chargerNamed(charger_id: string, { store, central }: Services): Charger {
  const charger = store.chargers.get(central.registeredId(charger_id));
  if (!charger) throw new HttpError(404, `There is no charger ${charger_id.slice(0, 64)}`);
  return charger;
}

async function create(
  charger_id: string,
  changes: Changes,
  services: Services,
): Promise<Charger> {
  const { store, central, now } = services;
  if (!isChargerId(charger_id)) {
    throw new HttpError(400, "charger_id must be 1 to 64 characters without slashes or control characters");
  }
  const id = charger_id.normalize("NFC");
  if (store.chargers.has(central.registeredId(id))) throw new HttpError(409, `Charger ${id} already exists`);
  const charger = withChanges(newCharger(id, "Accepted", now()), changes);
  await store.chargers.put(charger);
  tellCharger(charger, services);
  return charger;
}

/** Emits `charger`. */
export function tellCharger(charger: Charger, { events, central, store }: Services): void {
  const { charger_id } = charger;
  events.emit("charger", charger_id, () => siteView(charger, central.state(charger_id), store));
}

function withChanges(charger: Charger, { password, quirks, ...changes }: Changes): Charger {
  if (quirks?.time_zone !== undefined && !isTimeZone(quirks.time_zone)) {
    throw new HttpError(400, "quirks.time_zone must be an offset in minutes or the name of a time zone");
  }
  const changed = { ...charger, ...changes, quirks: { ...charger.quirks, ...quirks } } as Charger;
  if (changes.security_profile !== undefined) delete changed.security_profile_sent;
  if (password === undefined) return changed;
  if (password === null) return withoutKey(changed);
  return { ...changed, password: hashKey(keyBytes(password)), passwords_sent: [] };
}

/** Profiles 1 and 2 need a key: without one the charger would be shut out. */
function withoutKey(charger: Charger): Charger {
  const keyless = { ...charger, password: null, passwords_sent: [] };
  return (charger.security_profile ?? 0) === 3
    ? keyless
    : { ...keyless, security_profile: 0, security_profile_sent: 0 };
}
