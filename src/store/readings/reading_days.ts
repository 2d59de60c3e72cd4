// The stored sums of readings by hour, a value for each charger and day, so that a chart of a year reads a few hundred
// values in place of all chunks.
//
// Where a day has a value, it covers all chunks of the day: compaction writes both in one commit. Days are built when they
// have ended, from their chunks. A day without a value (it has not ended, or is not built yet, or its value was damaged)
// is read from chunks; so nothing needs to be complete, and building may be interrupted at any time.
import { decodeChunk } from "./chunk.ts";
import type { Commits } from "../kv/commits.ts";
import type { StoredValue } from "../kv/damage.ts";
import { fromBytes } from "../kv/codec.ts";
import { readOr } from "../kv/damage.ts";
import { type DayValues, decodeDay } from "./day_codec.ts";
import { type DayChanges, DaySums } from "./day_sums.ts";
import { deleteMutation, type Mutation, putMutation } from "../kv/mutation.ts";
import type { ReadingKeys } from "./keys.ts";
import type { LabelCache } from "./label_cache.ts";
import { chargersWithChunks } from "./retention.ts";

const HOURS = 24;
const DAY = 86_400_000;
const BATCH = 100;
const DELETES = 500;
/** Bounds of what is built in one go; nothing is compacted meanwhile. */
const STEP_LOOKS = 20;
const STEP_BYTES = 300_000;
const REST_MS = 10;

/** The dependencies of the days. */
export interface ReadingDaysDeps {
  commits: Commits;
  read: Deno.Kv;
  keys: ReadingKeys;
  labels: LabelCache;
  /** ms since 1970. */
  now: () => number;
  /** Called for a stored value that cannot be read. */
  damagedValue(entry: StoredValue, error: unknown): void;
}

/** The record of the days: those before `upto` (since 1970, UTC) are built. */
interface DaysRecord {
  upto: number;
}

/** A building of days that is under way: it is done up to a charger and a day. */
interface Building {
  upto: number;
  charger_id: string;
  day: number;
}

/** The stored days of all chargers. */
export class ReadingDays {
  readonly #deps: ReadingDaysDeps;
  #upto = -Infinity;
  #building: Building | null = null;

  constructor(deps: ReadingDaysDeps) {
    this.#deps = deps;
  }

  /** Loads the record. With `drop`, an older program has written chunks: all days are deleted, to be built again. */
  async load({ drop }: { drop: boolean }): Promise<void> {
    const { read, keys, damagedValue: damaged } = this.#deps;
    if (drop) return await this.#drop();
    const entry = await read.get<Uint8Array>([...keys.reading_days]);
    if (!entry.value) return;
    const record = readOr(entry as StoredValue, { read: fromBytes<DaysRecord>, fallback: null, damaged });
    this.#upto = record?.upto ?? -Infinity;
  }

  /** Yields the stored days of a charger from `first` to `last`, in order. */
  async *list(charger_id: string, first: number, last: number): AsyncGenerator<DayValues & { day: number }> {
    const { read, keys, damagedValue } = this.#deps;
    const prefix = [...keys.reading_day, charger_id];
    const range = { start: [...prefix, first], end: [...prefix, last + 1] };
    for await (const entry of read.list<Uint8Array>(range, { batchSize: BATCH })) {
      const day = Number(entry.key.at(-1));
      const values = readOr(entry, {
        read: (bytes) => decodeDay(bytes, day),
        fallback: null,
        damaged: damagedValue,
      });
      if (values) yield { day, ...values };
    }
  }

