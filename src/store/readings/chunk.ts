// A chunk: the readings of one hour of a connector, in columns. Pure functions.
//
// Format, most significant bit first: version (8 bits); varints: upto, number of rows, number of columns, the series of
// each (number + 1, or 0 and JSON), number of shapes, the columns of each; `numbers`: times (ms), transactions (0:
// none, id + 1, negative ids unchanged), the shape of each row; the columns (column.ts); CRC-32 of everything before
// it, big endian.
import { asciiJson } from "./ascii.ts";
import { BitReader, BitWriter, MAX_NUMBER } from "./bits.ts";
import { type Column, readColumn, writeColumn } from "./column.ts";
import { crc32 } from "../kv/crc32.ts";
import { DamagedError } from "../kv/seal.ts";

/** The labels of a sampled value as received: measurand, unit, phase, context, location, format; null: absent. */
export type SeriesLabels = readonly (string | null)[];

/** A series: its number in the dictionary, or its labels. */
export type SeriesRef = number | SeriesLabels;

/** A MeterValue: `values[i]` belongs to `series[i]`. */
export interface ChunkRow {
  /** ms since 1970. */
  at: number;
  transaction_id: number | null;
  series: readonly SeriesRef[];
  values: readonly string[];
}

const VERSION = 1;
const CRC_BYTES = 4;

/** Encodes rows; `upto` is the sequence of the last message in them. */
export function encodeChunk(rows: readonly ChunkRow[], upto: number): Uint8Array {
  const layout = new Layout();
  const shape_of = rows.map((row) => layout.add(row));
  const writer = new BitWriter(256 + rows.length * 32);
  writer.bits(VERSION, 8);
  writer.varint(upto);
  writer.varint(rows.length);
  writer.varint(layout.refs.length);
  for (const ref of layout.refs) writeRef(writer, ref);
  writer.varint(layout.shapes.length);
  for (const columns of layout.shapes) {
    writer.varint(columns.length);
    for (const column of columns) writer.varint(column);
  }
  writer.numbers(rows.map((row) => row.at));
  writer.numbers(rows.map((row) => transactionCode(row.transaction_id)));
  writer.numbers(shape_of);
  for (const texts of layout.texts) writeColumn(writer, texts);
  return sealed(writer);
}

/** The columns of rows. A second value of the same series in a row has a column of its own. */
class Layout {
  readonly refs: SeriesRef[] = [];
  readonly texts: string[][] = [];
  readonly shapes: number[][] = [];
  readonly #columns = new Map<string, number>();
  readonly #known = new Map<readonly SeriesRef[] | string, number>();

  /** Appends a row's values to their columns. Returns the row's shape. */
  add({ series, values }: ChunkRow): number {
    const shape = this.#known.get(series) ?? this.#learn(series);
    const columns = this.shapes[shape]!;
    for (let index = 0; index < columns.length; index++) this.texts[columns[index]!]!.push(values[index]!);
    return shape;
  }

  #learn(series: readonly SeriesRef[]): number {
    const name = JSON.stringify(series);
    const shape = this.#known.get(name) ?? this.shapes.push(this.#columnsOf(series)) - 1;
    this.#known.set(name, shape).set(series, shape);
    return shape;
  }

  #columnsOf(series: readonly SeriesRef[]): number[] {
    const uses = new Map<string, number>();
    return series.map((ref) => {
      const name = JSON.stringify(ref);
      const use = uses.get(name) ?? 0;
      uses.set(name, use + 1);
      return this.#columns.get(`${use} ${name}`) ?? this.#newColumn(ref, `${use} ${name}`);
    });
  }

  #newColumn(ref: SeriesRef, key: string): number {
    this.texts.push([]);
    const column = this.refs.push(ref) - 1;
    this.#columns.set(key, column);
    return column;
  }
}

/** Writes the reference of a series: its number + 1, or 0 and its labels. */
export function writeRef(writer: BitWriter, ref: SeriesRef): void {
  if (typeof ref === "number") return writer.varint(ref + 1);
  writer.varint(0);
  writer.ascii(asciiJson(ref));
}

function transactionCode(transaction_id: number | null): number {
  if (transaction_id === null || !(Math.abs(transaction_id) < MAX_NUMBER)) return 0;
  return transaction_id >= 0 ? transaction_id + 1 : transaction_id;
}

/** Returns the bytes written, with their checksum behind them. */
export function sealed(writer: BitWriter): Uint8Array {
  const bytes = writer.finish(CRC_BYTES);
  new DataView(bytes.buffer).setUint32(
    bytes.length - CRC_BYTES,
    crc32(bytes.subarray(0, -CRC_BYTES)),
  );
  return bytes;
}

/** The series of a row and their columns, shared by rows with the same series. */
interface Shape {
  refs: readonly SeriesRef[];
  /** Indexes in `ChunkData.columns`. */
  columns: readonly number[];
}

interface ChunkData {
  upto: number;
  refs: readonly SeriesRef[];
  at: Float64Array;
  transactions: Float64Array;
  shapes: readonly Shape[];
  shape_of: Float64Array;
  columns: readonly Column[];
}

/** A column of a chunk: the values of a series; `rows` has the row of each, null: they are the row itself. */
export interface ChunkColumn {
  ref: SeriesRef;
  column: Column;
  rows: Int32Array | null;
}

/** A decoded chunk: rows by number, values by their index in the row. */
export class Chunk {
  readonly #data: ChunkData;
  /** Made when they are asked for: sums need none. */
  #places: Int32Array[] | null = null;
  /** The number of readings. */
  readonly readings: number;

