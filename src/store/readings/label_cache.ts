// The labels of series by their number in the dictionary.
import type { SeriesRef } from "./chunk.ts";
import type { Dictionary } from "./dictionary.ts";
import { type ReadingLabels, readingLabels } from "./reading.ts";

/** The labels of series, each looked up once. */
export class LabelCache {
  readonly #dictionary: Dictionary;
  readonly #by_number: ReadingLabels[] = [];

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary;
  }

  of(ref: SeriesRef): ReadingLabels {
    if (typeof ref !== "number") return readingLabels(ref);
    return this.#by_number[ref] ??= this.#lookUp(ref);
  }

  #lookUp(number: number): ReadingLabels {
    const series = this.#dictionary.series(number);
    if (!series) return readingLabels([`Unknown.${number}`, null, null, null, null, null]);
    return readingLabels(series.labels);
  }
}
