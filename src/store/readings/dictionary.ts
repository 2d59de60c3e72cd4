// The dictionary of readings: the labels of sampled values are stored once and referred to by number.
import { asciiJson } from "./ascii.ts";
import type { SeriesLabels, SeriesRef } from "./chunk.ts";
import { fromBytes } from "../kv/codec.ts";
import type { StoredValue } from "../kv/damage.ts";
import { type Mutation, putMutation } from "../kv/mutation.ts";
import { DamagedError } from "../kv/seal.ts";
import type { RawSampledValue } from "./sample.ts";
import type { ReadingKeys } from "./keys.ts";

const MAX_SERIES = 4_096;
const MAX_SHAPES = 16_384;
const MAX_SHAPE_LENGTH = 64;
const MAX_LABEL_LENGTH = 50;
const REMEMBERED_SHAPES = 4;

/** An entry of the dictionary. It must be stored no later than the first record that refers to it. */
export interface Entry {
  /** True once its commit is durable. */
  stored: boolean;
  readonly mutation: Mutation | null;
}

/**
 * A series: the labels of a sampled value as received. Number -1: it has none, and its labels are written in each
 * record.
 */
export class Series implements Entry {
  readonly measurand: string | undefined;
  readonly unit: string | undefined;
  readonly phase: string | undefined;
  readonly context: string | undefined;
  readonly location: string | undefined;
  readonly format: string | undefined;
  /** A sampled value with the series' labels. */
  readonly #given: RawSampledValue;

  constructor(
    readonly number: number,
    labels: SeriesLabels,
    readonly mutation: Mutation | null,
    public stored: boolean,
  ) {
    const [measurand, unit, phase, context, location, format] = labels;
    this.measurand = measurand ?? undefined;
    this.unit = unit ?? undefined;
    this.phase = phase ?? undefined;
    this.context = context ?? undefined;
    this.location = location ?? undefined;
    this.format = format ?? undefined;
    const given = Object.entries({ context, format, measurand, phase, location, unit });
    this.#given = { value: "", ...Object.fromEntries(given.filter(([, label]) => label != null)) };
  }

  /** Returns a sampled value as received. Hot at start: a copy is cheaper than building it from its labels. */
  sample(value: string): RawSampledValue {
    const sample = { ...this.#given };
    sample.value = value;
    return sample;
  }

  get labels(): SeriesLabels {
    return labelsOf(this);
  }

  get ref(): SeriesRef {
    return this.number >= 0 ? this.number : this.labels;
  }

  /** Returns true for a sample of this series. */
  has(sample: RawSampledValue): boolean {
    return this.measurand === sample.measurand && this.phase === sample.phase && this.unit === sample.unit &&
      this.context === sample.context && this.location === sample.location && this.format === sample.format;
  }
}

/** A shape: the series of a MeterValue, in order. Number -1: it has none, and is written in each record. */
export class Shape implements Entry {
  readonly refs: readonly SeriesRef[];
  /** The shape's field in a record. */
  readonly field: string;

  constructor(
    readonly number: number,
    readonly series: readonly Series[],
    readonly mutation: Mutation | null,
    public stored: boolean,
  ) {
    this.refs = series.map(({ ref }) => ref);
    this.field = number >= 0 ? String(number) : asciiJson(this.refs);
  }

  /** Returns true for samples of this shape. */
  has(samples: readonly RawSampledValue[]): boolean {
    if (samples.length !== this.series.length) return false;
    for (let index = 0; index < samples.length; index++) {
      if (!this.series[index]!.has(samples[index]!)) return false;
    }
    return true;
  }
}

/** The stored entries' source. */
interface DictionarySource {
  read: Deno.Kv;
  damagedValue(entry: StoredValue, error: unknown): void;
}

/** The series and shapes of the site, by number and by content. */
export class Dictionary {
  readonly #keys: ReadingKeys;
  readonly #series: (Series | undefined)[] = [];
  readonly #shapes: (Shape | undefined)[] = [];
  readonly #series_by_labels = new Map<string, Series>();
  readonly #shape_by_series = new Map<string, Shape>();

  constructor(keys: ReadingKeys) {
    this.#keys = keys;
  }

