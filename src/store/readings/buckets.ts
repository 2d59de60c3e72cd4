// Readings summed up for charts: per series and bucket of time the least, the mean and the greatest value, straight from the
// columns of chunks.
import type { Chunk, ChunkColumn, SeriesRef } from "./chunk.ts";
import type { HourValues } from "./day_codec.ts";
import type { LabelCache } from "./label_cache.ts";
import { measurandOf, type ReadingLabels, readingValue } from "./reading.ts";

/** The buckets of an interval: number `i` is from `from + i * step` (included) to `step` later (excluded), ms since 1970. */
export interface BucketSpan {
  from: number;
  step: number;
  count: number;
}

/** The values of a series by bucket; null: none in it. */
export interface BucketSeries extends Omit<ReadingLabels, "context" | "format"> {
  connector_id: number;
  /** The number of readings in all buckets. */
  readings: number;
  min: (number | null)[];
  /** The arithmetic mean of a bucket's readings; null throughout for a register, of which it says nothing. */
  mean: (number | null)[];
  max: (number | null)[];
  /** The newest value of each bucket. */
  last: (number | null)[];
}

/** The readings to sum up. */
export interface BucketFilter {
  charger_id: string;
  connector_id?: number;
  transaction_id?: number;
  /** In any case. */
  measurand?: string;
}

const HOUR = 3_600_000;
const NO_BUCKET = -1;

/** Returns at most `points` buckets that cover an interval. From an hour on they are whole hours, and begin at full ones, UTC. */
export function bucketSpan(from: number, to: number, points: number): BucketSpan {
  const exact = Math.ceil((to - from) / points);
  if (exact < HOUR) return { from, step: exact, count: Math.ceil((to - from) / exact) };
  const start = Math.floor(from / HOUR) * HOUR;
  const step = Math.ceil((to - start) / points / HOUR) * HOUR;
  return { from: start, step, count: Math.ceil((to - start) / step) };
}

/** Sums readings up. Those that are no number count nowhere; contexts of a series are one. */
export class Buckets {
  readonly #span: BucketSpan;
  readonly #filter: Omit<BucketFilter, "charger_id">;
  readonly #labels: LabelCache;
  readonly #series = new Map<string, SeriesBuckets>();
  /** The series of a reference, by connector; null: the filter leaves it out. */
  readonly #by_ref = new Map<number, Map<SeriesRef, SeriesBuckets | null>>();

  constructor(span: BucketSpan, filter: Omit<BucketFilter, "charger_id">, labels: LabelCache) {
    this.#span = span;
    this.#filter = filter;
    this.#labels = labels;
  }

  /** Adds all readings of a chunk. */
  addChunk(connector_id: number, chunk: Chunk): void {
    const buckets = this.#bucketsOf(chunk);
    if (!buckets) return;
    for (const column of chunk.columns()) {
      const series = this.#seriesOf(connector_id, column.ref);
      if (series) addColumn(series, column, chunk, buckets);
    }
  }

