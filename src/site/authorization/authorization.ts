// Authorization of tags by the RFID table (OCPP 1.6 §4.1, §7.2).
import { toOcppTime } from "../../ocpp/time.ts";
import type { Charger, Rfid, Store } from "../../store/store.ts";
import type { Context } from "../context.ts";
import { normaliseIdTag } from "../quirks.ts";

const MAX_SEEN = 1000; // unknown tags that are remembered

/** The result of an authorization (OCPP 1.6 §7.2). */
export type AuthorizationStatus = "Accepted" | "Blocked" | "Expired" | "Invalid" | "ConcurrentTx";

/** The right of a tag to charge. `expires_at`: ISO 8601 without fractions, which some chargers cannot read. */
export interface Authorization {
  status: AuthorizationStatus;
  parent_id_tag?: string;
  expires_at?: string;
}

/** Returns the idTag of a message in the form in which it is looked up and stored. */
export function tagOf(id_tag: string, { store, charger_id }: Context): string {
  return normaliseIdTag(id_tag, store.chargers.get(charger_id));
}

/**
 * Authorizes a tag at a charger. If `require_rfid` is false every tag is Accepted; else it must be in the RFID table,
 * allowed and not expired. Tags compare without regard to case.
 */
export function authorize(id_tag: string, context: Context): Authorization {
  const { store, charger_id, now } = context;
  const charger = store.chargers.get(charger_id);
  const tag = tagOf(id_tag, context);
  const rfid = store.rfids.get(tag.toUpperCase());
  if (rfid) noteUse(rfid, context);
  else if (store.settings.remember_unknown_tags) rememberTag(tag, context);
  const status = charger?.require_rfid
    ? statusOf(tag, rfid, { settings: store.settings, now: now() })
    : "Accepted";
  return { ...infoOf(rfid), status };
}

/**
 * Authorizes a tag for the start of a session: with `single_transaction_per_tag` a tag in another session is
 * ConcurrentTx, a status for session starts only (OCPP 1.6 §7.2). `own_id`: the session itself, if it has started.
 */
export function authorizeStart(id_tag: string, context: Context, own_id?: number): Authorization {
  const info = authorize(id_tag, context);
  const { store, charger_id } = context;
  const is_exclusive = store.settings.single_transaction_per_tag &&
    store.chargers.get(charger_id)?.require_rfid;
  if (info.status !== "Accepted" || !is_exclusive) return info;
  return isCharging(tagOf(id_tag, context), store, own_id) ? { ...info, status: "ConcurrentTx" } : info;
}

function isCharging(tag: string, store: Store, own_id?: number): boolean {
  return store.transactions.active().some((transaction) =>
    transaction.transaction_id !== own_id && transaction.id_tag.toUpperCase() === tag.toUpperCase()
  );
}

/** Returns the status of a tag in the RFID table, for a charger that requires a known tag. */
export function statusOf(
  tag: string,
  rfid: Rfid | undefined,
  { settings, now }: { settings: Store["settings"]; now: number },
): AuthorizationStatus {
  if (tag === "" && settings.empty_tags === "accept") return "Accepted";
  if (!rfid || (rfid.seen_only && !rfid.allowed)) return "Invalid";
  if (!rfid.allowed) return "Blocked";
  if (rfid.expires_at !== null && Date.parse(rfid.expires_at) <= now) return "Expired";
  return "Accepted";
}

/** Returns the parent and the expiry of a tag, if it has them. */
export function infoOf(rfid: Rfid | undefined): Omit<Authorization, "status"> {
  return {
    ...(rfid?.parent_id_tag ? { parent_id_tag: rfid.parent_id_tag } : {}),
    ...(rfid?.expires_at ? { expires_at: toOcppTime(Date.parse(rfid.expires_at)) } : {}),
  };
}

/** Returns true if two tags are the same or have the same parent (OCPP 1.6 §3.10). */
export function sameGroup(a: string, b: string, store: Store): boolean {
  if (a.toUpperCase() === b.toUpperCase()) return true;
  const parent = parentOf(a, store);
  return parent !== undefined && parent === parentOf(b, store);
}

function parentOf(tag: string, store: Store): string | undefined {
  return store.rfids.get(tag.toUpperCase())?.parent_id_tag?.toUpperCase() || undefined;
}

/** Returns the running sessions whose tag is no longer authorized; none without the setting `stop_blocked_tags`. */
export function sessionsToStop(store: Store, now: number): { charger_id: string; transaction_id: number }[] {
  const { settings } = store;
  if (!settings.stop_blocked_tags) return [];
  return store.transactions.active().filter((transaction) => {
    const charger: Charger | undefined = store.chargers.get(transaction.charger_id);
    if (!charger?.require_rfid || transaction.id_tag_status !== "Accepted") return false;
    const tag = transaction.id_tag;
    return statusOf(tag, store.rfids.get(tag.toUpperCase()), { settings, now }) !== "Accepted";
  }).map(({ charger_id, transaction_id }) => ({ charger_id, transaction_id }));
}

/** Stores charger and time of a tag's last use. Not awaited, since a loss does no harm. */
function noteUse(rfid: Rfid, { store, charger_id, now }: Context): void {
  const seen = { ...rfid, last_seen: new Date(now()).toISOString(), last_charger_id: charger_id };
  store.rfids.put(seen, { deferred: true }).catch(() => {});
}

/** Stores an unknown tag, so that an operator can enrol a card by holding it to a reader. */
function rememberTag(tag: string, context: Context): void {
  const { store, events, charger_id } = context;
  if (tag.trim() === "" || seenOnly(store).length >= MAX_SEEN) return;
  const rfid: Rfid = {
    rfid: tag,
    allowed: false,
    label: "",
    expires_at: null,
    parent_id_tag: null,
    last_seen: null,
    last_charger_id: null,
    seen_only: true,
  };
  noteUse(rfid, context);
  events.emit("rfid", charger_id, () => store.rfids.get(tag.toUpperCase()) ?? rfid);
}

function seenOnly(store: Store): Rfid[] {
  return [...store.rfids.values()].filter((rfid) => rfid.seen_only);
}
