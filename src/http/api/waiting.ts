// /ocpp/waiting/: connection attempts of chargers, and the operator's decision on them.
import type { Static } from "typebox";
import type { CentralSystem } from "../../central/central_system.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import { identityOf, isFormerIdentity } from "../../site/device_identity.ts";
import type { Events } from "../../site/events.ts";
import { chargerByDefaults } from "../../site/site_defaults.ts";
import { keyBytes, randomKey } from "../../site/security/charger_key.ts";
import type { Charger, PasswordHash, Registration } from "../../store/store.ts";
import { chargerIdOf } from "../admission/charger_id.ts";
import type { ConnectionAttempt, WaitingRoom } from "../admission/waiting_room.ts";
import { HttpError } from "../http_error.ts";
import { COMMAND_ERRORS, sending } from "./charger/commands.ts";
import { warningsOn } from "./chargers.ts";
import { invalidField } from "../input.ts";
import { route } from "../route.ts";
import { Body, named, Nullable, NUMBERED_PAGE, page, pageFrom, Time } from "../schemas.ts";
import { ChargerSchema, chargerView, emitCharger, type ViewDeps } from "./views.ts";

const Attempt = named(
  "ConnectionAttempt",
  Type.Object({
    knock_id: Type.String(),
    charger_id: Nullable(Type.String({ description: "Null if the path contains none" })),
    path: Type.String(),
    address: Type.String(),
    secure: Type.Boolean(),
    protocols: Nullable(Type.String({ description: "The subprotocols that were offered" })),
    credentials: Type.Enum(["none", "basic", "certificate", "other"]),
    user_agent: Nullable(Type.String()),
    accepted: Type.Boolean(),
    status: Type.Integer({ description: "The HTTP status of the answer; 101: accepted" }),
    reason: Type.String(),
    first_at: Time,
    last_at: Time,
    count: Type.Integer(),
    registration: Nullable(Type.Enum(["Accepted", "Pending", "Rejected"])),
  }),
);

const Decision = Body({
  action: Type.Enum(["adopt", "reject", "set_password"]),
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  send_key: Type.Optional(
    Type.Boolean({
      description: "Sends the accepted charger a random key for its connections, if it is connected",
    }),
  ),
  assume_ocpp16: Type.Optional(
    Type.Boolean({ description: "The charger need not offer a subprotocol from now on" }),
  ),
});
type Decision = Static<typeof Decision>;

interface WaitingDeps extends ViewDeps {
  waiting_room: WaitingRoom;
  central: Pick<CentralSystem, "state" | "close" | "port" | "keys">;
  events: Events;
  /** ms since 1970. */
  now: () => number;
}

/** The routes of /ocpp/waiting/. */
export const waitingRoutes = [
  route({
    method: "GET",
    path: "/ocpp/waiting/",
    role: "operator",
    summary: "Connection attempts of chargers and their outcome, newest first",
    query: Type.Object({ state: Type.Optional(Type.Enum(["accepted", "refused"])), ...NUMBERED_PAGE }),
    response: page("knocks", Attempt),
    handle({ query: { state, ...query } }, { waiting_room, store }: WaitingDeps) {
      const all = waiting_room.list().filter(({ accepted }) =>
        state === undefined || accepted === (state === "accepted")
      );
      const { records, next } = pageFrom(all, query);
      const registrationOf = ({ charger_id }: ConnectionAttempt) =>
        charger_id === null ? null : store.chargers.get(charger_id)?.registration ?? null;
      const knocks = records.map((attempt) => ({ ...attempt, registration: registrationOf(attempt) }));
      return { knocks, next };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/waiting/{knock_id}/",
    role: "admin",
    summary: "Accept or reject a charger, or set its password",
    audit: { action: "{action}", kind: "waiting", id: "knock_id" },
    body: Decision,
    response: ChargerSchema,
    errors: [...COMMAND_ERRORS, "state_forbids"],
    async handle({ params, body, c }, deps: WaitingDeps) {
      const charger = await decide(attemptNamed(params.knock_id, deps), body, deps);
      emitCharger(charger, deps);
      const { charger_id } = charger;
      if (body.send_key) await sending(() => deps.central.port(charger_id).setPassword(randomKey()));
      const current = deps.store.chargers.get(charger_id) ?? charger;
      return { ...chargerView(current, c.req.raw, deps), ...warningsOn(body) };
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/waiting/{knock_id}/",
    role: "admin",
    summary: "Forget a connection attempt",
    audit: { action: "delete", kind: "waiting", id: "knock_id" },
    response: null,
    handle({ params }, deps: WaitingDeps) {
      deps.waiting_room.forget(attemptNamed(params.knock_id, deps).knock_id);
    },
  }),
];

async function decide(attempt: ConnectionAttempt, decision: Decision, deps: WaitingDeps): Promise<Charger> {
  const { store, central, waiting_room } = deps;
  const { charger_id } = attempt;
  if (charger_id === null) {
    throw new HttpError(
      "state_forbids",
      "The path does not end with a charger id: change the URL in the charger",
    );
  }
  if (decision.action === "set_password" && decision.password === undefined) {
    throw invalidField("password", "is missing");
  }
  refuseFormer(attempt, charger_id, deps);
  const { password } = decision;
  const key = password === undefined ? null : await central.keys.hash(keyBytes(password));
  const charger = store.chargers.get(charger_id) ?? chargerByDefaults(charger_id, "Accepted", deps);
  const changed = decided(charger, decision, key);
  await store.chargers.put(changed);
  waiting_room.forget(attempt.knock_id);
  if (decision.action === "reject") central.close(charger_id, 1008, "Rejected by the operator");
  return changed;
}

/** Throws HttpError 409 for an attempt under an id that a charger had before: the decision would be about that charger. */
function refuseFormer({ path }: ConnectionAttempt, charger_id: string, { store }: WaitingDeps): void {
  const charger = store.chargers.get(charger_id);
  const id = chargerIdOf(path, store.settings.max_id_length);
  if (!charger || id === null || !isFormerIdentity(charger, id)) return;
  const connects_as = identityOf(charger);
  throw new HttpError(
    "state_forbids",
    `${id} is a former id of charger ${charger_id}, which connects as ${connects_as}`,
    {
      values: { charger_id, identity: connects_as },
    },
  );
}

function decided(
  charger: Charger,
  { action, assume_ocpp16 }: Decision,
  key: PasswordHash | null,
): Charger {
  const registration: Registration = action === "reject"
    ? "Rejected"
    : action === "adopt"
    ? "Accepted"
    : charger.registration;
  const { adopted: _adopted, ...known } = charger;
  return {
    ...known,
    registration,
    ...(key === null ? {} : { password: key, passwords_sent: [] }),
    ...(assume_ocpp16 === undefined ? {} : { quirks: { ...charger.quirks, assume_ocpp16 } }),
  };
}

function attemptNamed(id: string, { waiting_room }: WaitingDeps): ConnectionAttempt {
  const attempt = waiting_room.get(id);
  if (attempt) return attempt;
  throw new HttpError("not_found", `There is no connection attempt ${id.slice(0, 20)}`, {
    values: { kind: "waiting", id: id.slice(0, 20) },
  });
}