  constructor(data: ChunkData) {
    this.#data = data;
    this.readings = data.shape_of.reduce((sum, shape) => sum + data.shapes[shape]!.columns.length, 0);
  }

  /** The sequence of the last message. */
  get upto(): number {
    return this.#data.upto;
  }

  /** The number of rows. */
  get rows(): number {
    return this.#data.at.length;
  }

  /** Returns a row's time, ms since 1970. */
  at(row: number): number {
    return this.#data.at[row]!;
  }

  /** Returns a row's transaction id. */
  transactionId(row: number): number | null {
    const code = this.#data.transactions[row]!;
    return code === 0 ? null : code > 0 ? code - 1 : code;
  }

  /** Returns a row's series, in the order of its values. */
  series(row: number): readonly SeriesRef[] {
    return this.#shape(row).refs;
  }

  /** Returns a value as received. */
  text(row: number, index: number): string {
    return this.#column(row, index).text(this.#place(row, index));
  }

  /** Returns a value as a number if it was a plain decimal, else the text as received. */
  value(row: number, index: number): number | string {
    return this.#column(row, index).value(this.#place(row, index));
  }

  /** Returns the columns: whoever sums up needs no rows. */
  columns(): ChunkColumn[] {
    const { refs, columns } = this.#data;
    const rows = this.#data.shapes.length > 1 ? rowsOf(this.#data) : null;
    return refs.map((ref, index) => ({ ref, column: columns[index]!, rows: rows?.[index] ?? null }));
  }

  /** Returns all rows as they were encoded. */
  allRows(): ChunkRow[] {
    return Array.from({ length: this.rows }, (_, row) => {
      const series = this.series(row);
      const values = series.map((_, index) => this.text(row, index));
      return { at: this.at(row), transaction_id: this.transactionId(row), series, values };
    });
  }

  #shape(row: number): Shape {
    return this.#data.shapes[this.#data.shape_of[row]!]!;
  }

  #column(row: number, index: number): Column {
    return this.#data.columns[this.#shape(row).columns[index]!]!;
  }

  #place(row: number, index: number): number {
    if (this.#data.shapes.length < 2) return row;
    return (this.#places ??= placesOf(this.#data))[row]![index]!;
  }
}

/** Returns the positions of each row's values in their columns. */
function placesOf({ shapes, shape_of, columns }: ChunkData): Int32Array[] {
  const used = new Int32Array(columns.length);
  return Array.from(
    shape_of,
    (shape) => Int32Array.from(shapes[shape]!.columns, (column) => used[column]!++),
  );
}

/** Returns the row of each value of each column. */
function rowsOf({ shapes, shape_of, columns }: ChunkData): Int32Array[] {
  const rows = columns.map(({ numbers }) => new Int32Array(numbers.digits.length));
  const used = new Int32Array(columns.length);
  for (let row = 0; row < shape_of.length; row++) {
    for (const column of shapes[shape_of[row]!]!.columns) rows[column]![used[column]!++] = row;
  }
  return rows;
}

/** Decodes a chunk. Throws DamagedError, or Error for an unknown version. */
export function decodeChunk(bytes: Uint8Array): Chunk {
  checkChunk(bytes);
  const reader = new BitReader(bytes, 1);
  const upto = reader.varint();
  const rows = reader.varint();
  const refs = times(reader.varint(), () => readRef(reader));
  const shapes = times(reader.varint(), () => shapeOf(times(reader.varint(), () => reader.varint()), refs));
  const at = reader.numbers(rows);
  const transactions = reader.numbers(rows);
  const shape_of = reader.numbers(rows);
  const counts = new Int32Array(refs.length);
  for (const shape of shape_of) for (const column of shapes[shape]!.columns) counts[column]!++;
  const columns = refs.map((_, column) => readColumn(reader, counts[column]!));
  return new Chunk({ upto, refs, at, transactions, shapes, shape_of, columns });
}

/** Returns the sequence of the last message in a chunk. Throws as `decodeChunk`. */
export function uptoOf(bytes: Uint8Array): number {
  checkChunk(bytes);
  return new BitReader(bytes, 1).varint();
}

/** Checks a chunk's checksum; true: each has one. Throws DamagedError, or Error for an unknown version. */
export function checkChunk(bytes: Uint8Array): boolean {
  checkSealed(bytes, "chunk");
  if (bytes[0] !== VERSION) throw new Error(`Cannot read chunk: version ${bytes[0]} is not known`);
  return true;
}

/** Checks the checksum behind bytes; `name` is for the error. Throws DamagedError. */
export function checkSealed(bytes: Uint8Array, name: string): void {
  const end = bytes.length - CRC_BYTES;
  if (end < 1) throw new DamagedError(`Cannot read ${name}: it is truncated`);
  const crc = new DataView(bytes.buffer, bytes.byteOffset).getUint32(end);
  if (crc !== crc32(bytes.subarray(0, end))) {
    throw new DamagedError(`Cannot read ${name}: its checksum is wrong`);
  }
}

/** Reads the reference of a series. */
export function readRef(reader: BitReader): SeriesRef {
  const number = reader.varint();
  return number > 0 ? number - 1 : JSON.parse(reader.ascii()) as SeriesLabels;
}

function shapeOf(columns: number[], refs: readonly SeriesRef[]): Shape {
  return { columns, refs: columns.map((column) => refs[column]!) };
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
