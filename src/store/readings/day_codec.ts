// The sums of a charger's readings by hour of a day, as they are stored. Pure functions.
//
// Format, most significant bit first: version (8 bits); varint: number of connectors; `numbers`: their ids; for each the
// hours (24 bits) that have chunks, and `numbers`: the sequence of the last message in each. Varint: number of series;
// for each: varint: index of its connector; its reference as in chunks; the hours (24 bits) that have readings;
// `numbers`: their count; 1 bit: the times of the last ones are those of the series before, else `numbers`: ms since the
// hour began; 1 bit: there are sums; decimals (4 bits); `numbers`, as integers with these decimals: least, greatest less
// least, greatest less last, sum less count times least. With 15 decimals all these are floats. CRC-32 as in chunks.
import { BitReader, BitWriter } from "./bits.ts";
import { checkSealed, readRef, sealed, type SeriesRef, writeRef } from "./chunk.ts";
import { MAX_DECIMALS, TEN_TO } from "./decimal.ts";

/** The sums of a series in some hours; the arrays have an element for each of `hours`. */
export interface HourValues {
  connector_id: number;
  ref: SeriesRef;
  /** Ascending, 0 to 23. */
  hours: readonly number[];
  count: Float64Array;
  /** null: of a register. */
  sum: Float64Array | null;
  min: Float64Array;
  max: Float64Array;
  last: Float64Array;
  /** ms since 1970. */
  last_at: Float64Array;
}

/** A charger's day. */
export interface DayValues {
  /** The sequence of the last message in an hour's chunks, by connector; 24 numbers, 0: there is no chunk. */
  upto: Map<number, Float64Array>;
  series: HourValues[];
}

const VERSION = 1;
const HOURS = 24;
const HOUR = 3_600_000;
/** Arrays of numbers of a series, at most: count, times, least, greatest, last, sum. */
const ARRAYS = 6;
const FLOATS = 15;
const MAX_DIGITS = 2 ** 48;
/** A sum of floats differs from that of the decimals by far less of the last digit. */
const NOISE = 1e-3;

/** Encodes a day; `day` is counted since 1970. */
export function encodeDay({ upto, series }: DayValues, day: number): Uint8Array {
  const writer = new BitWriter(1024);
  const connectors = [...upto.keys()];
  writer.bits(VERSION, 8);
  writer.varint(connectors.length);
  writer.numbers(connectors);
  for (const of_hour of upto.values()) {
    const hours = Array.from(of_hour.keys()).filter((hour) => of_hour[hour]! > 0);
    writer.bits(bitsOf(hours), HOURS);
    writer.numbers(hours.map((hour) => of_hour[hour]!));
  }
  writer.varint(series.length);
  let times: Float64Array = new Float64Array();
  for (const values of series) {
    writer.varint(connectors.indexOf(values.connector_id));
    writeRef(writer, values.ref);
    writeValues(writer, values, { day, times });
    times = values.last_at;
  }
  return sealed(writer);
}

/** Writes the values of a series; `times` are those of the series before. */
function writeValues(
  writer: BitWriter,
  values: HourValues,
  { day, times }: { day: number; times: Float64Array },
): void {
  const { hours, count, sum, last_at } = values;
  writer.bits(bitsOf(hours), HOURS);
  writer.numbers(count);
  const isSame = last_at.length === times.length && last_at.every((time, index) => time === times[index]);
  writer.bits(isSame ? 1 : 0, 1);
  if (!isSame) writer.numbers(hours.map((hour, index) => last_at[index]! - (day * HOURS + hour) * HOUR));
  writer.bits(sum ? 1 : 0, 1);
  const decimals = decimalsFor(values);
  writer.bits(decimals, 4);
  if (decimals === FLOATS) writeFloats(writer, values);
  else writeDigits(writer, values, TEN_TO[decimals]!);
}

function writeDigits(writer: BitWriter, { count, sum, min, max, last }: HourValues, scale: number): void {
  const [least, greatest, newest] = [min, max, last].map((values) => scaled(values, scale)) as Triple;
  writer.numbers(least);
  writer.numbers(greatest.map((digits, index) => digits - least[index]!));
  writer.numbers(greatest.map((digits, index) => digits - newest[index]!));
  if (sum) writer.numbers(scaled(sum, scale).map((digits, index) => digits - count[index]! * least[index]!));
}

type Triple = [Float64Array, Float64Array, Float64Array];

function writeFloats(writer: BitWriter, { sum, min, max, last }: HourValues): void {
  for (const values of [min, max, last, sum ?? new Float64Array()]) {
    const bytes = new DataView(new ArrayBuffer(8));
    for (const value of values) {
      bytes.setFloat64(0, value);
      for (let index = 0; index < 8; index += 2) writer.bits(bytes.getUint16(index), 16);
    }
  }
}

