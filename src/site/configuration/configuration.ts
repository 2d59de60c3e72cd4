// Configuration of chargers: last known values, comparison, and bulk writes.
import { toIso } from "../../ocpp/time.ts";
import type { Configuration, ConfigurationKey, ConfigurationTemplate, Store } from "../../store/store.ts";
import type { Context } from "../context.ts";
import { isMask, isSecretKey, maskValue } from "./secrets.ts";

/** One key of GetConfiguration.conf. */
export interface ReportedKey {
  key: string;
  value?: string;
  readonly: boolean;
}

/** The last known configuration of a charger; secrets are masked. */
export async function configurationOf(store: Store, charger_id: string): Promise<Configuration> {
  return await store.configurations.get(charger_id) ??
    { charger_id, keys: [], unknown: [], complete_at: null };
}

/** Returns the last known value of a key; keys are compared without regard to case (OCPP 1.6 §7.29). */
export function valueOf(configuration: Configuration, key: string): string | null {
  return configuration.keys.find((each) => isSame(each.key, key))?.value ?? null;
}

/** Returns a limit of the charger, such as SendLocalListMaxLength. */
export async function limitOf({ store, charger_id }: Context, key: string): Promise<number | null> {
  const text = valueOf(await configurationOf(store, charger_id), key);
  return text !== null && /^\s*\d+\s*$/.test(text) && Number(text) > 0 ? Number(text) : null;
}

/** Stores the answer to GetConfiguration. `all`: no keys were requested, so missing keys no longer exist. */
export async function keepReported(
  { keys, unknown, all }: { keys: ReportedKey[]; unknown: string[]; all: boolean },
  context: Context,
): Promise<void> {
  const { store, charger_id, now } = context;
  const before = await configurationOf(store, charger_id);
  const at = toIso(now());
  const reported = keys.map(({ key, value = null, readonly }) => ({
    key,
    value: maskValue(key, value as string | null),
    readonly,
    at,
  }));
  const kept = all
    ? []
    : before.keys.filter(({ key }) => !has([...reported.map((each) => each.key), ...unknown], key));
  const not_known = before.unknown.filter((key) =>
    !has(reported.map((each) => each.key), key) && !has(unknown, key)
  );
  await store.configurations.put({
    charger_id,
    keys: [...kept, ...reported].sort((a, b) => a.key.localeCompare(b.key)),
    unknown: [...not_known, ...unknown].slice(0, 500),
    complete_at: all ? at : before.complete_at,
  });
  tell(context);
}

/** Stores a value that the charger has accepted. */
export async function keepWritten(key: string, value: string, context: Context): Promise<void> {
  const { store, charger_id, now } = context;
  const before = await configurationOf(store, charger_id);
  const known = before.keys.find((each) => isSame(each.key, key));
  const written: ConfigurationKey = {
    key: known?.key ?? key,
    value: maskValue(key, value),
    readonly: false,
    at: toIso(now()),
  };
  const keys = [...before.keys.filter((each) => each !== known), written].sort((a, b) =>
    a.key.localeCompare(b.key)
  );
  await store.configurations.put({
    ...before,
    keys,
    unknown: before.unknown.filter((each) => !isSame(each, key)),
  });
  tell(context);
}

function tell({ events, charger_id }: Context): void {
  events.emit("configuration", charger_id, () => ({ charger_id }));
}

/** A key in which two configurations differ; a null value means that the key is missing. */
export interface Difference {
  key: string;
  value: string | null;
  other: string | null;
  readonly: boolean;
}

/** Returns the differences between a charger's configuration and another charger's, or a template, whose own keys alone are compared. */
export function compare(ours: Configuration, other: Configuration | ConfigurationTemplate): Difference[] {
  const theirs = "values" in other
    ? Object.entries(other.values).map(([key, value]) => ({ key, value }))
    : other.keys;
  const keys = "values" in other
    ? theirs
    : [...theirs, ...ours.keys.filter(({ key }) => !has(theirs.map((each) => each.key), key))];
  return keys.filter(({ key }) => !isSecretKey(key)).map(({ key }) => {
    const mine = ours.keys.find((each) => isSame(each.key, key));
    const value = theirs.find((each) => isSame(each.key, key))?.value ?? null;
    return {
      key: mine?.key ?? key,
      value: mine?.value ?? null,
      other: value,
      readonly: mine?.readonly ?? false,
    };
  }).filter(({ value, other }) => value !== other);
}

/** The keys to write, and the keys to skip with the reason. */
export interface WritePlan {
  writes: { key: string; value: string }[];
  equal: string[];
  readonly: string[];
}

/** Plans a bulk write: skips keys that already have the value, masks of secrets, and read-only keys. */
export function planWrites(known: Configuration, wanted: Record<string, string>): WritePlan {
  const plan: WritePlan = { writes: [], equal: [], readonly: [] };
  for (const [key, value] of Object.entries(wanted)) {
    const now = known.keys.find((each) => isSame(each.key, key));
    if (isSecretKey(key) ? isMask(value) : now?.value === value) plan.equal.push(key);
    else if (now?.readonly) plan.readonly.push(key);
    else plan.writes.push({ key: now?.key ?? key, value });
  }
  return plan;
}

/** The result of a bulk write. */
export interface WriteResult extends Omit<WritePlan, "writes"> {
  results: { key: string; status: string }[];
  /** Keys that take effect only after a reboot, which is up to the operator. */
  reboot: string[];
}

/** Sends a ChangeConfiguration and resolves with the status of its answer. */
export type ChangeKey = (key: string, value: string) => Promise<string>;

/** Writes the keys of a plan in order; throws at the first key without an answer. */
export async function writeAll(plan: WritePlan, change: ChangeKey): Promise<WriteResult> {
  const results: WriteResult["results"] = [];
  for (const { key, value } of plan.writes) results.push({ key, status: await change(key, value) });
  const reboot = results.filter(({ status }) => status === "RebootRequired").map(({ key }) => key);
  return { results, reboot, equal: plan.equal, readonly: plan.readonly };
}

function has(keys: string[], key: string): boolean {
  return keys.some((each) => isSame(each, key));
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
