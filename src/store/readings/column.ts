// A column of a chunk: the values of one series, as texts that are preserved byte for byte.
import { fromAscii, toAscii } from "./ascii.ts";
import { type BitReader, type BitWriter, MAX_NUMBER } from "./bits.ts";
import { decimalsOf, decimalText, digitsOf, hasTrailingZero, MAX_DECIMALS, TEN_TO } from "./decimal.ts";

/** The notation of a column's numbers: a fixed number of decimals, or up to that number without trailing zeros. */
interface Notation {
  decimals: number;
  trim: boolean;
}

/** A decoded column. */
export class Column {
  readonly #notation: Notation;
  readonly #digits: Float64Array;
  readonly #raw: Map<number, string> | null;

  constructor(notation: Notation, digits: Float64Array, raw: Map<number, string> | null) {
    this.#notation = notation;
    this.#digits = digits;
    this.#raw = raw;
  }

  /** The values as integers, with what they are to be divided by; those that are raw texts count by their text. */
  get numbers(): { digits: Float64Array; divisor: number; raw: ReadonlyMap<number, string> | null } {
    return { digits: this.#digits, divisor: TEN_TO[this.#notation.decimals]!, raw: this.#raw };
  }

  /** Returns a value as received. */
  text(place: number): string {
    const { decimals, trim } = this.#notation;
    return this.#raw?.get(place) ?? decimalText(this.#digits[place]!, decimals, trim);
  }

  /** Returns a value as a number if it was a plain decimal, else the text as received. */
  value(place: number): number | string {
    return this.#raw?.get(place) ?? this.#digits[place]! / TEN_TO[this.#notation.decimals]!;
  }
}

/**
 * Encodes values: decimals (4 bits), trimmed (1), raw texts follow (1), [their count; gap and text of each], digits.
 */
export function writeColumn(writer: BitWriter, texts: readonly string[]): void {
  const { decimals, trim } = notationOf(texts);
  const digits = new Float64Array(texts.length);
  const raw: number[] = [];
  let before = 0;
  for (let place = 0; place < texts.length; place++) {
    const text = texts[place]!;
    const own = decimalsOf(text);
    const fits = own >= 0 && (trim ? own <= decimals && !hasTrailingZero(text, own) : own === decimals);
    const scaled = fits ? digitsOf(text) * TEN_TO[decimals - own]! : NaN;
    if (Math.abs(scaled) <= MAX_NUMBER) before = scaled;
    else raw.push(place);
    digits[place] = before;
  }
  writer.bits(decimals << 2 | (trim ? 2 : 0) | (raw.length > 0 ? 1 : 0), 6);
  if (raw.length > 0) writeRaw(writer, texts, raw);
  writer.numbers(digits);
}

/** Decodes a column of `count` values. */
export function readColumn(reader: BitReader, count: number): Column {
  const head = reader.bits(6);
  const raw = head & 1 ? readRaw(reader) : null;
  return new Column({ decimals: head >>> 2, trim: (head & 2) > 0 }, reader.numbers(count), raw);
}

/** Returns the notation of most values; the others are written as raw texts. */
function notationOf(texts: readonly string[]): Notation {
  const counts = new Int32Array(MAX_DECIMALS + 1);
  let trimmed = 0;
  let most_decimals = 0;
  for (const text of texts) {
    const decimals = decimalsOf(text);
    if (decimals < 0) continue;
    counts[decimals]!++;
    if (hasTrailingZero(text, decimals)) continue;
    trimmed++;
    if (decimals > most_decimals) most_decimals = decimals;
  }
  let common = 0;
  for (let decimals = 1; decimals <= MAX_DECIMALS; decimals++) {
    if (counts[decimals]! > counts[common]!) common = decimals;
  }
  return trimmed > counts[common]!
    ? { decimals: most_decimals, trim: true }
    : { decimals: common, trim: false };
}

function writeRaw(writer: BitWriter, texts: readonly string[], raw: readonly number[]): void {
  writer.varint(raw.length);
  let next = 0;
  for (const place of raw) {
    writer.varint(place - next);
    writer.ascii(toAscii(texts[place]!));
    next = place + 1;
  }
}

function readRaw(reader: BitReader): Map<number, string> {
  const raw = new Map<number, string>();
  let next = 0;
  for (let count = reader.varint(); count > 0; count--) {
    const place = next + reader.varint();
    raw.set(place, fromAscii(reader.ascii()));
    next = place + 1;
  }
  return raw;
}
