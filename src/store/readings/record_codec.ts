// The journal's record codec: one message as a line of text.
//
// Fields, separated by tabs: charger, connector[.flags], [transaction][:transaction in the payload], received (ms from
// the page's base); for each MeterValue: time (ms from received) with its notation, shape, values. The notation is
// empty for ISO with milliseconds, `z` without, `x` for no timestamp, else the text as JSON. All characters are
// printable ASCII.
import { asciiJson, fromAscii } from "./ascii.ts";
import { MAX_NUMBER } from "./bits.ts";
import type { Dictionary, Shape } from "./dictionary.ts";
import type { RawMeterValue } from "./sample.ts";

/** A MeterValues.req, or the transactionData of a StopTransaction.req. */
export interface MeterMessage {
  charger_id: string;
  connector_id: number;
  transaction_id: number | null;
  /** ms since 1970, by the gateway's clock. */
  received: number;
  /** The time of each meter value, ms since 1970. */
  at: number[];
  /** As received. */
  meter_value: RawMeterValue[];
  /** True if it becomes the charger's last meter values. */
  last: boolean;
  /** The payload's transactionId if it differs from `transaction_id`; null: the payload had none. */
  request_transaction_id?: number | null;
}

/** Flag: the message does not become the charger's last meter values. */
export const SILENT = 1;
/** Flag: the record continues the message of the one before, which was too long. */
export const CONTINUED = 2;
/** Flag: the record's first MeterValue continues the last one of the record before. */
export const SAME_VALUE = 4;

const TAB = 9, SPACE = 32, QUOTE = 34, MINUS = 45, DOT = 46, ZERO = 48, NINE = 57, COLON = 58, TILDE = 126;
const LETTER_X = 120, LETTER_Z = 122, CAPITAL_Z = 90;
const DAY = 86_400_000;

/** A writer of records. Bytes past the end of the buffer are dropped; the returned end tells. */
export class RecordWriter {
  #day = NaN;
  #date = "";

  /** Writes `message` at `start`. Returns the end of the record. */
  write(bytes: Uint8Array, start: number, message: MeterMessage, record: RecordContext): number {
    const { connector_id, meter_value } = message;
    const received = Math.floor(message.received);
    let end = putText(bytes, start, record.charger);
    bytes[end++] = TAB;
    end = putNumber(bytes, end, connector_id);
    if (record.flags > 0) {
      bytes[end++] = DOT;
      bytes[end++] = ZERO + record.flags;
    }
    bytes[end++] = TAB;
    end = putTransaction(bytes, end, message);
    bytes[end++] = TAB;
    end = putNumber(bytes, end, received - record.base);
    for (let index = 0; index < meter_value.length; index++) {
      const { timestamp, sampledValue } = meter_value[index]!;
      bytes[end++] = TAB;
      const at = message.at[index]!;
      end = this.#putTime(bytes, end, timestamp, isTime(at) ? at : received, received);
      bytes[end++] = TAB;
      end = putText(bytes, end, record.shapes[index]!.field);
      for (let sample = 0; sample < sampledValue.length; sample++) {
        bytes[end++] = TAB;
        end = putValue(bytes, end, sampledValue[sample]!.value);
      }
    }
    return end;
  }

  #putTime(
    bytes: Uint8Array,
    start: number,
    timestamp: string | undefined,
    at: number,
    received: number,
  ): number {
    let end = putNumber(bytes, start, at - received);
    if (timestamp === undefined) bytes[end++] = LETTER_X;
    else if (!this.#isIso(timestamp, at)) end = putText(bytes, end, asciiJson(timestamp));
    else if (timestamp.length === 20) bytes[end++] = LETTER_Z;
    return end;
  }

  /** Returns true if `text` is `at` as by toISOString, with or without milliseconds. */
  #isIso(text: string, at: number): boolean {
    const length = text.length;
    if ((length !== 24 && length !== 20) || text.charCodeAt(length - 1) !== CAPITAL_Z) return false;
    const day = Math.floor(at / DAY);
    if (day !== this.#day) {
      this.#day = day;
      this.#date = new Date(day * DAY).toISOString().slice(0, 11);
    }
    if (!text.startsWith(this.#date) || text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) {
      return false;
    }
    const minute = twoDigits(text, 14), second = twoDigits(text, 17);
    if (minute > 59 || second > 59) return false;
    const ms = length === 20
      ? 0
      : text.charCodeAt(19) === DOT
      ? twoDigits(text, 20) * 10 + digit(text, 22)
      : NaN;
    return twoDigits(text, 11) * 3_600_000 + minute * 60_000 + second * 1_000 + ms === at - day * DAY;
  }
}

/** The parts of a record that are not in the message. */
export interface RecordContext {
  /** The charger's id by `toAscii`. */
  charger: string;
  flags: number;
  /** The shape of each MeterValue. */
  shapes: readonly Shape[];
  /** ms since 1970; `received` counts from here. */
  base: number;
}

/** Returns true for an integer of ms that a chunk can hold. */
function isTime(at: number): boolean {
  return Number.isInteger(at) && Math.abs(at) <= MAX_NUMBER;
}

function putText(bytes: Uint8Array, end: number, text: string): number {
  for (let index = 0; index < text.length; index++) bytes[end++] = text.charCodeAt(index);
  return end;
}