  /** The number of numbered series and shapes. */
  get size(): { series: number; shapes: number } {
    return { series: this.#series_by_labels.size, shapes: this.#shape_by_series.size };
  }

  /** Returns the series with this number. */
  series(number: number): Series | undefined {
    return this.#series[number];
  }

  /** Returns the shape of samples. `recent` are shapes to try first, newest first; it is updated. */
  shapeOf(samples: readonly RawSampledValue[], recent: Shape[]): Shape {
    for (let index = 0; index < recent.length; index++) {
      const shape = recent[index]!;
      if (!shape.has(samples)) continue;
      if (index > 0) recent.splice(index, 1), recent.unshift(shape);
      return shape;
    }
    const shape = this.#shapeFrom(samples.map((sample) => this.#seriesFrom(labelsOf(sample))));
    recent.unshift(shape);
    recent.length = Math.min(recent.length, REMEMBERED_SHAPES);
    return shape;
  }

  /** Returns the shape of a record's field. Throws Error if it is unknown. */
  shape(field: string): Shape {
    const shape = field.startsWith("[") ? this.#written(JSON.parse(field)) : this.#shapes[Number(field)];
    if (!shape) throw new Error(`Cannot read record: shape ${field} is not known`);
    return shape;
  }

  /** Returns the entries to store in the commit of the first use of a shape. */
  fresh(shape: Shape): Entry[] {
    return [shape, ...shape.series.filter((series) => !series.stored)];
  }

  /** Loads the stored entries; `damagedValue` is called for those that cannot be read. Their numbers stay taken. */
  async load({ read, damagedValue }: DictionarySource): Promise<void> {
    await each<SeriesLabels>(read, this.#keys.series, (number, labels, entry) => {
      if (labels) return void this.#addSeries(number, labels, true);
      this.#series[number] = undefined;
      damagedValue(entry, new DamagedError("Cannot read series"));
    });
    await each<number[]>(read, this.#keys.shape, (number, numbers, entry) => {
      const series = numbers?.map((one) => this.#series[one]);
      if (series?.every((one) => one !== undefined)) return void this.#addShape(number, series, true);
      this.#shapes[number] = undefined;
      if (!numbers) damagedValue(entry, new DamagedError("Cannot read shape"));
    });
  }

  #seriesFrom(labels: SeriesLabels): Series {
    const known = this.#series_by_labels.get(JSON.stringify(labels));
    if (known) return known;
    const full = this.#series_by_labels.size >= MAX_SERIES;
    const overlong = labels.some((label) => label !== null && label.length > MAX_LABEL_LENGTH);
    return full || overlong
      ? new Series(-1, labels, null, true)
      : this.#addSeries(this.#series.length, labels, false);
  }

  #shapeFrom(series: readonly Series[]): Shape {
    const known = this.#shape_by_series.get(nameOf(series));
    if (known) return known;
    const full = this.#shape_by_series.size >= MAX_SHAPES;
    const odd = series.length > MAX_SHAPE_LENGTH || series.some(({ number }) => number < 0);
    return full || odd
      ? new Shape(-1, series, null, false)
      : this.#addShape(this.#shapes.length, series, false);
  }

  #addSeries(number: number, labels: SeriesLabels, stored: boolean): Series {
    const series = new Series(number, labels, putMutation([...this.#keys.series, number], labels), stored);
    this.#series[number] = series;
    this.#series_by_labels.set(JSON.stringify(labels), series);
    return series;
  }

  #addShape(number: number, series: readonly Series[], stored: boolean): Shape {
    const numbers = series.map((one) => one.number);
    const shape = new Shape(number, series, putMutation([...this.#keys.shape, number], numbers), stored);
    this.#shapes[number] = shape;
    this.#shape_by_series.set(nameOf(series), shape);
    return shape;
  }

  /** Returns a shape that is written in a record. */
  #written(refs: SeriesRef[]): Shape {
    const series = refs.map((ref) =>
      typeof ref === "number" ? this.#series[ref] : new Series(-1, ref, null, true)
    );
    if (!series.every((one) => one !== undefined)) {
      throw new Error("Cannot read record: a series in it is not known");
    }
    return new Shape(-1, series, null, true);
  }
}

function nameOf(series: readonly Series[]): string {
  return series.map(({ number }) => number).join(" ");
}

function labelsOf(
  sample: { [label in keyof Omit<RawSampledValue, "value">]: string | undefined },
): SeriesLabels {
  const { measurand, unit, phase, context, location, format } = sample;
  return [measurand ?? null, unit ?? null, phase ?? null, context ?? null, location ?? null, format ?? null];
}

/** Calls `found` with each numbered record below `prefix`; null: it cannot be read. */
async function each<T>(
  kv: Deno.Kv,
  prefix: Deno.KvKey,
  found: (number: number, record: T | null, entry: StoredValue) => void,
): Promise<void> {
  for await (const entry of kv.list<Uint8Array>({ prefix: [...prefix] }, { batchSize: 500 })) {
    let record: T | null = null;
    try {
      record = fromBytes<T>(entry.value);
    } catch { /* the gateway starts without it */ }
    found(Number(entry.key.at(-1)), record, entry);
  }
}
