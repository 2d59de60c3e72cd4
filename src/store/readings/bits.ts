// Bit streams: integers as varints and as Rice-coded differences.

const ESCAPE = 20; // this many ones announce a number in full
const CONSTANT = 31; // instead of a number of low bits: all differences are 0
const MAX_LOW = 24;
const MAX_LENGTH = 53;
const WORD_BITS = 25; // so many bits of a word are valid, wherever in its first byte it begins

/** The greatest magnitude of integers for `numbers`. */
export const MAX_NUMBER = 2 ** 49; // a second difference, zigzag encoded, then fits 53 bits

/** A writer of bits with a growing buffer. */
export class BitWriter {
  #bytes: Uint8Array;
  #length = 0;
  #pending = 0;
  #pending_bits = 0;

  constructor(size = 1024) {
    this.#bytes = new Uint8Array(size);
  }

  /** Writes the low `count` (at most 24) bits of `value`. */
  bits(value: number, count: number): void {
    this.#pending = (this.#pending << count) | value;
    this.#pending_bits += count;
    while (this.#pending_bits >= 8) {
      this.#pending_bits -= 8;
      if (this.#length === this.#bytes.length) this.#grow();
      this.#bytes[this.#length++] = this.#pending >>> this.#pending_bits;
    }
    this.#pending &= (1 << this.#pending_bits) - 1;
  }

  /** Writes an integer from 0 to 2^53, seven bits per byte. */
  varint(value: number): void {
    while (value >= 128) {
      this.bits(value % 128 | 128, 8);
      value = Math.floor(value / 128);
    }
    this.bits(value, 8);
  }

  /** Writes a text of ASCII characters. */
  ascii(text: string): void {
    this.varint(text.length);
    for (let index = 0; index < text.length; index++) this.bits(text.charCodeAt(index), 8);
  }

  /** Writes integers of at most `MAX_NUMBER`: the first one, then Rice-coded differences of the shortest order. */
  numbers(values: ArrayLike<number>): void {
    if (values.length === 0) return;
    const { order, low } = shortest(values);
    this.bits(order, 2);
    this.bits(low, 5);
    const first = values[0]!;
    this.varint(zigzag(first));
    if (low === CONSTANT) return;
    let before = first;
    let slope = 0;
    for (let index = 1; index < values.length; index++) {
      const value = values[index]!;
      const step = value - before;
      this.#rice(zigzag(order === 0 ? value - first : order === 1 ? step : step - slope), low);
      slope = step;
      before = value;
    }
  }

  #rice(value: number, low: number): void {
    const ones = value < 0x80000000 ? value >>> low : ESCAPE;
    if (ones >= ESCAPE) return this.#long(value);
    this.bits((1 << (ones + 1)) - 2, ones + 1);
    if (low > 0) this.bits(value & ((1 << low) - 1), low);
  }

