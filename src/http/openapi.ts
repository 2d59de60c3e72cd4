// /openapi.json: the description of REST, made from the schemas that check it.
import type { TSchema } from "typebox";
import { type NamedCommands, restNamesOf } from "../ocpp/protocol.ts";
import { VERSION } from "../version.ts";
import { PEOPLES_DOORS } from "./openapi_people.ts";
import { roleFor } from "./auth/roles.ts";
import { Command } from "./api/actions.ts";
import { ChargerChanges, NewCharger } from "./api/chargers.ts";
import { CommissioningAction, CommissioningChanges, NewCommissioning } from "./api/commissioning.ts";
import { NewRfid, RfidChanges } from "./api/rfids.ts";
import { NewClone, NewSimulator, SimulatorAction, SimulatorChanges } from "./api/simulators.ts";
import { SettingsChanges } from "./api/settings.ts";
import { NewTime } from "./api/system.ts";
import { Values } from "./api/configuration.ts";
import { NewPassword } from "./api/held.ts";
import { Closing } from "./api/transactions.ts";

/** A door of REST, as the document shows it. */
export interface Door {
  method: string;
  path: string;
  summary: string;
  body?: TSchema;
  query?: string[];
  public?: boolean;
}

const READING_QUERY = [
  "from",
  "to",
  "measurand",
  "connector_id",
  "transaction_id",
  "limit",
  "cursor",
  "format",
];
const SESSION_QUERY = ["charger_id", "id_tag", "from", "to", "state", "limit", "cursor", "format"];

const DOORS: Door[] = [
  { method: "get", path: "/healthz", summary: "Whether chargers can connect", public: true },
  { method: "get", path: "/ocpp/chargers/", summary: "All chargers", query: ["limit", "cursor"] },
  {
    method: "post",
    path: "/ocpp/chargers/",
    summary: "Create a charger before it connects",
    body: NewCharger,
  },
  { method: "get", path: "/ocpp/chargers/{charger_id}/", summary: "A charger with its newest messages" },
  {
    method: "patch",
    path: "/ocpp/chargers/{charger_id}/",
    summary: "Change a charger",
    body: ChargerChanges,
  },
  { method: "delete", path: "/ocpp/chargers/{charger_id}/", summary: "Forget a charger" },
  {
    method: "get",
    path: "/ocpp/chargers/{charger_id}/readings/",
    summary: "Sampled values, oldest first",
    query: READING_QUERY,
  },
  { method: "get", path: "/ocpp/transactions/", summary: "Sessions, newest first", query: SESSION_QUERY },
  { method: "get", path: "/ocpp/transactions/{transaction_id}/", summary: "A session" },
  {
    method: "post",
    path: "/ocpp/transactions/{transaction_id}/close/",
    summary: "Close a stuck session",
    body: Closing,
  },
  { method: "get", path: "/ocpp/rfids/", summary: "The RFID table", query: ["limit", "cursor", "format"] },
  { method: "post", path: "/ocpp/rfids/", summary: "Add a tag, or import text/csv", body: NewRfid },
  { method: "get", path: "/ocpp/rfids/{rfid}/", summary: "A tag" },
  { method: "patch", path: "/ocpp/rfids/{rfid}/", summary: "Change a tag", body: RfidChanges },
  { method: "delete", path: "/ocpp/rfids/{rfid}/", summary: "Remove a tag" },
  { method: "get", path: "/ocpp/simulators/", summary: "Simulated chargers", query: ["limit", "cursor"] },
  { method: "post", path: "/ocpp/simulators/", summary: "Make a simulator", body: NewSimulator },
  { method: "get", path: "/ocpp/simulators/{name}/", summary: "A simulator with its newest messages" },
  {
    method: "patch",
    path: "/ocpp/simulators/{name}/",
    summary: "Change a simulator",
    body: SimulatorChanges,
  },
  { method: "delete", path: "/ocpp/simulators/{name}/", summary: "Stop and forget a simulator" },
  {
    method: "post",
    path: "/ocpp/simulators/{name}/action/",
    summary: "Start or stop a simulator",
    body: SimulatorAction,
  },
  { method: "get", path: "/ocpp/scenarios/", summary: "Ready scenarios for simulators" },
  {
    method: "post",
    path: "/ocpp/chargers/{charger_id}/clone/",
    summary: "Make a simulator like this charger",
    body: NewClone,
  },
  {
    method: "get",
    path: "/ocpp/commissioning/",
    summary: "Acceptance tests of chargers, newest first",
    query: ["charger_id", "limit", "cursor"],
  },
  { method: "get", path: "/ocpp/commissioning/steps/", summary: "The steps, and the options there are" },
  {
    method: "post",
    path: "/ocpp/commissioning/",
    summary: "Begin the acceptance test of a charger",
    body: NewCommissioning,
  },
  { method: "get", path: "/ocpp/commissioning/{id}/", summary: "A commissioning with its results" },
  {
    method: "patch",
    path: "/ocpp/commissioning/{id}/",
    summary: "Change the installer's name and notes",
    body: CommissioningChanges,
  },
  { method: "delete", path: "/ocpp/commissioning/{id}/", summary: "Forget a commissioning" },
  {
    method: "post",
    path: "/ocpp/commissioning/{id}/action/",
    summary: "Break off, resume, skip or repeat a step",
    body: CommissioningAction,
  },
  {
    method: "get",
    path: "/ocpp/commissioning/{id}/frames/",
    summary: "The messages of a step, as evidence",
    query: ["step", "connector_id"],
  },
  {
    method: "get",
    path: "/ocpp/commissioning/{id}/report/",
    summary: "The hand-over report, to print",
    query: ["lang"],
  },
  { method: "get", path: "/ocpp/commissioning/{id}/report.json", summary: "The hand-over report, as a file" },
  ...PEOPLES_DOORS,
  { method: "get", path: "/ocpp/settings/", summary: "Settings of the site" },
  { method: "patch", path: "/ocpp/settings/", summary: "Change settings", body: SettingsChanges },
  { method: "get", path: "/ocpp/power/", summary: "Mean power of the site, quarter-hour by quarter-hour" },
  { method: "get", path: "/ocpp/map/", summary: "The site's own map: name, size, zooms, bounds" },
  { method: "put", path: "/ocpp/map/", summary: "Upload the site's own map (the body): a .pmtiles file" },
  { method: "delete", path: "/ocpp/map/", summary: "Delete the site's own map" },
  { method: "get", path: "/ocpp/map/file", summary: "Download the site's own map, or a range of it" },
  {
    method: "get",
    path: "/ocpp/tiles/{z}/{x}/{y}",
    summary: "A tile of the map: from the site's own, or from tile_url",
    query: ["dark", "v"],
  },
  { method: "get", path: "/ocpp/clock/", summary: "The gateway's clock: who vouches for it, its steps" },
  { method: "post", path: "/ocpp/clock/", summary: "Say what time it is", body: NewTime },
  {
    method: "get",
    path: "/ocpp/backups/",
    summary: "Backups that are kept, and when the next night's is made",
  },
  { method: "post", path: "/ocpp/backups/", summary: "Make a backup" },
  { method: "get", path: "/ocpp/backups/{name}/", summary: "Download a backup" },
  {
    method: "post",
    path: "/ocpp/backups/restore/",
    summary: "Upload a backup (the body) and start anew with it",
  },
  {
    method: "get",
    path: "/ocpp/system/",
    summary: "Version, disk, memory, commits, clock, alarms, own addresses",
  },
  { method: "get", path: "/metrics", summary: "Figures in Prometheus' text format" },
  {
    method: "get",
    path: "/ocpp/events/",
    summary: "What changes, as Server-Sent Events",
    query: ["charger_id", "messages"],
  },
];

