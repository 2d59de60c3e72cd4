// The configuration desk's calls: reading, comparing, writing, and what stood there before.
import { signal } from "@preact/signals";
import { call, can, chargerPath, get } from "../../api.ts";
import { sendAccepted } from "../../components/answer.tsx";
import { chargers } from "../../live.ts";
import type { Configuration, ConfigurationStandard, Difference, WriteResult } from "../../types.ts";

/** What REST shows in a secret's place. */
const MASK = "***";

/** The values that the last write to a charger replaced, by charger: kept until the page is left. */
export const last_writes = signal<ReadonlyMap<string, Record<string, string>>>(new Map());

/** Whether a value is known, and no secret. */
export function isPlain(value: string | null | undefined): value is string {
  return typeof value === "string" && value !== MASK;
}

/** Asks a charger for its whole configuration, where it is there and one may. */
export async function readFrom(charger_id: string): Promise<void> {
  if (can("admin") && chargers.get(charger_id)?.value.connected) {
    await sendAccepted(charger_id, "get_configuration", {});
  }
}

/** What is known of a charger's configuration. */
export function known(charger_id: string): Promise<Configuration> {
  return get<Configuration>(`${chargerPath(charger_id)}configuration/`);
}

/** Where a charger differs; `query`: `charger_id=` or `template=`. */
export async function differences(charger_id: string, query: string): Promise<Difference[]> {
  return (await get<{ differences: Difference[] }>(
    `${chargerPath(charger_id)}configuration/compare/?${query}`,
  ))
    .differences;
}

/** The standards of the site. */
export async function loadTemplates(): Promise<ConfigurationStandard[]> {
  const path = "/ocpp/configuration_templates/";
  return (await get<{ configuration_templates: ConfigurationStandard[] }>(path)).configuration_templates;
}

/** A standard's address in REST. */
export function templatePath(name: string): string {
  return `/ocpp/configuration_templates/${encodeURIComponent(name)}`;
}

/** Writes keys; `before`: what stands there, for undo. What comes to nothing half-way can be undone as well. */
export async function write(
  charger_id: string,
  values: Record<string, string>,
  before: Record<string, string | null>,
): Promise<WriteResult> {
  keepBefore(charger_id, before);
  const result = await call<WriteResult>("POST", `${chargerPath(charger_id)}configuration/`, { values });
  const taken = result.results.filter(({ status }) => /^(Accepted|RebootRequired)$/.test(status));
  keepBefore(charger_id, Object.fromEntries(taken.map(({ key }) => [key, before[key] ?? null])));
  return result;
}

/** Keeps what a write replaces. */
export function keepBefore(charger_id: string, before: Record<string, string | null>): void {
  const plain = Object.entries(before).filter(([, value]) => isPlain(value)) as [string, string][];
  const kept = new Map(last_writes.value);
  if (plain.length) kept.set(charger_id, Object.fromEntries(plain));
  else kept.delete(charger_id);
  last_writes.value = kept;
}
