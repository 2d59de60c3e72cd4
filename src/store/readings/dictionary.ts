// The dictionary of readings: what sampled values have in common is stored once and told by number.
import { asciiJson } from "./ascii.ts";
import type { SeriesRef, SeriesWords } from "./chunk.ts";
import { fromBytes } from "../kv/codec.ts";
import { type Mutation, putMutation } from "../kv/mutation.ts";
import type { RawSampledValue } from "./sample.ts";
import type { ReadingKeys } from "./keys.ts";

const MAX_SERIES = 4_096;
const MAX_SHAPES = 16_384;
const MAX_SHAPE_LENGTH = 64;
const MAX_WORD_LENGTH = 50;
const REMEMBERED_SHAPES = 4;

/** Something that must be in the database before a line may refer to it. */
export interface Entry {
  /** Whether its commit is done. */
  stored: boolean;
  readonly mutation: Mutation | null;
}

/** The words of a sampled value as received. `number` is -1 when it has none and is written out wherever it is used. */
export class Series implements Entry {
  readonly measurand: string | undefined;
  readonly unit: string | undefined;
  readonly phase: string | undefined;
  readonly context: string | undefined;
  readonly location: string | undefined;
  readonly format: string | undefined;
  /** A sampled value with what is given. */
  readonly #given: RawSampledValue;

  constructor(
    readonly number: number,
    words: SeriesWords,
    readonly mutation: Mutation | null,
    public stored: boolean,
  ) {
    const [measurand, unit, phase, context, location, format] = words;
    this.measurand = measurand ?? undefined;
    this.unit = unit ?? undefined;
    this.phase = phase ?? undefined;
    this.context = context ?? undefined;
    this.location = location ?? undefined;
    this.format = format ?? undefined;
    const given = Object.entries({ context, format, measurand, phase, location, unit });
    this.#given = { value: "", ...Object.fromEntries(given.filter(([, word]) => word != null)) };
  }

  /** The sampled value that was received. Hot at start: a copy is cheaper than putting it together. */
  sample(value: string): RawSampledValue {
    const sample = { ...this.#given };
    sample.value = value;
    return sample;
  }

  get words(): SeriesWords {
    return wordsOf(this);
  }

  get ref(): SeriesRef {
    return this.number >= 0 ? this.number : this.words;
  }

  has(sample: RawSampledValue): boolean {
    return this.measurand === sample.measurand && this.phase === sample.phase && this.unit === sample.unit &&
      this.context === sample.context && this.location === sample.location && this.format === sample.format;
  }
}

/** The series of one MeterValue in their order. `number` is -1 when it has none. */
export class Shape implements Entry {
  readonly refs: readonly SeriesRef[];
  /** How a line tells it. */
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

  has(samples: readonly RawSampledValue[]): boolean {
    if (samples.length !== this.series.length) return false;
    for (let index = 0; index < samples.length; index++) {
      if (!this.series[index]!.has(samples[index]!)) return false;
    }
    return true;
  }
}

/** All series and shapes of the site, by number and by content. */
export class Dictionary {
  readonly #keys: ReadingKeys;
  readonly #series: (Series | undefined)[] = [];
  readonly #shapes: (Shape | undefined)[] = [];
  readonly #series_by_words = new Map<string, Series>();
  readonly #shape_by_series = new Map<string, Shape>();

  constructor(keys: ReadingKeys) {
    this.#keys = keys;
  }

