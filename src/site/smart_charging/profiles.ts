// The mirror of the charging profiles that chargers have accepted (OCPP 1.6 §3.13).
import { readTime, toIso } from "../../ocpp/time.ts";
import type { ChargingProfile } from "../../store/records/smart_charging.ts";
import type { InstalledProfile, Store, Transaction } from "../../store/store.ts";
import { isOwnProfile } from "./own_profiles.ts";
import { type Context, Refusal } from "../context.ts";

const MAX_BYTES = 60_000;
const AWAITED_MS = 3_600_000; // longest time in which a profile waits for its session

/** Returns the profiles that the gateway has installed on a charger; a TxProfile only while its session is running. */
export function profilesOf(store: Store, charger_id: string): InstalledProfile[] {
  return [...store.profiles.values()]
    .filter((installed) => installed.charger_id === charger_id && isInForce(installed, store))
    .sort((a, b) => a.profile.chargingProfileId - b.profile.chargingProfileId);
}

function isInForce({ transaction_id, awaits_id_tag }: InstalledProfile, store: Store): boolean {
  return awaits_id_tag === null &&
    (transaction_id === null || store.transactions.activeById(transaction_id) !== undefined);
}

/** Checks the requirements on profiles beyond the schema (OCPP 1.6 §7.8, §7.13). Throws Refusal that names `field`. */
export function checkProfile(profile: ChargingProfile, field: string): void {
  const fail = (name: string, what: string) => {
    throw new Refusal("input", `${field}.${name} ${what}`);
  };
  const { chargingSchedule: schedule, chargingProfileKind: kind, validFrom, validTo } = profile;
  const starts = schedule.chargingSchedulePeriod.map(({ startPeriod }) => startPeriod);
  if (starts[0] !== 0) fail("chargingSchedule.chargingSchedulePeriod.0.startPeriod", "must be 0");
  if (starts.some((start, index) => index > 0 && start <= starts[index - 1]!)) {
    fail("chargingSchedule.chargingSchedulePeriod", "must be in the order of startPeriod");
  }
  if (kind === "Absolute" && schedule.startSchedule === undefined) {
    fail("chargingSchedule.startSchedule", "is needed for Absolute");
  }
  if (kind === "Relative" && schedule.startSchedule !== undefined) {
    fail("chargingSchedule.startSchedule", "must be left out for Relative");
  }
  if ((kind === "Recurring") !== (profile.recurrencyKind !== undefined)) {
    fail("recurrencyKind", "goes with Recurring");
  }
  if (validFrom && validTo && readTime(validFrom) >= readTime(validTo)) {
    fail("validTo", "must be later than validFrom");
  }
  if (JSON.stringify(profile).length > MAX_BYTES) fail("chargingSchedule", "is too long");
}

/** The session of a profile; `in_memory`: it is sent again and again, and not worth a write to the disk. */
type InstallOptions = Partial<Pick<InstalledProfile, "transaction_id" | "awaits_id_tag">> & {
  in_memory?: boolean;
};

/** Stores a profile that the charger has accepted; it replaces an equivalent one (OCPP 1.6 §5.16, §3.13.2). */
export async function installProfile(
  connector_id: number,
  profile: ChargingProfile,
  { transaction_id = null, awaits_id_tag = null, in_memory = false }: InstallOptions,
  context: Context,
): Promise<void> {
  const { store, charger_id, now } = context;
  const installed = {
    charger_id,
    connector_id,
    profile,
    installed_at: toIso(now()),
    transaction_id,
    awaits_id_tag,
  };
  const replaced = ofCharger(store, charger_id).filter((other) => replaces(installed, other));
  if (in_memory) {
    const others = replaced.filter(({ profile: other }) =>
      other.chargingProfileId !== profile.chargingProfileId
    );
    await Promise.all(others.map((other) => remove(other, store)));
    store.profiles.keepInMemory(installed);
    return emitProfiles(context);
  }
  await Promise.all([...replaced.map((other) => remove(other, store)), store.profiles.put(installed)]);
  emitProfiles(context);
}

