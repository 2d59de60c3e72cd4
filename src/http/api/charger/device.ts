// /ocpp/chargers/{charger_id}/rename/ and replace/: another OCPP identity, or another device, with the same history.
import type { CentralSystem } from "../../../central/central_system.ts";
import { Type } from "../../../ocpp/schema_builder.ts";
import { identityOf } from "../../../site/device_identity.ts";
import type { Events } from "../../../site/events.ts";
import { forgetDevice, renamed, replaced } from "../../../site/replacement.ts";
import { keyBytes } from "../../../site/security/charger_key.ts";
import { endAllSessions } from "../../../site/sessions/end_all.ts";
import type { Charger } from "../../../store/store.ts";
import { isChargerId } from "../../admission/charger_id.ts";
import { HttpError } from "../../http_error.ts";
import { invalidField } from "../../input.ts";
import { route } from "../../route.ts";
import { Body, Nullable } from "../../schemas.ts";
import { warningsOn } from "../chargers.ts";
import { ChargerSchema, chargerView, emitCharger, type ViewDeps } from "../views.ts";
import { chargerNamed } from "./charger_named.ts";

interface DeviceDeps extends ViewDeps {
  central: CentralSystem;
  events: Events;
  /** ms since 1970. */
  now: () => number;
}

const Identity = Type.String({ description: "The id at the end of the URL by which the device connects" });

/** The routes that rename and replace a charger. */
export const deviceRoutes = [
  route({
    method: "POST",
    path: "/ocpp/chargers/{charger_id}/rename/",
    role: "admin",
    summary: "Give a charger another OCPP identity; its id here, history, label and keys stay",
    audit: { action: "rename", kind: "charger", id: "charger_id" },
    body: Body({ identity: Identity }),
    response: ChargerSchema,
    errors: ["exists", "state_forbids"],
    async handle({ params, body, c }, deps: DeviceDeps) {
      const charger = chargerNamed(params.charger_id, deps);
      refuseInSession(charger, deps);
      const identity = await freeIdentity(body.identity, charger, deps);
      const changed = identity === identityOf(charger) ? charger : renamed(charger, identity, deps.now());
      await deps.store.chargers.put(changed);
      if (changed !== charger) deps.central.close(charger.charger_id, 1001, "Renamed");
      emitCharger(changed, deps);
      return chargerView(changed, c.req.raw, deps);
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/chargers/{charger_id}/replace/",
    role: "admin",
    summary: "Put another device in a charger's place; its id here, place, name, label and history stay",
    audit: { action: "replace", kind: "charger", id: "charger_id" },
    body: Body({
      identity: Type.Optional(Identity),
      password: Type.Optional(
        Nullable(Type.String({
          minLength: 1,
          maxLength: 40,
          description: "The new device's; needed where the old one has one; null: it has none",
        })),
      ),
    }),
    response: ChargerSchema,
    errors: ["exists", "state_forbids"],
    async handle({ params, body, c }, deps: DeviceDeps) {
      const charger = chargerNamed(params.charger_id, deps);
      refuseInSession(charger, deps);
      const changed = await withNewDevice(charger, body, deps);
      emitCharger(changed, deps);
      return { ...chargerView(changed, c.req.raw, deps), ...warningsOn(body) };
    },
  }),
];

async function withNewDevice(
  charger: Charger,
  { identity: wanted, password }: { identity?: string | undefined; password?: string | null | undefined },
  deps: DeviceDeps,
): Promise<Charger> {
  const { store, central } = deps;
  const { charger_id } = charger;
  if (charger.password !== null && password === undefined) {
    throw invalidField("password", "is missing: the old device has one; null for a device without one");
  }
  const key = typeof password === "string" ? await central.keys.hash(keyBytes(password)) : null;
  const identity = await freeIdentity(wanted ?? identityOf(charger), charger, deps);
  const context = central.context(charger_id);
  await endAllSessions("charger-replaced", context);
  const changed = replaced(charger, { identity, password: key }, context);
  await Promise.all([store.chargers.put(changed), store.chargers.putConnectors(changed)]);
  central.renew(charger_id);
  await forgetDevice(context);
  return changed;
}

/** Throws HttpError 409 while the device is connected and in a session, whose end would be lost. */
function refuseInSession({ charger_id }: Charger, { store, central }: DeviceDeps): void {
  const sessions = store.transactions.active(charger_id).length;
  if (sessions === 0 || !central.isConnected(charger_id)) return;
  throw new HttpError("state_forbids", `Charger ${charger_id} is in a session: end it first`, {
    values: { charger_id, sessions },
  });
}

/**
 * Returns an identity that no other charger has. A record that the device itself has made under it, that nobody adopted and
 * that has no session, is forgotten. Throws HttpError 400 or 409.
 */
async function freeIdentity(text: string, charger: Charger, deps: DeviceDeps): Promise<string> {
  const { store, central } = deps;
  if (!isChargerId(text, store.settings.max_id_length)) {
    throw invalidField("identity", "must be 1 to 64 characters without slashes or control characters");
  }
  const identity = text.normalize("NFC");
  const other = store.chargers.get(central.registeredId(identity));
  if (!other || other.charger_id === charger.charger_id) return identity;
  const id = other.charger_id;
  if (other.adopted !== false || (await store.transactions.recent(id, 1)).length > 0) {
    throw new HttpError(
      "exists",
      `${identity} is the id of another charger, ${id}: delete or rename that one first`,
      {
        values: { kind: "charger", id },
      },
    );
  }
  await central.forget(id);
  return identity;
}
