// Schemas of the records that several routes show, and how they are made.
import type { CentralSystem } from "../../central/central_system.ts";
import type { LoggedMessage } from "../../central/newest_messages.ts";
import type { Config } from "../../config.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import {
  type ChargerView,
  chargerView as siteView,
  HEAVY,
  type SlimChargerView,
  slimChargerView,
} from "../../site/charger_view.ts";
import type { Events } from "../../site/events.ts";
import type { Charger, Store } from "../../store/store.ts";
import type { TagMaskDeps } from "../auth/tag_mask.ts";
import { landingUrl } from "../pages/landing_url.ts";
import { AnyObject, named, Nullable, OptionalTime, Time } from "../schemas.ts";

const OptionalNumber = Nullable(Type.Number());
const OptionalInteger = Nullable(Type.Integer());
const OptionalText = Nullable(Type.String());

/** A charging session, energy in Wh. */
export const TransactionSchema = named(
  "Transaction",
  Type.Object({
    transaction_id: Type.Integer(),
    charger_id: Type.String(),
    connector_id: Type.Integer(),
    id_tag: Type.String(),
    start_time: Time,
    meter_start: OptionalNumber,
    stop_time: OptionalTime,
    meter_stop: OptionalNumber,
    stop_reason: OptionalText,
    energy_wh: OptionalNumber,
    state: Type.Enum(["active", "completed"]),
    simulated: Type.Boolean({ description: "True: a simulator started it" }),
    flags: Type.Array(Type.String(), { description: "Flags of doubtful figures" }),
    start_received: Time,
    stop_received: OptionalTime,
    id_tag_status: Type.String(),
    reservation_id: OptionalInteger,
    reported_transaction_id: Type.Optional(OptionalInteger),
    unaccounted_wh: Type.Optional(Type.Number()),
    closed_by: Type.Optional(Type.String()),
  }),
);

const CONNECTOR = {
  connector_id: Type.Integer(),
  status: Type.String(),
  error_code: Type.String(),
  info: OptionalText,
  vendor_error_code: OptionalText,
  since: Time,
};

/** A connector with its live figures. */
export const ConnectorSchema = named(
  "Connector",
  Type.Object({
    ...CONNECTOR,
    transaction_id: OptionalInteger,
    power_w: OptionalNumber,
    energy_wh: OptionalNumber,
    current_limit_a: OptionalNumber,
  }),
);

const Quirks = named(
  "Quirks",
  Type.Object({
    assume_ocpp16: Type.Boolean(),
    allow_origin: Type.Boolean(),
    time_zone: Type.Union([Type.Number(), Type.String()]),
    register_factor: Type.Number(),
    register_modulus: OptionalNumber,
    max_power_w: OptionalNumber,
    id_tag_normaliser: Type.Enum(["none", "separators", "suffix", "both"]),
    ping: Type.Boolean(),
  }),
);

/** The fields of a charger. */
export const CHARGER = {
  charger_id: Type.String({ description: "The id of its records, which never changes" }),
  identity: Type.String({ description: "The OCPP identity under which the device connects" }),
  former: Type.Array(
    Type.Object({
      identity: Type.String(),
      end: Type.Enum(["renamed", "replaced"]),
      until: Time,
      vendor: OptionalText,
      model: OptionalText,
      serial_number: OptionalText,
    }),
    { description: "The devices and identities that it had before, newest first" },
  ),
  name: Type.String(),
  registration: Type.Enum(["Accepted", "Pending", "Rejected"]),
  require_rfid: Type.Boolean(),
  config: AnyObject,
  latitude: OptionalNumber,
  longitude: OptionalNumber,
  plan_x: OptionalNumber,
  plan_y: OptionalNumber,
  created_at: Time,
  booted_at: OptionalTime,
  last_path: OptionalText,
  remote_address: OptionalText,
  vendor: OptionalText,
  model: OptionalText,
  serial_number: OptionalText,
  firmware_version: OptionalText,
  security_profile: Type.Optional(Type.Integer()),
  security_profile_sent: Type.Optional(Type.Integer()),
  adopted: Type.Optional(
    Type.Boolean({
      description: "False: it has registered itself, and nobody has changed or accepted it yet",
    }),
  ),
  quirks: Quirks,
  connected: Type.Boolean(),
  connected_since: OptionalTime,
  last_seen: OptionalTime,
  last_heartbeat: OptionalTime,
  last_meter_values: Type.Unknown({ description: "The newest MeterValues.req, as received; or null" }),
  connectors: Type.Array(ConnectorSchema),
  transaction: Nullable(TransactionSchema),
  has_password: Type.Boolean(),
  landing_url: Type.String(),
  warnings: Type.Optional(
    Type.Array(Type.String(), { description: "In the answer to a change: such as a weak password" }),
  ),
  simulated: Type.Boolean(),
  circuit: Nullable(Type.String({ description: "The circuit that feeds it; null: it is not managed" })),
  phases: Type.Integer(),
  phase_rotation: OptionalText,
  min_current_a: Type.Number(),
  max_current_a: Type.Number(),
  failsafe_current_a: Type.Number(),
  priority: Type.Integer(),
  surplus: Type.Boolean({ description: "True: cars charge from what the feed's meter shows as export" }),
  surplus_floor_a: Type.Number(),
};

