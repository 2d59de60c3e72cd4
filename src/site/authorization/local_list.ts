// Local authorization lists (OCPP 1.6 §3.5, §5.15): the list that a charger should hold, the one it holds, and the
// updates between them.
import { toIso } from "../../ocpp/time.ts";
import type { LocalList, Rfid, Store } from "../../store/store.ts";
import type { Context } from "../context.ts";
import { type Authorization, type AuthorizationStatus, infoOf, statusOf } from "./authorization.ts";
import { limitOf } from "../configuration/configuration.ts";

/** A tag in an update. Without `authorization` the tag is removed from the list (OCPP 1.6 §7.1). */
export interface ListEntry {
  id_tag: string;
  authorization?: Authorization;
}

/** An update of a charger's list. `full`: it replaces the list; else it changes the entries that it names. */
export interface ListUpdate {
  version: number;
  full: boolean;
  entries: ListEntry[];
}

type Tags = Record<string, string>;

/** An authorization as it is stored in a list, with the field names of OCPP 1.6 §7.27. */
interface StoredInfo {
  parentIdTag?: string;
  expiryDate?: string;
  status: AuthorizationStatus;
}

const DEFAULT_LENGTH = 100; // entries in one message if SendLocalListMaxLength is unknown
const MAX_TAG = 20;
const MAX_VERSION = 2147483647;
/** Answers to a differential update that require a full one (OCPP 1.6 §5.15). */
const FAILED: ReadonlySet<string> = new Set(["Failed", "VersionMismatch"]);

/** Returns the last known list of a charger; version 0 and unknown if nothing is stored. */
export async function localListOf(store: Store, charger_id: string): Promise<LocalList> {
  const unknown = {
    charger_id,
    version: 0,
    tags: {},
    known: false,
    wanted: null,
    supported: true,
    updated_at: "",
  };
  return await store.local_lists.get(charger_id) ?? unknown;
}

/** Returns the RFID table as a list of at most `max` tags (null: all), most recently seen first, without tags that are only remembered. */
export function tagsOfTable(store: Store, now: number, max: number | null): Tags {
  const rfids = [...store.rfids.values()].filter((each) =>
    each.rfid.length <= MAX_TAG && !(each.seen_only && !each.allowed)
  );
  rfids.sort((a, b) => (b.last_seen ?? "").localeCompare(a.last_seen ?? "") || a.rfid.localeCompare(b.rfid));
  const listed = max === null ? rfids : rfids.slice(0, max);
  return Object.fromEntries(listed.map((rfid) => [rfid.rfid, packed(infoOfListed(rfid, store, now))]));
}

function infoOfListed(rfid: Rfid, { settings }: Store, now: number): Authorization {
  return { ...infoOf(rfid), status: statusOf(rfid.rfid, rfid, { settings, now }) };
}

/** Encodes an authorization for the record; "" for the usual one, Accepted without parent and expiry. */
function packed({ parent_id_tag, expires_at, status }: Authorization): string {
  if (status === "Accepted" && parent_id_tag === undefined && expires_at === undefined) return "";
  const info: StoredInfo = {
    ...(parent_id_tag === undefined ? {} : { parentIdTag: parent_id_tag }),
    ...(expires_at === undefined ? {} : { expiryDate: expires_at }),
    status,
  };
  return JSON.stringify(info);
}

function unpacked(text: string): Authorization {
  if (text === "") return { status: "Accepted" };
  const { parentIdTag, expiryDate, status } = JSON.parse(text) as StoredInfo;
  return {
    ...(parentIdTag === undefined ? {} : { parent_id_tag: parentIdTag }),
    ...(expiryDate === undefined ? {} : { expires_at: expiryDate }),
    status,
  };
}

function entryOf([id_tag, info]: [string, string]): ListEntry {
  return { id_tag, authorization: unpacked(info) };
}

/**
 * Returns the next update that brings a charger's list closer to the one it should hold; null when it holds that. A list
 * longer than SendLocalListMaxLength goes in steps: a full update, then differential ones. `from_table`: the operator's
 * own list is dropped; `full`: the list is sent from the beginning.
 */
