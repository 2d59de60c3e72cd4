// The sums of a charger's readings by hour of a day, in memory.
import { Buckets } from "./buckets.ts";
import type { Chunk, ChunkRow } from "./chunk.ts";
import { type DayValues, decodeDay, encodeDay } from "./day_codec.ts";
import type { Mutation } from "../kv/mutation.ts";
import type { LabelCache } from "./label_cache.ts";

const HOUR = 3_600_000;
const HOURS = 24;
const MAX_VALUE = 60_000; // Deno KV allows 65,536

/** A row with the sequence of its message. */
export interface NumberedRow extends ChunkRow {
  n: number;
}

/** The rows of an hour of a connector; `hour` is counted since 1970. */
export interface HourRows {
  hour: number;
  connector_id: number;
  rows: readonly NumberedRow[];
}

/** Returns the mutations of the sums of a day to whose chunks rows are added, for the commit of these. */
export type DayChanges = (cell: HourRows, upto: number) => Promise<Mutation[]>;

/** The sums of a day, to which readings are added. It covers all chunks of the day, or it is not kept. */
export class DaySums {
  /** Days since 1970, UTC. */
  readonly day: number;
  readonly #buckets: Buckets;
  readonly #upto: Map<number, Float64Array>;

  constructor(day: number, labels: LabelCache, values?: DayValues) {
    this.day = day;
    this.#buckets = new Buckets({ from: day * HOURS * HOUR, step: HOUR, count: HOURS }, {}, labels);
    this.#upto = values?.upto ?? new Map();
    for (const series of values?.series ?? []) this.#buckets.addHours(day * HOURS * HOUR, series);
  }

  /** Reads the sums from their bytes. Throws DamagedError, or Error for an unknown version. */
  static from(bytes: Uint8Array, day: number, labels: LabelCache): DaySums {
    return new DaySums(day, labels, decodeDay(bytes, day));
  }

  /** Adds all readings of a chunk of the day. */
  addChunk(connector_id: number, hour: number, chunk: Chunk): void {
    this.#buckets.addChunk(connector_id, chunk);
    this.#note(connector_id, hour, chunk.upto);
  }

  /** Adds the readings that are stored as chunks now; `upto` is the sequence of the last message in these. */
  addRows({ connector_id, hour, rows }: HourRows, upto: number): void {
    const before = this.#upto.get(connector_id)?.[hourOfDay(hour)] ?? 0;
    for (const { n, at, transaction_id, series, values } of rows) {
      if (n <= before) continue;
      for (const [index, ref] of series.entries()) {
        this.#buckets.add(connector_id, ref, { at, transaction_id, text: values[index]! });
      }
    }
    this.#note(connector_id, hour, upto);
  }

  /** Returns the bytes of the sums; null: they are too many to be kept. */
  bytes(): Uint8Array | null {
    const bytes = encodeDay({ upto: this.#upto, series: this.#buckets.hours() }, this.day);
    return bytes.length <= MAX_VALUE ? bytes : null;
  }

  #note(connector_id: number, hour: number, upto: number): void {
    let of_hour = this.#upto.get(connector_id);
    if (!of_hour) this.#upto.set(connector_id, of_hour = new Float64Array(HOURS));
    const index = hourOfDay(hour);
    of_hour[index] = Math.max(of_hour[index]!, upto);
  }
}

function hourOfDay(hour: number): number {
  return ((hour % HOURS) + HOURS) % HOURS; // hours before 1970 are negative
}
