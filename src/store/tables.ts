// All tables of the store. One entry declares a kind of record; its keys, its loading and `store.NAME` follow from it.
import { ActivityLog } from "./activity_log.ts";
import { AuditLog } from "./audit_log.ts";
import { Chargers } from "./chargers.ts";
import { checkJson } from "./kv/codec.ts";
import {
  custom,
  type Declaration,
  inMemory,
  type Loadable,
  onDemand,
  type TableDeps,
  type ValueCheck,
} from "./kv/declaration.ts";
import { type Keys, keysFor } from "./kv/keys.ts";
import { checkPart } from "./kv/redo_codec.ts";
import { RedoLog } from "./kv/redo_log.ts";
import { ChangedKeys } from "./changes/changed_keys.ts";
import { Damages } from "./damages.ts";
import { Outbox } from "./outbox/outbox.ts";
import { LastSeenTimes } from "./last_seen.ts";
import { checkChunk } from "./readings/chunk.ts";
import { checkDay } from "./readings/day_codec.ts";
import { checkJournalValue } from "./readings/journal.ts";
import { checkSnapshot } from "./readings/last_values.ts";
import { Readings } from "./readings/readings.ts";
import type * as records from "./records/mod.ts";
import { resultKey } from "./records/commissioning.ts";
import { DEFAULT_SETTINGS, type Settings } from "./settings.ts";
import { settingsCodec } from "./settings_codec.ts";
import { Sums } from "./sums/sums.ts";
import { Transactions } from "./transactions.ts";

const MAX_ID = 2_147_483_647;

/** Tables of which rows change with each session: their writes go into the redo log. */
const OF_SESSIONS = [
  "transaction",
  "transaction_of",
  "active",
  "by_start",
  "by_charger",
  "by_tag",
  "by_charger_tag",
  "unfiled",
] as const;

/** The tables by their name in the store. The names in the database are fixed: existing databases have them. */
export const tables = {
  damages: custom(["damage", "damaged_value"], (deps, keys) => new Damages(deps, keys), {
    checks: { damaged_value: checkNothing },
  }),
  scrubs: inMemory("scrub", (_: records.ScrubRecord) => "scrub"),
  redo_log: custom(
    ["redo"],
    (deps, { redo }) => new RedoLog(deps, redo),
    { checks: { redo: checkPart } },
  ),
  chargers: custom(["charger", "connectors"], (deps, keys) => new Chargers(deps, keys), {
    logged: ["connectors"],
  }),
  rfids: inMemory("rfid", ({ rfid }: records.Rfid) => rfid.toUpperCase()),
  users: inMemory("user", ({ name }: records.User) => name),
  login_sessions: inMemory("session", ({ session_id }: records.LoginSession) => session_id),
  tokens: inMemory("token", ({ token_id }: records.Token) => token_id),
  audit: custom(["audit"], (deps, keys) => new AuditLog(deps, keys)),
  activity: custom(
    ["activity", "activity_block", "activity_outline"],
    (deps, keys) => new ActivityLog(deps, keys),
  ),
  availability: inMemory("availability", ({ charger_id }: records.Availability) => charger_id),
  availability_months: onDemand(
    "availability_month",
    ({ charger_id, month }: records.AvailabilityMonth) => `${charger_id}/${month}`,
  ),
  revocations: inMemory("revocation", ({ certificate }: records.Revocation) => certificate, {
    salvage: (certificate): records.Revocation => ({
      certificate,
      charger_id: null,
      reason: "The record is damaged",
      revoked_at: new Date(0).toISOString(),
    }),
  }),
  site_settings: inMemory("settings", (_: Settings) => "site", {
    codec: settingsCodec,
    salvage: (): Settings => ({ ...DEFAULT_SETTINGS, unknown_chargers: "pending" }),
  }),
  transactions: custom(
    [...OF_SESSIONS, "upgrade"],
    (deps, keys) => new Transactions(deps, keys),
    {
      logged: OF_SESSIONS,
      checks: {
        transaction_of: checkNothing,
        active: checkNothing,
        by_start: checkNothing,
        by_charger: checkNothing,
        by_tag: checkNothing,
        by_charger_tag: checkNothing,
      },
    },
  ),
  sums: custom(["sum_day"], (deps, keys) => new Sums(deps, keys)),
  upgrades: inMemory("upgrade", ({ name }: records.Upgrade) => name, {
    salvage: (name): records.Upgrade => ({ name: name === "sums" ? name : "indexes", done: 0, upto: MAX_ID }),
  }),
  seen: custom(["seen"], (deps, keys) => new LastSeenTimes(deps, keys)),
  readings: custom(
    ["journal", "series", "shape", "fold", "chunk", "reading_day", "reading_days", "last_meter_values"],
    (deps, keys) => new Readings(deps, keys),
    {
      checks: {
        journal: checkJournalValue,
        chunk: checkChunk,
        reading_day: checkDay,
        last_meter_values: checkSnapshot,
      },
    },
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
  channels: inMemory("channel", ({ channel_id }: records.Channel) => channel_id),
  alert_rules: inMemory("alert_rules", (_: records.AlertRules) => "rules"),
  alerts: inMemory("alert", ({ alert_id }: records.Alert) => alert_id),
  outbox: custom(["outbox"], (deps, keys) => new Outbox(deps, keys)),
  changes: custom(["change", "change_state"], (deps, keys) => new ChangedKeys(deps, keys)),
  clock: inMemory("clock", (_: records.ClockRecord) => "clock"),
  power: inMemory("power", (_: records.PowerRecord) => "power"),
  circuits: inMemory("circuit", ({ name }: records.Circuit) => name),
  outside_limits: inMemory(
    "outside_limit",
    ({ circuit, source }: records.OutsideLimit) => `${circuit}/${source}`,
  ),
  load_states: inMemory(
    "load_state",
    ({ charger_id, connector_id }: records.LoadState) => `${charger_id}/${connector_id}`,
  ),
  load_log: inMemory("load_decision", ({ sequence }: records.LoadDecision) => padded(sequence, 12)),
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

/** Returns the check of the values below each key prefix of the site's tables, by its name in the database. */
export function valueChecks(): Map<string, { check: ValueCheck; in_parts: boolean }> {
  const declarations: Declaration<string, Loadable>[] = Object.values(tables);
  return new Map(
    declarations.flatMap(({ names, checks, in_parts = false }) =>
      names.map((name): [string, { check: ValueCheck; in_parts: boolean }] => [name, {
        check: checks?.[name] ?? checkJson,
        in_parts,
      }])
    ),
  );
}

/** Returns the names, in the database, of the tables whose writes go into the redo log. */
export function loggedTables(): Set<string> {
  const declarations: Declaration<string, Loadable>[] = Object.values(tables);
  return new Set(declarations.flatMap(({ logged = [] }) => logged));
}

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

/** Accepts the values of an index, and copies of damaged values. */
function checkNothing(): boolean {
  return true;
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, "0");
}