/** A charger. */
export const ChargerSchema = named("Charger", Type.Object(CHARGER));

/** A charger for lists that are kept up to date. */
export const SlimChargerSchema = named("SlimCharger", Type.Object(without(CHARGER, HEAVY)));

/** The query of a list or a stream of chargers: `slim` answers SlimChargers. */
export const FIELDS = {
  fields: Type.Optional(
    Type.Enum(["slim"], { description: "slim: chargers without what a list or a map has no use for" }),
  ),
};

/** Returns an object without some of its fields. */
function without<T extends object, const K extends keyof T>(all: T, names: readonly K[]): Omit<T, K> {
  const left = { ...all };
  for (const name of names) delete left[name];
  return left;
}

/** A charger as REST and SSE show it. */
export interface ChargerAnswer extends ChargerView {
  landing_url: string;
}

/** The parts that complete a charger's view. */
export interface ViewDeps {
  config: Pick<Config, "public_url" | "port">;
  store: Store;
  central: Pick<CentralSystem, "state">;
}

/** Returns a charger as the sender of `request` sees it. */
export function chargerView(charger: Charger, request: Request, deps: ViewDeps): ChargerAnswer {
  const { central, store } = deps;
  return completeView(siteView(charger, central.state(charger.charger_id), store), request, deps);
}

/** Returns a charger for lists as the sender of `request` sees it. */
export function slimView(charger: Charger, request: Request, deps: ViewDeps): SlimChargerView {
  const { central, store } = deps;
  return completeView(slimChargerView(charger, central.state(charger.charger_id), store), request, deps);
}

/** Adds what depends on the request. */
export function completeView<T extends SlimChargerView>(
  view: T,
  request: Request,
  { config }: Pick<ViewDeps, "config">,
): T & { landing_url: string } {
  return { ...view, landing_url: landingUrl({ config }, request, view.charger_id) };
}

/** Emits `charger`. */
export function emitCharger(
  charger: Charger,
  { events, central, store }: { events: Events; central: Pick<CentralSystem, "state">; store: Store },
): void {
  const { charger_id } = charger;
  events.emit("charger", charger_id, () => siteView(charger, central.state(charger_id), store));
}

/** A message of a log. */
export const LogEntry = named(
  "LogEntry",
  Type.Object({
    at: Time,
    direction: Type.Enum(["in", "out"]),
    message: Type.Unknown({
      description: "The OCPP-J frame, or other JSON that a charger sent in its place",
    }),
    text: Type.Optional(
      Type.String({ description: "The text of a frame that is not JSON; `message` is null then" }),
    ),
  }),
);

/** Returns a message of the log as a viewer may see it. */
export function withoutTags(message: LoggedMessage, { auth }: TagMaskDeps): LoggedMessage {
  return { ...message, text: auth.tag_mask.message(message.text) };
}

/** Returns a message of the log as JSON: the frame is inserted as received; a frame that is not JSON is given as text. */
export function entryOf({ at, direction, text }: LoggedMessage): string {
  return `{"at":"${new Date(at).toISOString()}","direction":"${direction}",${
    isJson(text) ? `"message":${text}` : `"message":null,"text":${JSON.stringify(text)}`
  }}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
