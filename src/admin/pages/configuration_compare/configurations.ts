// The REST calls of the comparison: read, compare, write, and the values before a write.
import { signal } from "@preact/signals";
import type { Filled } from "../../../http/client_types.ts";
import { at, call, can, get } from "../../api.ts";
import { sendAccepted } from "../../components/answer.tsx";
import { chargers } from "../../live.ts";
import type { Configuration, ConfigurationTemplate, Difference, WriteResult } from "../../types.ts";

/** The text in place of a secret in REST. */
const MASK = "***";

/** The values that the last write replaced, by charger; kept until the page is reloaded. */
export const last_writes = signal<ReadonlyMap<string, Record<string, string>>>(new Map());

/** Returns true for a value that is known and not a secret. */
export function isPlain(value: string | null | undefined): value is string {
  return typeof value === "string" && value !== MASK;
}

/** Reads a charger's configuration anew, if it is connected and the user's role allows it. */
export async function readFrom(charger_id: string): Promise<void> {
  if (can("admin") && chargers.get(charger_id)?.value.connected) {
    await sendAccepted(charger_id, "get_configuration", {});
  }
}

/** Loads the last known configuration of a charger. */
export function known(charger_id: string): Promise<Configuration> {
  return get(at("/ocpp/chargers/{charger_id}/configuration/", { charger_id }));
}

/** Loads the differences of a charger from another or from a template; `query`: `charger_id=` or `template=`. */
export async function differences(charger_id: string, query: string): Promise<Difference[]> {
  const other = Object.fromEntries(new URLSearchParams(query));
  return (await get(at("/ocpp/chargers/{charger_id}/configuration/compare/", { charger_id }, other)))
    .differences;
}

/** Loads the site's configuration templates. */
export async function loadTemplates(): Promise<ConfigurationTemplate[]> {
  return (await get("/ocpp/configuration_templates/")).configuration_templates;
}

/** Returns the REST path of a template. */
export function templatePath(name: string): Filled<"/ocpp/configuration_templates/{name}"> {
  return at("/ocpp/configuration_templates/{name}", { name });
}

/** Writes keys; `before`: the current values, for undo. A write that fails half-way can be undone too. */
export async function write(
  charger_id: string,
  values: Record<string, string>,
  before: Record<string, string | null>,
): Promise<WriteResult> {
  keepBefore(charger_id, before);
  const result = await call("POST", at("/ocpp/chargers/{charger_id}/configuration/", { charger_id }), {
    values,
  });
  const taken = result.results.filter(({ status }) => /^(Accepted|RebootRequired)$/.test(status));
  keepBefore(charger_id, Object.fromEntries(taken.map(({ key }) => [key, before[key] ?? null])));
  return result;
}

/** Stores the values that a write replaces. */
export function keepBefore(charger_id: string, before: Record<string, string | null>): void {
  const plain = Object.entries(before).filter(([, value]) => isPlain(value)) as [string, string][];
  const kept = new Map(last_writes.value);
  if (plain.length) kept.set(charger_id, Object.fromEntries(plain));
  else kept.delete(charger_id);
  last_writes.value = kept;
}