  #long(value: number): void {
    const length = bitLength(value);
    this.bits((1 << ESCAPE) - 1, ESCAPE);
    this.bits(length, 6);
    for (let rest = length; rest > 0;) {
      const count = Math.min(rest, MAX_LOW);
      rest -= count;
      this.bits(Math.floor(value / 2 ** rest) % 2 ** count, count);
    }
  }

  #grow(): void {
    const bytes = new Uint8Array(this.#bytes.length * 2);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }

  /** Returns the written bits, padded to whole bytes and followed by `room` zero bytes. */
  finish(room = 0): Uint8Array {
    if (this.#pending_bits > 0) this.bits(0, 8 - this.#pending_bits);
    const bytes = new Uint8Array(this.#length + room);
    bytes.set(this.#bytes.subarray(0, this.#length));
    return bytes;
  }
}

/** A reader of a BitWriter's bits. At least four more bytes must follow the last bit. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #position: number;

  constructor(bytes: Uint8Array, start = 0) {
    this.#bytes = bytes;
    this.#position = start * 8;
  }

  /** Returns at least the next 25 bits, in the upper end of 32. */
  #word(): number {
    const bytes = this.#bytes;
    const index = this.#position >>> 3;
    const word = bytes[index]! << 24 | bytes[index + 1]! << 16 | bytes[index + 2]! << 8 | bytes[index + 3]!;
    return word << (this.#position & 7);
  }

  /** Reads `count` (at most 24) bits. */
  bits(count: number): number {
    const value = count === 0 ? 0 : this.#word() >>> (32 - count);
    this.#position += count;
    return value;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1;; scale *= 128) {
      const byte = this.bits(8);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  ascii(): string {
    const length = this.varint();
    let text = "";
    for (let index = 0; index < length; index++) text += String.fromCharCode(this.bits(8));
    return text;
  }

  /** Reads `count` integers. */
  numbers(count: number): Float64Array {
    return this.fill(new Float64Array(count));
  }

  /** Reads integers into `values`, as many as these are. Returns them. */
  fill(values: Float64Array): Float64Array {
    const count = values.length;
    if (count === 0) return values;
    const order = this.bits(2);
    const low = this.bits(5);
    const first = unzigzag(this.varint());
    if (low === CONSTANT) return values.fill(first);
    values[0] = first;
    this.#differences(values, low);
    if (order === 1) { for (let index = 1; index < count; index++) values[index]! += values[index - 1]!; }
    else if (order === 0) { for (let index = 1; index < count; index++) values[index]! += first; }
    else sumTwice(values);
    return values;
  }

  /** Reads all numbers but the first as they are encoded. Hot: it holds the reader's state itself. */
  #differences(values: Float64Array, low: number): void {
    const bytes = this.#bytes;
    let position = this.#position;
    for (let index = 1; index < values.length; index++) {
      const at = position >>> 3;
      const word = (bytes[at]! << 24 | bytes[at + 1]! << 16 | bytes[at + 2]! << 8 | bytes[at + 3]!) <<
        (position & 7);
      const ones = Math.clz32(~word);
      const end = ones + 1;
      let value = ones;
      if (ones < ESCAPE && end + low <= WORD_BITS) {
        if (low > 0) value = ones << low | (word << end) >>> (32 - low);
        position += end + low;
      } else {
        this.#position = position;
        value = this.#rice(low);
        position = this.#position;
      }
      values[index] = value < 0x80000000 ? (value >>> 1) ^ -(value & 1) : unzigzag(value);
    }
    this.#position = position;
  }

  #rice(low: number): number {
    const ones = Math.clz32(~this.#word());
    if (ones >= ESCAPE) return this.#long();
    this.#position += ones + 1;
    return low === 0 ? ones : (ones << low) + this.bits(low);
  }

  #long(): number {
    this.#position += ESCAPE;
    let value = 0;
    for (let rest = this.bits(6); rest > 0;) {
      const count = Math.min(rest, MAX_LOW);
      rest -= count;
      value = value * 2 ** count + this.bits(count);
    }
    return value;
  }
}

/** Turns differences of differences into values, after the first one. */
function sumTwice(values: Float64Array): void {
  let slope = 0;
  for (let index = 1; index < values.length; index++) {
    slope += values[index]!;
    values[index] = values[index - 1]! + slope;
  }
}

/** Returns the shortest encoding: differences (0: from the first, 1: from the previous, 2: of those) and low bits. */
function shortest(values: ArrayLike<number>): { order: number; low: number } {
  const lengths = [
    new Int32Array(MAX_LENGTH + 1),
    new Int32Array(MAX_LENGTH + 1),
    new Int32Array(MAX_LENGTH + 1),
  ] as const;
  const first = values[0]!;
  let before = first;
  let slope = 0;
  for (let index = 1; index < values.length; index++) {
    const value = values[index]!;
    const step = value - before;
    lengths[0][bitLength(zigzag(value - first))]!++;
    lengths[1][bitLength(zigzag(step))]!++;
    lengths[2][bitLength(zigzag(step - slope))]!++;
    slope = step;
    before = value;
  }
  if (lengths[0][0] === values.length - 1) return { order: 0, low: CONSTANT };
  const candidates = lengths.map((counts, order) => ({ order, ...bestLow(counts) }));
  return candidates.reduce((best, candidate) => candidate.size < best.size ? candidate : best);
}

function bestLow(counts: Int32Array): { low: number; size: number } {
  let from = 0;
  while (counts[from] === 0) from++;
  let to = MAX_LENGTH;
  while (counts[to] === 0) to--;
  let best = { low: 0, size: Infinity };
  for (let low = Math.min(Math.max(0, from - 2), MAX_LOW); low <= Math.min(to, MAX_LOW); low++) {
    const size = sizeWith(low, counts, from, to);
    if (size < best.size) best = { low, size };
  }
  return best;
}

/** Returns the approximate number of bits of numbers with these lengths. */
function sizeWith(low: number, counts: Int32Array, from: number, to: number): number {
  let size = 0;
  for (let length = from; length <= to; length++) {
    const more = length - low;
    const ones = more <= 0 ? 0 : 0.75 * (1 << more); // on average
    size += counts[length]! * (more < 5 ? low + 1 + ones : ESCAPE + 6 + length);
  }
  return size;
}

function bitLength(value: number): number {
  return value < 0x80000000 ? 32 - Math.clz32(value) : 64 - Math.clz32(value / 0x100000000);
}

function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

function unzigzag(value: number): number {
  if (value < 0x80000000) return (value >>> 1) ^ -(value & 1);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