/** Returns the number of decimals that say all values exactly; FLOATS: none does. */
function decimalsFor({ count, sum, min, max, last }: HourValues): number {
  for (let decimals = 0; decimals <= MAX_DECIMALS; decimals++) {
    const scale = TEN_TO[decimals]!;
    const fits = (value: number) => {
      const digits = Math.round(value * scale);
      return Math.abs(digits) < MAX_DIGITS && digits / scale === value;
    };
    const fitsSum = (value: number, index: number) =>
      Math.abs(value * scale) < MAX_DIGITS && Math.abs(count[index]! * min[index]! * scale) < MAX_DIGITS &&
      Math.abs(Math.round(value * scale) - value * scale) < NOISE;
    if ([min, max, last].every((values) => values.every(fits)) && (sum?.every(fitsSum) ?? true)) {
      return decimals;
    }
  }
  return FLOATS;
}

function scaled(values: Float64Array, scale: number): Float64Array {
  return values.map((value) => Math.round(value * scale));
}

/** Checks the checksum of a day; true: each has one. Throws DamagedError, or Error for an unknown version. */
export function checkDay(bytes: Uint8Array): boolean {
  checkSealed(bytes, "sums of readings");
  if (bytes[0] !== VERSION) throw new Error(`Cannot read sums of readings: version ${bytes[0]} is not known`);
  return true;
}

/** Decodes a day. Throws DamagedError, or Error for an unknown version. */
export function decodeDay(bytes: Uint8Array, day: number): DayValues {
  checkDay(bytes);
  const reader = new BitReader(bytes, 1);
  const upto = readUpto(reader);
  const connectors = [...upto.keys()];
  const series: HourValues[] = [];
  const count_of_series = reader.varint();
  const room = new Float64Array(count_of_series * HOURS * ARRAYS);
  let used = 0;
  // One array for all: to make thousands of small ones takes longer than to read them.
  const numbers = (count: number) => reader.fill(room.subarray(used, used += count));
  let times: Float64Array = new Float64Array();
  while (series.length < count_of_series) {
    const connector_id = connectors[reader.varint()]!;
    const ref = readRef(reader);
    const hours = hoursIn(reader.bits(HOURS));
    const count = numbers(hours.length);
    if (reader.bits(1) === 0) times = timesOf(numbers(hours.length), hours, day);
    series.push({ connector_id, ref, hours, count, last_at: times, ...readValues(reader, count, numbers) });
  }
  return { upto, series };
}

/** Turns ms since the hours began into ms since 1970. */
function timesOf(times: Float64Array, hours: readonly number[], day: number): Float64Array {
  for (let index = 0; index < times.length; index++) times[index]! += (day * HOURS + hours[index]!) * HOUR;
  return times;
}

function readUpto(reader: BitReader): Map<number, Float64Array> {
  const connectors = reader.numbers(reader.varint());
  return new Map(Array.from(connectors, (connector_id) => {
    const of_hour = new Float64Array(HOURS);
    const hours = hoursIn(reader.bits(HOURS));
    for (const [index, upto] of reader.numbers(hours.length).entries()) of_hour[hours[index]!] = upto;
    return [connector_id, of_hour];
  }));
}

function readValues(
  reader: BitReader,
  count: Float64Array,
  numbers: (count: number) => Float64Array,
): Pick<HourValues, "sum" | "min" | "max" | "last"> {
  const hasSum = reader.bits(1) === 1;
  const decimals = reader.bits(4);
  const { length } = count;
  if (decimals === FLOATS) {
    const [min, max, last] = Array.from({ length: 3 }, () => readFloats(reader, length)) as Triple;
    return { min, max, last, sum: hasSum ? readFloats(reader, length) : null };
  }
  const scale = TEN_TO[decimals]!;
  const min = numbers(length);
  const max = numbers(length);
  const last = numbers(length);
  const sum = hasSum ? numbers(length) : null;
  for (let index = 0; index < length; index++) { // hot: once an hour and series
    const least = min[index]!;
    const greatest = least + max[index]!;
    if (sum) sum[index] = (sum[index]! + count[index]! * least) / scale;
    last[index] = (greatest - last[index]!) / scale;
    max[index] = greatest / scale;
    min[index] = least / scale;
  }
  return { min, max, last, sum };
}

function readFloats(reader: BitReader, count: number): Float64Array {
  const bytes = new DataView(new ArrayBuffer(8));
  return Float64Array.from({ length: count }, () => {
    for (let index = 0; index < 8; index += 2) bytes.setUint16(index, reader.bits(16));
    return bytes.getFloat64(0);
  });
}

/** Returns hours as bits, the lowest one for hour 0. */
function bitsOf(hours: readonly number[]): number {
  return hours.reduce((bits, hour) => bits | 1 << hour, 0);
}

function hoursIn(bits: number): number[] {
  const hours: number[] = [];
  for (let hour = 0; hour < HOURS; hour++) if (bits >>> hour & 1) hours.push(hour);
  return hours;
}
