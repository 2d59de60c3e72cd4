// The keys that have changed and are to be sent to a fleet: each commit notes its own, in the same atomic write.
import { fromBytes, toBytes } from "../kv/codec.ts";
import type { CommitChanges, Commits } from "../kv/commits.ts";
import type { TableDeps } from "../kv/declaration.ts";
import type { Keys } from "../kv/keys.ts";
import { deleteMutation, type Mutation, putMutation } from "../kv/mutation.ts";
import { SCHEMA } from "../site.ts";
import { staysAtSite } from "./scope.ts";

/** A key without the site's id. */
export type KeyRest = readonly (string | number)[];

/** The state of the sending. */
export interface SendingState {
  /** False: changes were not noted for a while, so that all keys must be sent again. */
  recording: boolean;
  /** The schema of the records whose changes are noted; a migration changes records without noting them. */
  schema: number;
  /** The walk of all keys that is under way: they are sent up to this one; null: from the beginning. */
  walk: { after: KeyRest | null } | null;
  /** The id of the last batch that the fleet has. */
  acknowledged: string | null;
  /** The ids of batches that were sent since and may have arrived. */
  sending: string[];
}

/** A key that is to be sent. */
export interface ChangedKey {
  rest: KeyRest;
  /** The number of the entry that names it last. */
  entry: number;
}

/** An entry in the database: when, and which keys. */
interface Entry {
  at: number;
  keys: KeyRest[];
}

/** Keys that may wait; with more, all keys of the site are sent again when the fleet is there. */
export const MAX_WAITING = 200_000;

const ENTRY_BYTES = 60_000;
const FREED_AT_ONCE = 40;
const NOTHING: SendingState = { recording: false, schema: 0, walk: null, acknowledged: null, sending: [] };

/** The changed keys, each once, in memory and in the database. */
export class ChangedKeys implements CommitChanges {
  readonly #commits: Commits;
  readonly #kv: Deno.Kv;
  readonly #keys: Keys<"change" | "change_state">;
  readonly #now: () => number;
  /** The newest entry of each waiting key, by the key's JSON; oldest change first. */
  readonly #waiting = new Map<string, number>();
  /** The entries with waiting keys: the number of these, the time, and whether the entry is stored for certain. */
  readonly #entries = new Map<number, { left: number; at: number; stored: boolean }>();
  /** The entries of the keys that were taken last: what has changed since must be noted anew. */
  #taken = new Map<string, number>();
  /** Entries whose keys all have been sent, or are in newer ones. */
  readonly #spent: number[] = [];
  #next = 1;
  #state = NOTHING;
  /** The notes of the commit under way. */
  #noting: { entries: [number, Entry][]; freed: number } = { entries: [], freed: 0 };

  constructor({ commits, read, now = Date.now }: TableDeps, keys: Keys<"change" | "change_state">) {
    this.#commits = commits;
    this.#kv = read;
    this.#keys = keys;
    this.#now = now;
  }