const LIST_QUERY = ["limit", "cursor"];
const CHARGER = "/ocpp/chargers/{charger_id}";

/** What is kept of chargers beside their records. */
const HELD_DOORS: Door[] = [
  { method: "get", path: `${CHARGER}/reservations/`, summary: "A charger's reservations", query: LIST_QUERY },
  {
    method: "get",
    path: `${CHARGER}/profiles/`,
    summary: "Charging profiles that it has accepted",
    query: LIST_QUERY,
  },
  { method: "get", path: `${CHARGER}/jobs/`, summary: "Firmware updates and uploads", query: LIST_QUERY },
  { method: "get", path: `${CHARGER}/security_events/`, summary: "Its security events", query: LIST_QUERY },
  { method: "get", path: `${CHARGER}/certificates/`, summary: "Certificates that it holds" },
  { method: "get", path: `${CHARGER}/local_list/`, summary: "Its local authorization list" },
  {
    method: "post",
    path: `${CHARGER}/password/`,
    summary: "Send it a new AuthorizationKey",
    body: NewPassword,
  },
  { method: "get", path: `${CHARGER}/configuration/`, summary: "Its last known configuration" },
  { method: "post", path: `${CHARGER}/configuration/`, summary: "Write the keys that differ", body: Values },
  {
    method: "get",
    path: `${CHARGER}/configuration/compare/`,
    summary: "Where it differs from another charger or a standard",
    query: ["charger_id", "standard"],
  },
  { method: "get", path: `${CHARGER}/files/`, summary: "Files that it has uploaded" },
  { method: "get", path: `${CHARGER}/files/{name}`, summary: "Download one" },
  { method: "delete", path: `${CHARGER}/files/{name}`, summary: "Delete one" },
  { method: "get", path: "/ocpp/firmware/", summary: "Firmware files" },
  { method: "put", path: "/ocpp/firmware/{name}", summary: "Upload a firmware file" },
  { method: "get", path: "/ocpp/firmware/{name}", summary: "Download one" },
  { method: "delete", path: "/ocpp/firmware/{name}", summary: "Delete one" },
  { method: "get", path: "/ocpp/plan/", summary: "The site's floor plan: kind, size, version" },
  {
    method: "put",
    path: "/ocpp/plan/",
    summary: "Upload one (the body): PNG, JPEG or WebP, at most 10 MB",
  },
  { method: "delete", path: "/ocpp/plan/", summary: "Remove it" },
  { method: "get", path: "/ocpp/plan/picture", summary: "Its picture", query: ["v"] },
  { method: "get", path: "/ocpp/standards/", summary: "Configurations to compare with" },
  { method: "get", path: "/ocpp/standards/{name}", summary: "One of them" },
  { method: "put", path: "/ocpp/standards/{name}", summary: "Store one", body: Values },
  { method: "delete", path: "/ocpp/standards/{name}", summary: "Delete one" },
  { method: "get", path: "/ocpp/reservations/", summary: "All reservations", query: LIST_QUERY },
  { method: "get", path: "/ocpp/jobs/", summary: "All jobs", query: LIST_QUERY },
  { method: "get", path: "/ocpp/security_events/", summary: "All security events", query: LIST_QUERY },
  { method: "get", path: "/ocpp/site_ca/", summary: "The certificate of the site's CA, PEM" },
  { method: "get", path: "/ocpp/flags/", summary: "What the words in a session's flags mean" },
];

