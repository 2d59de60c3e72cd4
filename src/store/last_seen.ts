// When chargers were seen last: many small facts in few values.
import type { Commits } from "./kv/commits.ts";
import { fromBytes, putMutation } from "./store.ts";

/** ms since 1970 of the last frame, and of the last Heartbeat. */
export type LastSeen = [last_seen: number, last_heartbeat: number | null];

const SLICE = 400; // chargers a value: about 40 kB

/** The times when chargers were last seen; they may lag behind by a minute. */
export class LastSeenTimes {
  readonly #commits: Commits;
  readonly #kv: Deno.Kv;
  readonly #prefix: readonly string[];
  #slices = 0;
  #written = "";
  /** What was stored when the store was opened. */
  readonly loaded = new Map<string, LastSeen>();

  constructor(commits: Commits, kv: Deno.Kv, prefix: readonly string[]) {
    this.#commits = commits;
    this.#kv = kv;
    this.#prefix = prefix;
  }

  async load(): Promise<void> {
    for await (const { value } of this.#kv.list<Uint8Array>({ prefix: [...this.#prefix] })) {
      this.#slices++;
      for (const [charger_id, seen] of Object.entries(fromBytes<Record<string, LastSeen>>(value))) {
        this.loaded.set(charger_id, seen);
      }
    }
  }

  /** Stores all times; nothing is written when none has changed. */
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