  /** Loads what waits. Where changes were noted, they are from here on: before any table changes. */
  async load(): Promise<void> {
    const { value } = await this.#kv.get<Uint8Array>(this.#stateKey);
    if (value) this.#state = { ...NOTHING, ...fromBytes<SendingState>(value) };
    if (this.#state.recording && this.#state.schema === SCHEMA) this.#commits.changes = this;
    const selector = { prefix: [...this.#keys.change] };
    for await (const { key, value } of this.#kv.list<Uint8Array>(selector, { batchSize: 500 })) {
      this.#next = Number(key.at(-1)) + 1;
      if (this.#skips) this.#spent.push(this.#next - 1);
      else this.#note(this.#next - 1, fromBytes<Entry>(value), true);
    }
  }

  /** The state of the sending. */
  get state(): Readonly<SendingState> {
    return this.#state;
  }

  /** Number of keys that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Time of the oldest change that waits, ms since 1970; null: none waits. */
  get oldest(): number | null {
    for (const { at } of this.#entries.values()) return at;
    return null;
  }

  /** Notes changes from now on. After a time in which none were noted, all keys are to be sent. */
  async begin(): Promise<void> {
    if (this.#commits.changes === this) return;
    await this.remember({ recording: true, schema: SCHEMA, walk: { after: null } });
    this.#commits.changes = this;
  }

  /** Ends the noting; a site that is in no fleet has no cost. */
  async end(): Promise<void> {
    this.#commits.changes = null;
    this.#drop();
    if (this.#state.recording) await this.remember({ recording: false });
  }

  /** Stores changes of the state. */
  async remember(changes: Partial<SendingState>): Promise<void> {
    this.#state = { ...this.#state, ...changes };
    await this.#commits.put([putMutation(this.#stateKey, this.#state)]);
  }

  /** Returns the keys that wait longest. */
  take(limit: number): ChangedKey[] {
    this.#taken = new Map();
    for (const [text, entry] of this.#waiting) {
      if (this.#taken.size === limit) break;
      this.#taken.set(text, entry);
    }
    return Array.from(this.#taken, ([text, entry]) => ({ rest: JSON.parse(text), entry }));
  }

  /** Forgets keys that have been sent, unless they have changed since they were taken. */
  sent(keys: readonly ChangedKey[]): void {
    for (const { rest, entry } of keys) {
      const text = JSON.stringify(rest);
      if (this.#waiting.get(text) !== entry) continue;
      this.#waiting.delete(text);
      this.#leave(entry);
    }
  }

  /** Returns the mutations that note what a commit changes. */
  mutations(changes: readonly Mutation[]): Mutation[] {
    const keys = this.#skips ? [] : this.#leaving(changes);
    const freed = this.#spent.slice(0, FREED_AT_ONCE);
    const entries = keys.length > 0 ? this.#split({ at: this.#now(), keys }) : [];
    this.#noting = { entries: entries.map(([entry, { number }]) => [number, entry]), freed: freed.length };
    return [
      ...entries.map(([, { number, value }]) => ({ key: [...this.#keys.change, number], value })),
      ...freed.map((number) => deleteMutation([...this.#keys.change, number])),
    ];
  }

  /** Takes over what the commit has noted: also of one that failed, which may be stored nevertheless. */
  settled(stored: boolean): void {
    const { entries, freed } = this.#noting;
    this.#noting = { entries: [], freed: 0 };
    if (stored) this.#spent.splice(0, freed);
    for (const [number, entry] of entries) this.#note(number, entry, stored);
    if (this.#waiting.size > MAX_WAITING) this.#overflow();
  }

  get #stateKey(): Deno.KvKey {
    return [...this.#keys.change_state, "state"];
  }

  /** True while all keys are to be sent from the beginning: what changes until then is sent with them. */
  get #skips(): boolean {
    return this.#state.walk !== null && this.#state.walk.after === null;
  }

  /** Returns the keys of changes that leave the site. */
  #leaving(changes: readonly Mutation[]): KeyRest[] {
    const ours = changes.filter(({ key }) => key[0] === this.#keys.change[0]);
    return ours.map(({ key }) => key.slice(1) as KeyRest).filter((rest) =>
      !staysAtSite(rest) && !this.#isNoted(JSON.stringify(rest))
    );
  }

  /** Returns true for a key that waits by a stored entry and has not been taken since: its newest value is sent then. */
  #isNoted(text: string): boolean {
    const number = this.#waiting.get(text);
    return number !== undefined && this.#taken.get(text) !== number && this.#entries.get(number)!.stored;
  }

  /** Returns an entry with its value, in parts if it is long. */
  #split(entry: Entry): [Entry, { number: number; value: Uint8Array }][] {
    const value = toBytes(entry);
    if (value.length <= ENTRY_BYTES || entry.keys.length === 1) {
      return [[entry, { number: this.#next++, value }]];
    }
    const half = entry.keys.length >> 1;
    const part = (keys: KeyRest[]) => this.#split({ at: entry.at, keys });
    return [...part(entry.keys.slice(0, half)), ...part(entry.keys.slice(half))];
  }

  #note(number: number, { at, keys }: Entry, stored: boolean): void {
    this.#entries.set(number, { at, left: keys.length, stored });
    for (const rest of keys) {
      const text = JSON.stringify(rest);
      const before = this.#waiting.get(text);
      this.#waiting.set(text, number);
      if (before !== undefined) this.#leave(before);
    }
  }

  /** Counts a key of an entry as done. */
  #leave(number: number): void {
    const entry = this.#entries.get(number);
    if (!entry || --entry.left > 0) return;
    this.#entries.delete(number);
    this.#spent.push(number);
  }

  #drop(): void {
    for (const number of this.#entries.keys()) this.#spent.push(number);
    this.#entries.clear();
    this.#waiting.clear();
  }

  /** Drops what waits: all keys are sent instead. */
  #overflow(): void {
    this.#drop();
    this.remember({ walk: { after: null } }).catch(() => {});
  }
}
