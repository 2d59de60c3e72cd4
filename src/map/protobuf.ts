// Protocol buffers, read from bytes that nobody vouches for: never past the end, and always a step on.

const VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5;
const decoder = new TextDecoder();

/** Reads one message: `while (reader.next()) …` */
export class Reader {
  /** The field that `next` has found. */
  field = 0;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  #type = 0;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  /** Goes to the next field; false: there is none. Throws Error. */
  next(): boolean {
    if (this.done) return false;
    const key = this.varint();
    this.field = Math.floor(key / 8);
    this.#type = key % 8;
    return true;
  }

  /** An unsigned number below 2^53. Throws Error. */
  varint(): number {
    const first = this.#byte();
    if (first < 128) return first;
    let value = first & 127;
    for (let factor = 128; factor < 2 ** 53; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      if (byte < 128) return checked(value);
    }
    throw new Error("holds a number that is too large");
  }

  /** A signed number in zigzag. Throws Error. */
  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Where the field's bytes are. Throws Error. */
  span(): [at: number, end: number] {
    if (this.#type !== BYTES) throw new Error("holds a field of a wrong type");
    const length = this.varint();
    const at = this.#at;
    this.#move(length);
    return [at, this.#at];
  }

  /** A reader of the field's bytes. Throws Error. */
  message(): Reader {
    return new Reader(this.#bytes, ...this.span());
  }

  /** The field as text; empty where it is longer than `max` bytes. Throws Error. */
  text(max: number): string {
    const [at, end] = this.span();
    return end - at > max ? "" : decoder.decode(this.#bytes.subarray(at, end));
  }

  /** The field as a number, whatever its type. Throws Error. */
  number(): number {
    const { buffer, byteOffset } = this.#bytes;
    const at = this.#at;
    if (this.#type === VARINT) return this.varint();
    this.skip();
    const view = new DataView(buffer, byteOffset + at, this.#at - at);
    return this.#type === FIXED32 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  }

  /** Leaves the field out. Throws Error. */
  skip(): void {
    if (this.#type === VARINT) { while (this.#byte() > 127); }
    else if (this.#type === BYTES) this.span();
    else if (this.#type === FIXED64) this.#move(8);
    else if (this.#type === FIXED32) this.#move(4);
    else throw new Error("holds a field of an unknown type");
  }

  #byte(): number {
    if (this.done) throw new Error("ends within a number");
    return this.#bytes[this.#at++]!;
  }

  #move(length: number): void {
    if (length > this.#end - this.#at) throw new Error("ends within a field");
    this.#at += length;
  }
}

function checked(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new Error("holds a number that is too large");
}