  /** How many series and shapes have a number. */
  get size(): { series: number; shapes: number } {
    return { series: this.#series_by_words.size, shapes: this.#shape_by_series.size };
  }

  /** The series with this number. */
  series(number: number): Series | undefined {
    return this.#series[number];
  }

  /** The shape of these samples. `recent` are shapes to try first; it is kept up to date. */
  shapeOf(samples: readonly RawSampledValue[], recent: Shape[]): Shape {
    for (let index = 0; index < recent.length; index++) {
      const shape = recent[index]!;
      if (!shape.has(samples)) continue;
      if (index > 0) recent.splice(index, 1), recent.unshift(shape);
      return shape;
    }
    const shape = this.#shapeFrom(samples.map((sample) => this.#seriesFrom(wordsOf(sample))));
    recent.unshift(shape);
    recent.length = Math.min(recent.length, REMEMBERED_SHAPES);
    return shape;
  }

  /** The shape that a line tells. Throws when it is not known. */
  shape(field: string): Shape {
    const shape = field.startsWith("[") ? this.#written(JSON.parse(field)) : this.#shapes[Number(field)];
    if (!shape) throw new Error(`Cannot read line: shape ${field} is not known`);
    return shape;
  }

  /** What must go into the commit together with a first use of `shape`. */
  fresh(shape: Shape): Entry[] {
    return [shape, ...shape.series.filter((series) => !series.stored)];
  }

  /** Reads the stored entries; returns how many could not be read. */
  async load(kv: Deno.Kv): Promise<number> {
    let damaged = 0;
    await each<SeriesWords>(kv, this.#keys.series, (number, words) => {
      if (words) this.#addSeries(number, words, true);
      else damaged++, this.#series[number] = undefined;
    });
    await each<number[]>(kv, this.#keys.shape, (number, numbers) => {
      const series = numbers?.map((one) => this.#series[one]);
      if (series?.every((one) => one !== undefined)) this.#addShape(number, series, true);
      else damaged++, this.#shapes[number] = undefined;
    });
    return damaged;
  }

  #seriesFrom(words: SeriesWords): Series {
    const known = this.#series_by_words.get(JSON.stringify(words));
    if (known) return known;
    const full = this.#series_by_words.size >= MAX_SERIES;
    const overlong = words.some((word) => word !== null && word.length > MAX_WORD_LENGTH);
    return full || overlong
      ? new Series(-1, words, null, true)
      : this.#addSeries(this.#series.length, words, false);
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

  #addSeries(number: number, words: SeriesWords, stored: boolean): Series {
    const series = new Series(number, words, putMutation([...this.#keys.series, number], words), stored);
    this.#series[number] = series;
    this.#series_by_words.set(JSON.stringify(words), series);
    return series;
  }

  #addShape(number: number, series: readonly Series[], stored: boolean): Shape {
    const numbers = series.map((one) => one.number);
    const shape = new Shape(number, series, putMutation([...this.#keys.shape, number], numbers), stored);
    this.#shapes[number] = shape;
    this.#shape_by_series.set(nameOf(series), shape);
    return shape;
  }

  /** A shape that was written out. */
  #written(refs: SeriesRef[]): Shape {
    const series = refs.map((ref) =>
      typeof ref === "number" ? this.#series[ref] : new Series(-1, ref, null, true)
    );
    if (!series.every((one) => one !== undefined)) {
      throw new Error("Cannot read line: a series in it is not known");
    }
    return new Shape(-1, series, null, true);
  }
}

function nameOf(series: readonly Series[]): string {
  return series.map(({ number }) => number).join(" ");
}

function wordsOf(
  sample: { [word in keyof Omit<RawSampledValue, "value">]: string | undefined },
): SeriesWords {
  const { measurand, unit, phase, context, location, format } = sample;
  return [measurand ?? null, unit ?? null, phase ?? null, context ?? null, location ?? null, format ?? null];
}

/** Calls `found` with each numbered record below `prefix`, null for one that cannot be read. */
async function each<T>(
  kv: Deno.Kv,
  prefix: Deno.KvKey,
  found: (number: number, record: T | null) => void,
): Promise<void> {
  for await (const { key, value } of kv.list<Uint8Array>({ prefix: [...prefix] }, { batchSize: 500 })) {
    let record: T | null = null;
    try {
      record = fromBytes<T>(value);
    } catch {
      // counted by the caller: one bad row must not keep the gateway from starting
    }
    found(Number(key.at(-1)), record);
  }
}
