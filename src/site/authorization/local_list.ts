// Local authorization lists (OCPP 1.6 §3.5, §5.15): what a charger is to hold, what it holds, and the step between.
import type { Static } from "typebox";
import { toIso } from "../../ocpp/time.ts";
import type { IdTagInfo } from "../../v16/datatypes.ts";
import type { LocalList, Rfid, Store } from "../../store/store.ts";
import type { Context } from "../../v16/action.ts";
import { infoOf, standingOf } from "./authorization.ts";
import { limitOf } from "../configuration/configuration.ts";
import type { request } from "../../v16/send_local_list.ts";

export type ListUpdate = Static<typeof request>;
type Tags = Record<string, string>;
type Entry = NonNullable<ListUpdate["localAuthorizationList"]>[number];

const DEFAULT_LENGTH = 100; // entries in one message, where SendLocalListMaxLength is not known
const MAX_TAG = 20;
const MAX_VERSION = 2147483647;
/** Answers to a Differential behind which a Full one is due (OCPP 1.6 §5.15). */
const FAILED: ReadonlySet<string> = new Set(["Failed", "VersionMismatch"]);

/** What is known of a charger's list. */
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

/** The RFID table as a local list of at most `max` tags, those seen last first. Seen-only tags are nobody's. */
export function tagsOfTable(store: Store, now: number, max: number | null): Tags {
  const rfids = [...store.rfids.values()].filter((each) =>
    each.rfid.length <= MAX_TAG && !(each.seen_only && !each.allowed)
  );
  rfids.sort((a, b) => (b.last_seen ?? "").localeCompare(a.last_seen ?? "") || a.rfid.localeCompare(b.rfid));
  const listed = max === null ? rfids : rfids.slice(0, max);
  return Object.fromEntries(listed.map((rfid) => [rfid.rfid, packed(infoOfListed(rfid, store, now))]));
}

function infoOfListed(rfid: Rfid, { settings }: Store, now: number): IdTagInfo {
  return { ...infoOf(rfid), status: standingOf(rfid.rfid, rfid, { settings, now }) };
}

/** An idTagInfo as it is kept: most are plainly Accepted. */
function packed(info: IdTagInfo): string {
  const text = JSON.stringify(info);
  return text === '{"status":"Accepted"}' ? "" : text;
}

function entryOf([idTag, info]: [string, string]): Entry {
  return { idTag, idTagInfo: info === "" ? { status: "Accepted" } : JSON.parse(info) as IdTagInfo };
}

/**
 * The next message that brings a charger's list nearer to what it is to hold; null when it holds that. A list longer
 * than SendLocalListMaxLength goes in steps: Full, then Differential. `from_table`: the operator's own list is given up;
 * `full`: from the beginning.
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
  const listVersion = versionAfter(list.version);
  if (full || !list.known) {
    const first = Object.entries(wanted).slice(0, length).map(entryOf);
    return { listVersion, updateType: "Full", localAuthorizationList: first };
  }
  const changes = changesBetween(list.tags, wanted).slice(0, length);
  return changes.length ? { listVersion, updateType: "Differential", localAuthorizationList: changes } : null;
}

/** The version behind a list's; 1 behind the last, or behind what can be none. */
export function versionAfter(version: number): number {
  return version < MAX_VERSION ? version + 1 : 1;
}

/** Removals first, so that the list never grows beyond what the charger has room for. */
function changesBetween(held: Tags, wanted: Tags): Entry[] {
  const gone = Object.keys(held).filter((tag) => !Object.hasOwn(wanted, tag)).map((idTag): Entry => ({
    idTag,
  }));
  const changed = Object.entries(wanted).filter(([tag, info]) =>
    !Object.hasOwn(held, tag) || held[tag] !== info
  );
  return [...gone, ...changed.map(entryOf)];
}

/** Keeps what has come of an update: Accepted, it is what the charger holds; else a Full one is due (OCPP 1.6 §5.15). */
export async function keepUpdate(update: ListUpdate, status: string, context: Context): Promise<void> {
  const { store, charger_id, state, now, events } = context;
  const before = await localListOf(store, charger_id);
  const from_table = state.own_lists.has(update);
  const tags = applied(before.tags, update);
  const wanted = from_table ? null : await wantedAfter(before, update, status, context);
  const list: LocalList = status === "Accepted"
    ? {
      ...before,
      version: update.listVersion,
      tags,
      known: before.known || update.updateType === "Full",
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
    update_type: update.updateType,
    unfinished: isUnfinished(update, status, from_table || wanted !== null, from_table),
  }));
}

/** Whether the next step is the gateway's to send: an operator's own message is not added to, unless it was refused. */
function isUnfinished(
  { updateType }: ListUpdate,
  status: string,
  can_follow: boolean,
  from_table: boolean,
): boolean {
  if (status === "Accepted") return from_table;
  return FAILED.has(status) && updateType === "Differential" && can_follow;
}

/**
 * An operator's own list is what the charger is to hold, also where a Differential of it failed. Where nothing is known
 * of the list that it failed on, it was meant for the RFID table.
 */
async function wantedAfter(
  before: LocalList,
  update: ListUpdate,
  status: string,
  context: Context,
): Promise<Tags | null> {
  if (update.updateType === "Full") return status === "Accepted" ? applied({}, update) : before.wanted;
  if (before.known) return applied(before.tags, update);
  if (before.wanted !== null || !FAILED.has(status)) return before.wanted;
  const max = await limitOf(context, "LocalAuthListMaxLength");
  return applied(tagsOfTable(context.store, context.now(), max), update);
}

/** The list after an update. Tags compare without regard to case. */
function applied(held: Tags, { updateType, localAuthorizationList: entries = [] }: ListUpdate): Tags {
  const spelling = new Map(
    updateType === "Full" ? [] : Object.keys(held).map((tag) => [tag.toUpperCase(), tag] as const),
  );
  const tags = updateType === "Full" ? {} : { ...held };
  for (const { idTag, idTagInfo } of entries) {
    const old = spelling.get(idTag.toUpperCase());
    if (old !== undefined) delete tags[old];
    if (idTagInfo) tags[idTag] = packed(idTagInfo);
  }
  return tags;
}

/** Keeps what GetLocalListVersion.conf says: 0 is an empty list, -1 none at all. */
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
