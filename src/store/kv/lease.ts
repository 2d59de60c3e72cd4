// The right to write a site on a server: one gateway has it, and each commit checks that it still has.
import { fromBytes, toBytes } from "./codec.ts";
import type { Mutation } from "./mutation.ts";
import { putMutation } from "./mutation.ts";

/** The record of a site's writer. */
export interface Writer {
  /** The gateway's own id, kept in its data directory. */
  instance: string;
  /** Number of starts of the site's writers; none of an earlier one may write. */
  epoch: number;
}

/** The record that a writer renews, by which others see that it runs. */
interface Alive {
  instance: string;
  /** Number of renewals; a clock is not needed, nor trusted. */
  count: number;
  /** True: it has stopped, and another may start at once. */
  stopped?: boolean;
}

/** Options of a lease. */
export interface LeaseOptions {
  site_id: string;
  instance: string;
  /** ms between two renewals. */
  renew_ms: number;
}

/** Renewals that another gateway may miss before it counts as dead. */
const MISSED = 3;

/** Another gateway writes the site; the message is a sentence. */
export class LeaseError extends Error {
  override readonly name = "LeaseError";
}

/** A site's lease, taken by this gateway. */
export class Lease {
  readonly #options: LeaseOptions;
  #count = 0;
  /** The check that each commit makes. */
  readonly check: Deno.AtomicCheck;
  readonly epoch: number;

  private constructor(options: LeaseOptions, check: Deno.AtomicCheck, epoch: number) {
    this.#options = options;
    this.check = check;
    this.epoch = epoch;
  }

  /**
   * Takes the lease. One of another gateway is taken when that has stopped, or has not renewed it for three times
   * `renew_ms`; until then this waits. Throws LeaseError while the other renews it.
   */
  static async take(kv: Deno.Kv, options: LeaseOptions): Promise<Lease> {
    const { site_id, instance } = options;
    const key = [site_id, "writer"];
    const entry = await kv.get<Uint8Array>(key);
    const writer = entry.value && fromBytes<Writer>(entry.value);
    if (writer && writer.instance !== instance) await waitUntilGone(kv, options);
    const epoch = (writer?.epoch ?? 0) + 1;
    const result = await kv.atomic().check({ key, versionstamp: entry.versionstamp })
      .set(key, toBytes({ instance, epoch } satisfies Writer)).commit();
    if (!result.ok) throw taken(site_id);
    return new Lease(options, { key, versionstamp: result.versionstamp }, epoch);
  }

  /** Returns the mutation that shows others that this gateway runs, or that it has stopped. */
  renewal({ stopped = false } = {}): Mutation {
    const { site_id, instance } = this.#options;
    const alive: Alive = { instance, count: ++this.#count, ...stopped ? { stopped } : {} };
    return putMutation(aliveKey(site_id), alive);
  }
}

/** Waits until the lease's holder counts as dead. Throws LeaseError when it renews the lease. */
async function waitUntilGone(kv: Deno.Kv, { site_id, renew_ms }: LeaseOptions): Promise<void> {
  const read = () => kv.get<Uint8Array>(aliveKey(site_id));
  const before = await read();
  if (!before.value || fromBytes<Alive>(before.value).stopped) return;
  for (let waited = 0; waited < MISSED * renew_ms; waited += renew_ms / 2) {
    await new Promise((resolve) => setTimeout(resolve, renew_ms / 2));
    const now = await read();
    if (now.value && fromBytes<Alive>(now.value).stopped) return;
    if (now.versionstamp !== before.versionstamp) throw taken(site_id);
  }
}

function aliveKey(site_id: string): Deno.KvKey {
  return [site_id, "writer_alive"];
}

function taken(site_id: string): LeaseError {
  return new LeaseError(`another gateway runs site ${site_id}; stop it, or name this site with --site NAME`);
}