  /** Adds a value. */
  add(connector_id: number, ref: SeriesRef, { at, transaction_id, text }: {
    at: number;
    transaction_id: number | null;
    text: string;
  }): void {
    if (this.#filter.transaction_id !== undefined && this.#filter.transaction_id !== transaction_id) return;
    const bucket = this.#bucketAt(at);
    const value = readingValue(text);
    if (bucket === NO_BUCKET || typeof value !== "number") return;
    this.#seriesOf(connector_id, ref)?.add(bucket, value, at);
  }

  /** Adds the sums of some hours; the buckets are whole hours. `start` is the start of hour 0, ms since 1970. */
  addHours(start: number, values: HourValues): void {
    if (this.#filter.connector_id !== undefined && this.#filter.connector_id !== values.connector_id) return;
    const series = this.#seriesOf(values.connector_id, values.ref);
    if (!series) return;
    for (let index = 0; index < values.hours.length; index++) {
      const bucket = this.#bucketAt(start + values.hours[index]! * HOUR);
      if (bucket !== NO_BUCKET) series.merge(bucket, values, index);
    }
  }

  /** Returns the sums of each series as they are stored; the buckets are the hours of a day. */
  hours(): HourValues[] {
    return [...this.#series.values()].filter(({ readings }) => readings > 0).map((series) => series.hours());
  }

  /** Returns the series that have readings, by connector and name. */
  result(): BucketSeries[] {
    const found = [...this.#series.values()].filter(({ readings }) => readings > 0);
    return found.map((one) => one.result()).sort((a, b) =>
      a.connector_id - b.connector_id || compare(a.measurand, b.measurand) ||
      compare(a.phase ?? "", b.phase ?? "") ||
      compare(a.location, b.location) || compare(a.unit, b.unit)
    );
  }

  /** Returns the bucket of each row; null: none has one. */
  #bucketsOf(chunk: Chunk): Int32Array | null {
    const buckets = new Int32Array(chunk.rows);
    const { transaction_id } = this.#filter;
    let any = false;
    for (let row = 0; row < buckets.length; row++) {
      const isWanted = transaction_id === undefined || chunk.transactionId(row) === transaction_id;
      const bucket = isWanted ? this.#bucketAt(chunk.at(row)) : NO_BUCKET;
      buckets[row] = bucket;
      if (bucket !== NO_BUCKET) any = true;
    }
    return any ? buckets : null;
  }

  #bucketAt(at: number): number {
    const { from, step, count } = this.#span;
    const bucket = Math.floor((at - from) / step);
    return bucket >= 0 && bucket < count ? bucket : NO_BUCKET;
  }

  #seriesOf(connector_id: number, ref: SeriesRef): SeriesBuckets | null {
    let of_connector = this.#by_ref.get(connector_id);
    if (!of_connector) this.#by_ref.set(connector_id, of_connector = new Map());
    let series = of_connector.get(ref);
    if (series === undefined) of_connector.set(ref, series = this.#lookUp(connector_id, ref));
    return series;
  }

  #lookUp(connector_id: number, ref: SeriesRef): SeriesBuckets | null {
    const labels = this.#labels.of(ref);
    const { measurand, unit, phase, location, format } = labels;
    if (format === "SignedData" || measurand !== measurandOf(this.#filter.measurand ?? measurand)) {
      return null;
    }
    const key = JSON.stringify([connector_id, measurand, unit, phase, location]);
    const series = this.#series.get(key) ??
      new SeriesBuckets({ connector_id, ref, labels }, this.#span.count);
    this.#series.set(key, series);
    return series;
  }
}

/** A series of a connector; `ref` is one of the references that stand for it. */
interface SeriesOfConnector {
  connector_id: number;
  ref: SeriesRef;
  labels: ReadingLabels;
}

/** The sums of a series. */
class SeriesBuckets {
  readonly #of: SeriesOfConnector;
  readonly #count: Int32Array;
  readonly #sum: Float64Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #last: Float64Array;
  readonly #last_at: Float64Array;
  readings = 0;

  constructor(of: SeriesOfConnector, count: number) {
    this.#of = of;
    this.#count = new Int32Array(count);
    this.#sum = new Float64Array(count);
    this.#min = new Float64Array(count).fill(Infinity);
    this.#max = new Float64Array(count).fill(-Infinity);
    this.#last = new Float64Array(count);
    this.#last_at = new Float64Array(count).fill(-Infinity);
  }

  /** Adds a value. Hot: once a reading. */
  add(bucket: number, value: number, at: number): void {
    this.readings++;
    this.#count[bucket]!++;
    this.#sum[bucket]! += value;
    if (value < this.#min[bucket]!) this.#min[bucket] = value;
    if (value > this.#max[bucket]!) this.#max[bucket] = value;
    if (at >= this.#last_at[bucket]!) {
      this.#last_at[bucket] = at;
      this.#last[bucket] = value;
    }
  }

  /** Adds the sums of an hour, number `index` of `values`. */
  merge(bucket: number, { count, sum, min, max, last, last_at }: HourValues, index: number): void {
    this.readings += count[index]!;
    this.#count[bucket]! += count[index]!;
    this.#sum[bucket]! += sum?.[index] ?? 0;
    if (min[index]! < this.#min[bucket]!) this.#min[bucket] = min[index]!;
    if (max[index]! > this.#max[bucket]!) this.#max[bucket] = max[index]!;
    if (last_at[index]! >= this.#last_at[bucket]!) {
      this.#last_at[bucket] = last_at[index]!;
      this.#last[bucket] = last[index]!;
    }
  }

  /** Returns the sums of the buckets that have any. */
  hours(): HourValues {
    const hours = Array.from(this.#count.keys()).filter((bucket) => this.#count[bucket]! > 0);
    const some = (values: ArrayLike<number>) => Float64Array.from(hours, (bucket) => values[bucket]!);
    return {
      connector_id: this.#of.connector_id,
      ref: this.#of.ref,
      hours,
      count: some(this.#count),
      sum: isRegister(this.#of.labels) ? null : some(this.#sum),
      min: some(this.#min),
      max: some(this.#max),
      last: some(this.#last),
      last_at: some(this.#last_at),
    };
  }

  result(): BucketSeries {
    const { measurand, unit, phase, location } = this.#of.labels;
    const listed = (values: Float64Array) =>
      Array.from(values, (value, bucket) => this.#count[bucket] === 0 ? null : value);
    const mean = this.#sum.map((sum, bucket) => sum / this.#count[bucket]!);
    return {
      connector_id: this.#of.connector_id,
      measurand,
      unit,
      phase,
      location,
      readings: this.readings,
      min: listed(this.#min),
      mean: isRegister(this.#of.labels) ? Array.from(mean, () => null) : Array.from(listed(mean), rounded),
      max: listed(this.#max),
      last: listed(this.#last),
    };
  }
}

/** Adds a column's values; those in its raw texts too, where they are numbers. */
function addColumn(
  series: SeriesBuckets,
  { column, rows }: ChunkColumn,
  chunk: Chunk,
  buckets: Int32Array,
): void {
  const { digits, divisor, raw } = column.numbers;
  for (let place = 0; place < digits.length; place++) {
    const row = rows ? rows[place]! : place;
    const bucket = buckets[row]!;
    if (bucket === NO_BUCKET) continue;
    const text = raw?.get(place);
    const value = text === undefined ? digits[place]! / divisor : readingValue(text);
    if (typeof value === "number") series.add(bucket, value, chunk.at(row));
  }
}

/** A register counts up: its mean says nothing. */
function isRegister({ measurand }: ReadingLabels): boolean {
  return measurand.endsWith(".Register");
}

/** A mean needs no more digits than a chart or a table shows: six decimals. */
function rounded(mean: number | null): number | null {
  return mean === null ? null : Math.round(mean * 1e6) / 1e6;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