/** Writes a text as by `toAscii`, without an intermediate string. */
function putValue(bytes: Uint8Array, start: number, text: string): number {
  let end = start;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < SPACE || code > TILDE || (code === QUOTE && index === 0)) {
      return putText(bytes, start, asciiJson(text));
    }
    bytes[end++] = code;
  }
  return end;
}

function putNumber(bytes: Uint8Array, end: number, value: number): number {
  if (!(Math.abs(value) < 0x40000000) || value !== (value | 0)) return putText(bytes, end, String(value));
  let rest = value | 0;
  if (rest < 0) {
    bytes[end++] = MINUS;
    rest = -rest;
  }
  let stop = end + 1;
  for (let limit = 10; rest >= limit; limit *= 10) stop++;
  for (let index = stop - 1; index >= end; index--) {
    const tenth = (rest / 10) | 0;
    bytes[index] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
  return stop;
}

function putTransaction(bytes: Uint8Array, end: number, message: MeterMessage): number {
  const { transaction_id, request_transaction_id } = message;
  if (transaction_id !== null) end = putNumber(bytes, end, transaction_id);
  if (request_transaction_id === undefined) return end;
  bytes[end++] = COLON;
  return request_transaction_id === null ? end : putNumber(bytes, end, request_transaction_id);
}

function digit(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= ZERO && code <= NINE ? code - ZERO : NaN;
}

function twoDigits(text: string, index: number): number {
  return digit(text, index) * 10 + digit(text, index + 1);
}

/** A MeterValue of a record. */
export interface RecordValue {
  /** ms since 1970. */
  at: number;
  shape: Shape;
  values: string[];
  /** The notation of its timestamp. */
  writing: string;
}

/** A decoded record. */
export interface JournalRecord {
  connector_id: number;
  flags: number;
  transaction_id: number | null;
  request_transaction_id: number | null | undefined;
  received: number;
  meter_value: RecordValue[];
}

/** Decodes a record. Throws Error if it is damaged or refers to an unknown dictionary entry. */
export function readRecord(text: string, base: number, dictionary: Dictionary): JournalRecord {
  const fields = text.split("\t");
  const [connector, flags] = fields[1]!.split(".");
  const received = base + Number(fields[3]);
  const meter_value: RecordValue[] = [];
  for (let index = 4; index < fields.length;) {
    const time = fields[index]!;
    const digits = /^-?\d+(?:e\+\d+)?/.exec(time)?.[0] ?? "";
    const shape = dictionary.shape(fields[index + 1]!);
    const next = index + 2 + shape.refs.length;
    if (digits === "" || fields.length < next) throw new Error("Cannot read record: it is truncated");
    const values: string[] = [];
    for (index += 2; index < next; index++) values.push(fromAscii(fields[index]!));
    meter_value.push({ at: received + Number(digits), writing: time.slice(digits.length), shape, values });
  }
  return {
    connector_id: Number(connector),
    flags: Number(flags ?? 0),
    received,
    meter_value,
    ...transactionsOf(fields[2]!),
  };
}

function transactionsOf(field: string): Pick<JournalRecord, "transaction_id" | "request_transaction_id"> {
  const colon = field.indexOf(":");
  if (colon < 0) return { transaction_id: numberOrNull(field), request_transaction_id: undefined };
  return {
    transaction_id: numberOrNull(field.slice(0, colon)),
    request_transaction_id: numberOrNull(field.slice(colon + 1)),
  };
}

function numberOrNull(text: string): number | null {
  return text === "" ? null : Number(text);
}

/** Returns the message of a record. */
export function messageOf(charger_id: string, record: JournalRecord): MeterMessage {
  const { connector_id, transaction_id, request_transaction_id, received, meter_value } = record;
  return {
    charger_id,
    connector_id,
    transaction_id,
    received,
    at: meter_value.map(({ at }) => at),
    meter_value: meter_value.map(toMeterValue),
    last: (record.flags & SILENT) === 0,
    ...(request_transaction_id === undefined ? {} : { request_transaction_id }),
  };
}

/** Joins a message that was split; `flags` are those of the second record. */
export function joined(first: MeterMessage, second: MeterMessage, flags: number): MeterMessage {
  const { at, meter_value } = first;
  const [value] = second.meter_value;
  const last = meter_value.at(-1);
  if ((flags & SAME_VALUE) === 0 || !value || !last) {
    return { ...first, at: [...at, ...second.at], meter_value: [...meter_value, ...second.meter_value] };
  }
  const whole = { ...last, sampledValue: [...last.sampledValue, ...value.sampledValue] };
  return {
    ...first,
    at: [...at, ...second.at.slice(1)],
    meter_value: [...meter_value.slice(0, -1), whole, ...second.meter_value.slice(1)],
  };
}

function toMeterValue({ at, writing, shape, values }: RecordValue): RawMeterValue {
  const sampledValue = values.map((value, index) => shape.series[index]!.sample(value));
  if (writing === "x") return { sampledValue } as unknown as RawMeterValue; // some chargers send no timestamp
  if (writing.startsWith('"')) return { timestamp: JSON.parse(writing), sampledValue };
  const iso = new Date(at).toISOString();
  return { timestamp: writing === "z" ? `${iso.slice(0, 19)}Z` : iso, sampledValue };
}
