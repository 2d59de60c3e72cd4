// The batches that a site sends to its fleet: first a walk of all keys where that is due, then what changes.
import { type Batch, type BatchRow, restBytes } from "../../store/changes/batch.ts";
import type { ChangedKey, ChangedKeys, KeyRest } from "../../store/changes/changed_keys.ts";
import { staysAtSite } from "../../store/changes/scope.ts";
import { compareKeys } from "../../store/kv/key_order.ts";
import { SCHEMA } from "../../store/site.ts";
import type { Store } from "../../store/store.ts";

/** The parts of a store that are sent. */
export type ShippedStore = Pick<Store, "read" | "current" | "redo_log" | "site"> & { changes: ChangedKeys };

const KEYS = 400;
const BYTES = 600_000;
/** Batches whose arrival is unknown: one more with each crash between a batch and its answer. */
const UNSETTLED = 50;
const KEYS_READ = 10; // Deno KV reads at most ten at once

/** A batch, and what is noted when the fleet has it. */
export interface Shipment {
  batch: Batch;
  /** The keys of the batch; null: it is of the walk. */
  keys: ChangedKey[] | null;
  /** The last key of the walk so far; null: the walk has ended. */
  walked: KeyRest | null;
}

/** Makes batches. One is under way at a time. */
export class Shipper {
  readonly #store: ShippedStore;
  readonly #now: () => number;

  constructor(store: ShippedStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Returns the next batch; null: the fleet has everything. It is noted as under way first. */
  async next(): Promise<Shipment | null> {
    const { changes } = this.#store;
    const shipment = changes.state.walk ? await this.#walk() : await this.#changed();
    if (shipment) {
      await changes.remember({ sending: [...changes.state.sending, shipment.batch.id].slice(-UNSETTLED) });
    }
    return shipment;
  }

  /** Notes that the fleet has a batch. */
  async arrived({ batch, keys, walked }: Shipment): Promise<void> {
    const { changes } = this.#store;
    if (keys) changes.sent(keys);
    const walk = keys ? {} : { walk: walked && { after: walked } };
    await changes.remember({ acknowledged: batch.id, sending: [], ...walk });
  }

  /** Begins anew, after the site was enrolled: the fleet knows no batch of this gateway. */
  async restart(): Promise<void> {
    await this.#store.changes.remember({ acknowledged: null, sending: [], walk: { after: null } });
  }

  async #changed(): Promise<Shipment | null> {
    const taken = this.#store.changes.take(KEYS);
    if (taken.length === 0) return null;
    const rows: BatchRow[] = [];
    let bytes = 0;
    for (let at = 0; at < taken.length && bytes < BYTES; at += KEYS_READ) {
      const some = await this.#rows(taken.slice(at, at + KEYS_READ));
      bytes += some.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
      rows.push(...some);
    }
    return { batch: this.#batch(rows, null), keys: taken.slice(0, rows.length), walked: null };
  }

  async #rows(keys: ChangedKey[]): Promise<BatchRow[]> {
    const { current, site } = this.#store;
    const values = await current.getMany(keys.map(({ rest }) => [site.site_id, ...rest]));
    return values.map((value, index) => ({ key: restBytes(keys[index]!.rest), value }));
  }

  /** Returns the next part of the walk, with the range of keys that it covers. */
  async #walk(): Promise<Shipment> {
    const { changes, read, redo_log, site } = this.#store;
    if (changes.state.walk?.after === null) {
      await changes.remember({ walk: { after: [] } }); // changes are noted from here on
      await redo_log.checkpoint(); // what came before is in its tables
    }
    const after = changes.state.walk?.after ?? [];
    const prefix = [site.site_id];
    const selector = after.length > 0 ? { prefix, start: [site.site_id, ...after] } : { prefix };
    const rows: BatchRow[] = [];
    let bytes = 0;
    let walked: KeyRest | null = null;
    for await (const { key, value } of read.list<Uint8Array>(selector, { batchSize: 100 })) {
      const rest = key.slice(1) as KeyRest;
      if (compareKeys(rest, after) === 0) continue;
      if (rows.length === KEYS || bytes > BYTES) {
        return { batch: this.#batch(rows, { after, upto: walked }), keys: null, walked };
      }
      walked = rest;
      if (staysAtSite(rest)) continue;
      rows.push({ key: restBytes(rest), value });
      bytes += value.length;
    }
    return { batch: this.#batch(rows, { after, upto: null }), keys: null, walked: null };
  }

  #batch(rows: BatchRow[], range: { after: KeyRest; upto: KeyRest | null } | null): Batch {
    const { changes } = this.#store;
    const { acknowledged, sending } = changes.state;
    return {
      id: crypto.randomUUID(),
      after: [acknowledged, ...sending],
      schema: SCHEMA,
      at: this.#now(),
      range: range && { after: restBytes(range.after), upto: range.upto && restBytes(range.upto) },
      waiting: range ? changes.size + (range.upto ? 1 : 0) : Math.max(0, changes.size - rows.length),
      rows,
    };
  }
}