/** Returns true if a profile replaces another: same id, or same purpose and level on the same connector. */
function replaces(fresh: InstalledProfile, old: InstalledProfile): boolean {
  const [a, b] = [fresh.profile, old.profile];
  if (a.chargingProfileId === b.chargingProfileId) return true;
  return a.chargingProfilePurpose === b.chargingProfilePurpose && a.stackLevel === b.stackLevel &&
    fresh.connector_id === old.connector_id;
}

/** A filter of profiles: with an id only the id counts; else all given fields must match; without fields all profiles match. */
export interface ProfileFilter {
  profile_id?: number | undefined;
  connector_id?: number | undefined;
  purpose?: string | undefined;
  stack_level?: number | undefined;
}

/** Removes the profiles that match a filter. */
export async function clearProfiles(filter: ProfileFilter, context: Context): Promise<void> {
  const { store, charger_id } = context;
  const cleared = ofCharger(store, charger_id).filter((installed) => matches(installed, filter));
  await Promise.all(cleared.map((installed) => remove(installed, store)));
  emitProfiles(context);
}

function matches({ connector_id, profile }: InstalledProfile, filter: ProfileFilter): boolean {
  if (filter.profile_id !== undefined) return profile.chargingProfileId === filter.profile_id;
  return (filter.connector_id ?? connector_id) === connector_id &&
    (filter.purpose ?? profile.chargingProfilePurpose) === profile.chargingProfilePurpose &&
    (filter.stack_level ?? profile.stackLevel) === profile.stackLevel;
}

/** Assigns the profile of a remote start to the session that has started. */
export function bindProfile(transaction: Transaction, { store, charger_id, now }: Context): void {
  for (const installed of ofCharger(store, charger_id)) {
    const { awaits_id_tag: tag, connector_id, installed_at } = installed;
    if (tag === null || tag.toUpperCase() !== transaction.id_tag.toUpperCase()) continue;
    if (connector_id !== 0 && connector_id !== transaction.connector_id) continue;
    if (Date.parse(installed_at) + AWAITED_MS < now()) continue;
    const { transaction_id } = transaction;
    const bound = {
      ...installed,
      connector_id: transaction.connector_id,
      transaction_id,
      awaits_id_tag: null,
    };
    store.profiles.put(bound).catch(() => {});
  }
}

/** Removes the TxProfiles of a session that has ended (OCPP 1.6 §3.13.1). */
export function dropTxProfiles({ charger_id, transaction_id }: Transaction, store: Store): void {
  for (const installed of ofCharger(store, charger_id)) {
    if (installed.transaction_id === transaction_id) remove(installed, store).catch(() => {});
  }
}

/** Returns an id that none of the charger's profiles has. */
export function newProfileId(store: Store, charger_id: string): number {
  const used = ofCharger(store, charger_id).map(({ profile }) => profile.chargingProfileId)
    .filter((id) => !isOwnProfile(id));
  return Math.max(store.idFloor("profile"), ...used) + 1;
}

/** Removes profiles whose session has ended or never started. For `services/housekeeping.ts`. */
export async function sweepProfiles(now: number, { store }: Pick<Context, "store">): Promise<void> {
  const over = [...store.profiles.values()].filter((installed) =>
    installed.awaits_id_tag === null
      ? !isInForce(installed, store)
      : Date.parse(installed.installed_at) + AWAITED_MS < now
  );
  await Promise.all(over.map((installed) => remove(installed, store)));
}

function ofCharger(store: Store, charger_id: string): InstalledProfile[] {
  return [...store.profiles.values()].filter((installed) => installed.charger_id === charger_id);
}

function remove({ charger_id, profile }: InstalledProfile, store: Store): Promise<void> {
  return store.profiles.delete(`${charger_id}/${profile.chargingProfileId}`);
}

function emitProfiles({ store, events, charger_id }: Context): void {
  events.emit("profiles", charger_id, () => ({ charger_id, profiles: profilesOf(store, charger_id) }));
}
