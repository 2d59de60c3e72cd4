// The scrub: all stored values of a running gateway are read and checked, in slices that delay nobody.
import type { DamageReport, StoredValue } from "./kv/damage.ts";
import { DamagedError } from "./kv/seal.ts";
import { type FoundDamage, ValueAudit } from "./value_audit.ts";

/** The parts that a scrub works with. */
export interface ScrubDeps {
  read: Deno.Kv;
  site_id: string;
  damaged: DamageReport;
  /** Returns true if the scrub is to end early. */
  stopped: () => boolean;
}

/** The figures of a complete scrub. */
export interface ScrubResult {
  values: number;
  bytes: number;
  unsealed: number;
  damaged: number;
}

const BATCH = 20; // values of up to 64 kB
const SLICE_MS = 3;
const REST_MS = 5;

/** Reads and checks all values of a site, and reports those that cannot be read. Returns null if it was stopped. */
export async function scrub({ read, site_id, damaged, stopped }: ScrubDeps): Promise<ScrubResult | null> {
  const suspects: FoundDamage[] = [];
  const audit = new ValueAudit((suspect) => void suspects.push(suspect));
  let count = 0;
  let began = performance.now();
  for await (const entry of read.list<Uint8Array>({ prefix: [site_id] }, { batchSize: BATCH })) {
    audit.take(entry);
    if (performance.now() - began < SLICE_MS) continue;
    for (const suspect of suspects.splice(0)) if (await isDamaged(suspect, read)) report(suspect);
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    if (stopped()) return null;
    began = performance.now();
  }
  audit.finish();
  for (const suspect of suspects) if (await isDamaged(suspect, read)) report(suspect);
  const { values, bytes, unsealed } = audit;
  return { values, bytes, unsealed, damaged: count };

  function report(found: FoundDamage): void {
    count++;
    damaged(found, new DamagedError(found.reason));
  }
}

/** Reads a value again: a document's parts may have been of two states. Returns true if it still cannot be read. */
export async function isDamaged({ key }: Pick<StoredValue, "key">, read: Deno.Kv): Promise<boolean> {
  let damaged = false;
  const audit = new ValueAudit(() => damaged = true);
  const entry = await read.get<Uint8Array>(key);
  if (entry.value) audit.take(entry);
  for await (const part of read.list<Uint8Array>({ prefix: key })) audit.take(part);
  audit.finish();
  return damaged;
}