/** A protocol version, as far as its commands go. */
interface Commanding {
  commands: NamedCommands;
}

/** The OpenAPI 3.1 document, with the commands of all `protocols`. */
export function openapi(origin: string, protocols: readonly Commanding[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const door of [...DOORS, ...HELD_DOORS]) (paths[door.path] ??= {})[door.method] = operationOf(door);
  paths["/ocpp/chargers/{charger_id}/action/"] = { post: actionOperation(protocols) };
  return {
    openapi: "3.1.0",
    info: { title: "ocpp-gateway", version: VERSION, description: "OCPP 1.6-J gateway" },
    servers: [{ url: origin }],
    paths,
    components: {
      schemas: {
        ...payloadSchemas(protocols),
        Error: { type: "object", properties: { error: { type: "string" } } },
      },
      securitySchemes: {
        basic: { type: "http", scheme: "basic" },
        bearer: { type: "http", scheme: "bearer" },
      },
    },
  };
}

function operationOf(
  { method, path, summary, body, query = [], public: open }: Door,
): Record<string, unknown> {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => parameter(name!, "path"));
  return {
    summary,
    parameters: [...named, ...query.map((name) => parameter(name, "query"))],
    ...(body ? { requestBody: { content: { "application/json": { schema: body } } } } : {}),
    responses: { 200: { description: "Done" }, 400: { description: "Bad input", ...errorContent() } },
    security: open ? [] : [{ basic: [] }, { bearer: [] }],
    ...(open ? {} : { "x-role": roleFor(method.toUpperCase(), path) }),
  };
}

function parameter(name: string, where: "path" | "query"): Record<string, unknown> {
  return { name, in: where, required: where === "path", schema: { type: "string" } };
}

function errorContent(): Record<string, unknown> {
  return { content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } } };
}

/** One body a command: which payload goes with which action. */
function actionOperation(protocols: readonly Commanding[]): Record<string, unknown> {
  const names = new Map(protocols.flatMap(({ commands }) => [...restNamesOf(commands)]));
  const choices = [...names].map(([name, ocpp]) => ({
    type: "object",
    title: name,
    required: ["action"],
    properties: { action: { const: name }, payload: { $ref: `#/components/schemas/${ocpp}Request` } },
  }));
  const operation = operationOf({
    method: "post",
    path: "/ocpp/chargers/{charger_id}/action/",
    summary: "Send an OCPP call",
    body: Command,
  });
  return { ...operation, requestBody: { content: { "application/json": { schema: { oneOf: choices } } } } };
}

function payloadSchemas(protocols: readonly Commanding[]): Record<string, TSchema> {
  const actions = protocols.flatMap(({ commands }) => Object.entries(commands));
  return Object.fromEntries(
    actions.flatMap((
      [name, { request, response }],
    ) => [[`${name}Request`, request], [`${name}Response`, response]]),
  );
}
