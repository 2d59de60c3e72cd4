// The fleet's database in a KV file: for a demo, or a few sites on one machine.
import type { Batch, BatchRange } from "../store/changes/batch.ts";
import { fromBytes, toBytes } from "../store/kv/codec.ts";
import type { Applied, Enrolled, FleetEngine, FleetSite, FleetValue, NewEnrolment } from "./engine.ts";

/** A site's record, with the hash of its key. */
interface StoredSite extends FleetSite {
  key_hash: string;
  code_hash: string;
}

interface StoredCode {
  site_id: string;
  expires_at: number;
}

const DELETED_AT_ONCE = 400;

/** Opens the database at `path`. */
export async function openKvEngine(path: string): Promise<FleetEngine> {
  return new KvEngine(await Deno.openKv(path));
}

class KvEngine implements FleetEngine {
  readonly #kv: Deno.Kv;

  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  async addCode(code_hash: string, site_id: string, expires_at: number): Promise<void> {
    await this.#kv.set(["code", code_hash], toBytes({ site_id, expires_at } satisfies StoredCode));
  }

  async enrol({ site_id, code_hash, key_hash, now, complete_only }: NewEnrolment): Promise<Enrolled> {
    const entries = [["code", code_hash], ["site", site_id]];
    const [code, site] = await this.#kv.getMany<[Uint8Array, Uint8Array]>(entries as never);
    const before = site.value && fromBytes<StoredSite>(site.value);
    if (before?.code_hash === code_hash && before.key_hash === key_hash) return "enrolled";
    const known = code.value && fromBytes<StoredCode>(code.value);
    if (!known || known.site_id !== site_id || known.expires_at < now) return "wrong_code";
    if (complete_only && !isComplete(before)) return "incomplete";
    const record: StoredSite = { ...renewed(before, site_id, now), key_hash, code_hash };
    const atomic = this.#kv.atomic().check(code).check(site).delete(code.key).set(site.key, toBytes(record));
    return (await atomic.commit()).ok ? "enrolled" : "wrong_code";
  }

  async knows(site_id: string, key_hash: string): Promise<boolean> {
    return (await this.#site(site_id)).record?.key_hash === key_hash;
  }

  async apply(
    site_id: string,
    batch: Batch,
    { key_hash, program, now }: { key_hash: string; program: string; now: number },
  ): Promise<Applied> {
    const { entry, record } = await this.#site(site_id);
    if (!record || record.key_hash !== key_hash) return "fenced";
    if (record.last_batch === batch.id) return "repeated";
    if (!batch.after.includes(record.last_batch)) {
      const fenced = { ...record, fenced_at: new Date(now).toISOString() };
      await this.#kv.atomic().check(entry).set(entry.key, toBytes(fenced)).commit();
      return "fenced";
    }
    if (batch.range) {
      await this.#clear(
        site_id,
        batch.range,
        new Set(batch.rows.map(({ key }) => key.toHex())),
      );
    }
    const atomic = this.#kv.atomic().check(entry).set(
      entry.key,
      toBytes(advanced(record, batch, { program, now })),
    );
    for (const { key, value } of batch.rows) {
      if (value) atomic.set(["value", site_id, key], value);
      else atomic.delete(["value", site_id, key]);
    }
    if (!(await atomic.commit()).ok) throw new Error("Another batch of the site came at the same moment");
    return "stored";
  }

  async sites(): Promise<FleetSite[]> {
    const sites: FleetSite[] = [];
    for await (const { value } of this.#kv.list<Uint8Array>({ prefix: ["site"] })) {
      const { key_hash: _, code_hash: __, ...site } = fromBytes<StoredSite>(value);
      sites.push(site);
    }
    return sites;
  }

  async *values(site_id: string, after: Uint8Array = new Uint8Array()): AsyncIterable<FleetValue> {
    const prefix = ["value", site_id];
    const selector = { prefix, start: [...prefix, after] };
    for await (const { key, value } of this.#kv.list<Uint8Array>(selector, { batchSize: 500 })) {
      const bytes = key.at(-1) as Uint8Array;
      if (compare(bytes, after) > 0) yield { key: bytes, value };
    }
  }

  close(): Promise<void> {
    this.#kv.close();
    return Promise.resolve();
  }

  async #site(site_id: string) {
    const entry = await this.#kv.get<Uint8Array>(["site", site_id]);
    return { entry, record: entry.value ? fromBytes<StoredSite>(entry.value) : null };
  }

  /** Deletes the values in a range that a walk did not find. Repeating it does no harm: their batch does it again. */
  async #clear(site_id: string, { after, upto }: BatchRange, kept: ReadonlySet<string>): Promise<void> {
    const prefix = ["value", site_id];
    const start = [...prefix, after];
    const gone: Deno.KvKey[] = [];
    for await (const { key } of this.#kv.list({ prefix, start }, { batchSize: 500 })) {
      const bytes = key.at(-1) as Uint8Array;
      if (upto !== null && compare(bytes, upto) > 0) break;
      if (compare(bytes, after) > 0 && !kept.has(bytes.toHex())) gone.push(key);
    }
    while (gone.length > 0) {
      const atomic = this.#kv.atomic();
      for (const key of gone.splice(0, DELETED_AT_ONCE)) atomic.delete(key);
      await atomic.commit();
    }
  }
}

/** Returns a site after an enrolment; what it had sent stays. */
function renewed(before: StoredSite | null, site_id: string, now: number): FleetSite {
  const sent = { as_of: null, received_at: null, waiting: 0, schema: null, program: null, ...before };
  const enrolled_at = new Date(now).toISOString();
  return {
    ...sent,
    site_id,
    epoch: (before?.epoch ?? 0) + 1,
    enrolled_at,
    last_batch: null,
    fenced_at: null,
  };
}

/** Returns true if the site's gateway had nothing more to send when it was last heard. */
function isComplete(site: FleetSite | null): boolean {
  return site !== null && site.as_of !== null && site.waiting === 0;
}

function advanced(
  record: StoredSite,
  batch: Batch,
  { program, now }: { program: string; now: number },
): StoredSite {
  return {
    ...record,
    last_batch: batch.id,
    as_of: new Date(batch.at).toISOString(),
    received_at: new Date(now).toISOString(),
    waiting: batch.waiting,
    schema: batch.schema,
    program,
  };
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) if (a[index] !== b[index]) return a[index]! - b[index]!;
  return a.length - b.length;
}
