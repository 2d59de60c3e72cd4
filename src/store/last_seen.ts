// The times at which chargers were last seen, many in one KV value.
import { fromBytes } from "./kv/codec.ts";
import type { Commits } from "./kv/commits.ts";
import { type DamageReport, readOr } from "./kv/damage.ts";
import type { TableDeps } from "./kv/declaration.ts";
import type { Keys } from "./kv/keys.ts";
import { putMutation } from "./kv/mutation.ts";

/** ms since 1970 of the last frame, and of the last Heartbeat. */
export type LastSeen = [last_seen: number, last_heartbeat: number | null];

const SLICE = 400; // chargers per value: about 40 kB

/** The times at which chargers were last seen; the stored ones may lag behind by a minute. */
export class LastSeenTimes {
  readonly #commits: Commits;
  readonly #kv: Deno.Kv;
  readonly #prefix: readonly string[];
  readonly #damaged: DamageReport | undefined;
  #slices = 0;
  #written = "";
  /** The times read at the start, by charger. */
  readonly loaded = new Map<string, LastSeen>();

  constructor({ commits, read, damaged }: TableDeps, keys: Keys<"seen">) {
    this.#damaged = damaged;
    this.#commits = commits;
    this.#kv = read;
    this.#prefix = keys.seen;
  }

  /** Reads the stored times into `loaded`. */
  async load(): Promise<void> {
    const options = { read: fromBytes<Record<string, LastSeen>>, fallback: {}, damaged: this.#damaged };
    for await (const entry of this.#kv.list<Uint8Array>({ prefix: [...this.#prefix] })) {
      this.#slices++;
      for (const [charger_id, seen] of Object.entries(readOr(entry, options))) {
        this.loaded.set(charger_id, seen);
      }
    }
  }

  /** Stores the times of all chargers; writes nothing if none has changed. */
  async put(seen: [string, LastSeen][]): Promise<void> {
    const text = JSON.stringify(seen);
    if (text === this.#written) return;
    const slices = Math.max(Math.ceil(seen.length / SLICE), this.#slices);
    const changes = Array.from(
      { length: slices },
      (_, slice) =>
        putMutation(
          [...this.#prefix, slice],
          Object.fromEntries(seen.slice(slice * SLICE, (slice + 1) * SLICE)),
        ),
    );
    await Promise.all(changes.map((change) => this.#commits.put([change], { deferred: true })));
    this.#slices = slices;
    this.#written = text;
  }
}
