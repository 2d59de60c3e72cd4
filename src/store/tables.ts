// All tables of the store. One entry declares a kind of record; its keys, its loading and `store.NAME` follow from it.
import { AuditLog } from "./audit_log.ts";
import { Chargers } from "./chargers.ts";
import { json } from "./kv/codec.ts";
import { custom, inMemory, type Loadable, onDemand, type TableDeps } from "./kv/declaration.ts";
import { type Keys, keysFor } from "./kv/keys.ts";
import { Outbox } from "./outbox.ts";
import { LastSeenTimes } from "./last_seen.ts";
import { Readings } from "./readings/readings.ts";
import type * as records from "./records/mod.ts";
import { resultKey } from "./records/commissioning.ts";
import { DEFAULT_SETTINGS, type Settings } from "./settings.ts";
import { Transactions } from "./transactions.ts";

/** The tables by their name in the store. The names in the database are fixed: existing databases have them. */
export const tables = {
  chargers: custom(["charger", "connectors"], (deps, keys) => new Chargers(deps, keys)),
  rfids: inMemory("rfid", ({ rfid }: records.Rfid) => rfid.toUpperCase()),
  users: inMemory("user", ({ name }: records.User) => name),
  login_sessions: inMemory("session", ({ session_id }: records.LoginSession) => session_id),
  tokens: inMemory("token", ({ token_id }: records.Token) => token_id),
  audit: custom(["audit"], (deps, keys) => new AuditLog(deps, keys)),
  revocations: inMemory("revocation", ({ certificate }: records.Revocation) => certificate),
  site_settings: inMemory("settings", (_: Settings) => "site", json(DEFAULT_SETTINGS)),
  transactions: custom(
    [
      "transaction",
      "transaction_of",
      "active",
      "by_start",
      "by_charger",
      "by_tag",
      "by_charger_tag",
      "upgrade",
    ],
    (deps, keys) => new Transactions(deps, keys),
  ),
  upgrades: inMemory("upgrade", ({ name }: records.Upgrade) => name),
  seen: custom(["seen"], (deps, keys) => new LastSeenTimes(deps, keys)),
  readings: custom(
    ["journal", "series", "shape", "fold", "chunk", "last_meter_values"],
    (deps, keys) => new Readings(deps, keys),
  ),
  local_lists: onDemand("local_list", ({ charger_id }: records.LocalList) => charger_id),
  reservations: inMemory(
    "reservation",
    ({ charger_id, reservation_id }: records.Reservation) => `${charger_id}/${reservation_id}`,
  ),
  profiles: inMemory(
    "profile",
    ({ charger_id, profile }: records.InstalledProfile) => `${charger_id}/${profile.chargingProfileId}`,
  ),
  jobs: inMemory("job", ({ job_id }: records.Job) => String(job_id)),
  file_tokens: inMemory("file_token", ({ token }: records.FileToken) => token),
  firmware: inMemory("firmware", ({ name }: records.Firmware) => name),
  security_events: inMemory("security_event", ({ sequence }: records.SecurityEvent) => padded(sequence, 12)),
  certificates: inMemory("certificates", ({ charger_id }: records.Certificates) => charger_id),
  certificate_requests: inMemory(
    "certificate_request",
    ({ charger_id }: records.CertificateRequest) => charger_id,
  ),
  configurations: onDemand("configuration", ({ charger_id }: records.Configuration) => charger_id),
  configuration_templates: inMemory("standard", ({ name }: records.ConfigurationTemplate) => name),
  webhooks: inMemory("webhook", ({ webhook_id }: records.Webhook) => webhook_id),
  outbox: custom(["outbox"], (deps, keys) => new Outbox(deps, keys)),
  clock: inMemory("clock", (_: records.ClockRecord) => "clock"),
  power: inMemory("power", (_: records.PowerRecord) => "power"),
  simulators: inMemory("simulator", ({ name }: records.Simulator) => name),
  commissionings: inMemory(
    "commissioning",
    ({ commissioning_id }: records.Commissioning) => padded(commissioning_id, 9),
  ),
  commissioning_results: inMemory(
    "commissioning_result",
    (result: records.CommissioningResult) => resultKey(result),
  ),
  commissioning_frames: onDemand(
    "commissioning_frames",
    (frames: records.CommissioningFrames) => resultKey(frames),
  ),
};

type Declarations = typeof tables;

/** The opened tables. */
export type Tables = { readonly [Name in keyof Declarations]: ReturnType<Declarations[Name]["open"]> };

/** The key prefixes of a site's tables, by their names in the database. */
export type SiteKeys = Keys<Declarations[keyof Declarations]["names"][number]>;

/** Returns the key prefixes of a site's tables. */
export function keysOf(site_id: string): SiteKeys {
  return keysFor(site_id, Object.values(tables).flatMap(({ names }): readonly string[] => names)) as SiteKeys;
}

/** Opens all tables of a site; none is loaded yet. */
export function openTables(site_id: string, deps: TableDeps): Tables {
  const keys = keysOf(site_id);
  const opened = Object.entries(tables).map((
    [name, { open }],
  ): [string, Loadable] => [name, open(deps, keys)]);
  return Object.fromEntries(opened) as unknown as Tables;
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, "0");
}