  /** Returns a function that gives the mutation of a day to whose chunks rows are added, for the commit of these. */
  changes(charger_id: string): DayChanges {
    const days = new Map<number, DaySums | null>();
    return async (cell, upto) => {
      const day = Math.floor(cell.hour / HOURS);
      if (!days.has(day)) days.set(day, await this.#toChange(charger_id, day));
      const sums = days.get(day);
      if (!sums) return [];
      sums.addRows(cell, upto);
      return [this.#mutation(charger_id, sums)];
    };
  }

  /**
   * Builds some of the days that have ended. Returns true if there are more. Nothing may be compacted meanwhile. Rejects
   * with StorageError.
   */
  async build(): Promise<boolean> {
    const building = this.#building ?? this.#begun();
    if (!building) return false;
    this.#building = null; // it begins anew if this fails
    const mutations: Mutation[] = [];
    let bytes = 0;
    for (let looks = 0; looks < STEP_LOOKS && bytes < STEP_BYTES; looks++) {
      const next = await this.#next(building);
      if (!next) return await this.#finish(building, mutations);
      Object.assign(building, { charger_id: next.charger_id, day: next.day + 1 });
      if (next.isStored) continue;
      const sums = await this.#fromChunks(next.charger_id, next.day);
      const mutation = this.#mutation(next.charger_id, sums);
      mutations.push(mutation);
      bytes += mutation.value?.length ?? 0;
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
    await this.#deps.commits.put(mutations);
    this.#building = building;
    return true;
  }

  async #finish({ upto }: Building, mutations: readonly Mutation[]): Promise<false> {
    await this.#deps.commits.put([...mutations, putMutation([...this.#deps.keys.reading_days], { upto })]);
    this.#upto = upto;
    return false;
  }

  /** Returns a new building, if days have ended since the last one. */
  #begun(): Building | null {
    const today = Math.floor(this.#deps.now() / DAY);
    this.#upto = Math.min(this.#upto, today); // the clock was ahead
    return this.#upto < today ? { upto: today, charger_id: "", day: this.#upto } : null;
  }

  /** Returns the next ended day with chunks. */
  async #next(building: Building): Promise<{ charger_id: string; day: number; isStored: boolean } | null> {
    const { read, keys } = this.#deps;
    for await (const charger_id of chargersWithChunks(read, keys, building.charger_id)) {
      const from = charger_id === building.charger_id ? building.day : this.#upto;
      const prefix = [...keys.chunk, charger_id];
      const end = [...prefix, building.upto * HOURS];
      const range = from === -Infinity ? { prefix, end } : { start: [...prefix, from * HOURS], end };
      for await (const { key } of read.list(range, { limit: 1 })) {
        const day = Math.floor(Number(key[prefix.length]) / HOURS);
        const { value } = await read.get([...keys.reading_day, charger_id, day]);
        return { charger_id, day, isStored: value !== null };
      }
    }
    return null;
  }

  /** Returns the sums of a day whose chunks are about to change; null: it is read from chunks, and stays so. */
  async #toChange(charger_id: string, day: number): Promise<DaySums | null> {
    const { read, keys, labels, damagedValue } = this.#deps;
    const entry = await read.get<Uint8Array>([...keys.reading_day, charger_id, day]);
    if (entry.value) {
      const from = (bytes: Uint8Array) => DaySums.from(bytes, day, labels);
      const sums = readOr(entry as StoredValue, { read: from, fallback: null, damaged: damagedValue });
      return sums ?? await this.#fromChunks(charger_id, day);
    }
    return day < this.#upto ? await this.#fromChunks(charger_id, day) : null;
  }

  async #fromChunks(charger_id: string, day: number): Promise<DaySums> {
    const { read, keys, labels, damagedValue: damaged } = this.#deps;
    const prefix = [...keys.chunk, charger_id];
    const range = { start: [...prefix, day * HOURS], end: [...prefix, (day + 1) * HOURS] };
    const sums = new DaySums(day, labels);
    for await (const entry of read.list<Uint8Array>(range, { batchSize: BATCH })) {
      const [hour, connector_id] = entry.key.slice(-3) as [number, number, number];
      const chunk = readOr(entry, { read: decodeChunk, fallback: null, damaged });
      if (chunk) sums.addChunk(connector_id, hour, chunk);
    }
    return sums;
  }

  #mutation(charger_id: string, sums: DaySums): Mutation {
    const key = [...this.#deps.keys.reading_day, charger_id, sums.day];
    const value = sums.bytes();
    return value ? { key, value } : deleteMutation(key);
  }

  async #drop(): Promise<void> {
    const { commits, read, keys } = this.#deps;
    await commits.put([deleteMutation([...keys.reading_days])]);
    const selector = { prefix: [...keys.reading_day] };
    for (let found = DELETES; found === DELETES;) {
      const entries = await Array.fromAsync(read.list(selector, { limit: DELETES, batchSize: DELETES }));
      found = entries.length;
      if (found > 0) await commits.put(entries.map(({ key }) => deleteMutation(key)));
    }
  }
}