export async function nextUpdate(
  context: Context,
  { from_table = false, full = false } = {},
): Promise<ListUpdate | null> {
  const { store, charger_id, now } = context;
  const list = await localListOf(store, charger_id);
  const length = await limitOf(context, "SendLocalListMaxLength") ?? DEFAULT_LENGTH;
  const wanted = from_table || list.wanted === null
    ? tagsOfTable(store, now(), await limitOf(context, "LocalAuthListMaxLength"))
    : list.wanted;
  const version = versionAfter(list.version);
  if (full || !list.known) {
    const first = Object.entries(wanted).slice(0, length).map(entryOf);
    return { version, full: true, entries: first };
  }
  const changes = changesBetween(list.tags, wanted).slice(0, length);
  return changes.length ? { version, full: false, entries: changes } : null;
}

/** Returns the version that follows a list's; 1 after the highest. */
export function versionAfter(version: number): number {
  return version < MAX_VERSION ? version + 1 : 1;
}

/** Lists removals first, so that the list never outgrows the charger's limit. */
function changesBetween(held: Tags, wanted: Tags): ListEntry[] {
  const gone = Object.keys(held).filter((tag) => !Object.hasOwn(wanted, tag)).map((id_tag) => ({ id_tag }));
  const changed = Object.entries(wanted).filter(([tag, info]) =>
    !Object.hasOwn(held, tag) || held[tag] !== info
  );
  return [...gone, ...changed.map(entryOf)];
}

/**
 * Stores the outcome of an update: Accepted, it is the list that the charger holds; else a full update is due
 * (OCPP 1.6 §5.15). `from_table`: it was made from the RFID table, not by the operator.
 */
export async function keepUpdate(
  update: ListUpdate,
  { status, from_table }: { status: string; from_table: boolean },
  context: Context,
): Promise<void> {
  const { store, charger_id, now, events } = context;
  const before = await localListOf(store, charger_id);
  const tags = applied(before.tags, update);
  const wanted = from_table ? null : await wantedAfter(before, update, status, context);
  const list: LocalList = status === "Accepted"
    ? {
      ...before,
      version: update.version,
      tags,
      known: before.known || update.full,
      wanted,
      supported: true,
      updated_at: toIso(now()),
    }
    : {
      ...before,
      wanted,
      known: before.known && status === "NotSupported",
      supported: status !== "NotSupported",
    };
  await store.local_lists.put(list);
  events.emit("local_list", charger_id, () => ({
    charger_id,
    version: list.version,
    status,
    update_type: update.full ? "Full" : "Differential",
    unfinished: isUnfinished(update, status, from_table || wanted !== null, from_table),
  }));
}

/** Returns true if the gateway must send another update. An operator's own update is followed by another only if it was refused. */
function isUnfinished(
  { full }: ListUpdate,
  status: string,
  can_follow: boolean,
  from_table: boolean,
): boolean {
  if (status === "Accepted") return from_table;
  return FAILED.has(status) && !full && can_follow;
}

/**
 * Returns the list that the charger should hold after an operator's update; null: the RFID table. A differential update
 * that failed still counts; where the list it failed on is unknown, it is applied to the RFID table.
 */
async function wantedAfter(
  before: LocalList,
  update: ListUpdate,
  status: string,
  context: Context,
): Promise<Tags | null> {
  if (update.full) return status === "Accepted" ? applied({}, update) : before.wanted;
  if (before.known) return applied(before.tags, update);
  if (before.wanted !== null || !FAILED.has(status)) return before.wanted;
  const max = await limitOf(context, "LocalAuthListMaxLength");
  return applied(tagsOfTable(context.store, context.now(), max), update);
}

/** Applies an update to a list. Tags compare without regard to case. */
function applied(held: Tags, { full, entries }: ListUpdate): Tags {
  const spelling = new Map(full ? [] : Object.keys(held).map((tag) => [tag.toUpperCase(), tag] as const));
  const tags = full ? {} : { ...held };
  for (const { id_tag, authorization } of entries) {
    const old = spelling.get(id_tag.toUpperCase());
    if (old !== undefined) delete tags[old];
    if (authorization) tags[id_tag] = packed(authorization);
  }
  return tags;
}

/** Stores the version that the charger reports: 0 is an empty list, -1 means that it has no list. */
export async function keepVersion(version: number, { store, charger_id, now }: Context): Promise<void> {
  const before = await localListOf(store, charger_id);
  const updated_at = toIso(now());
  if (version < 0) return await store.local_lists.put({ ...before, supported: false, updated_at });
  if (version === 0) {
    return await store.local_lists.put({
      ...before,
      version,
      tags: {},
      known: true,
      supported: true,
      updated_at,
    });
  }
  const known = before.known && before.version === version;
  await store.local_lists.put({ ...before, version, known, supported: true, updated_at });
}
