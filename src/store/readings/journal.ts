// The journal (write-ahead log): messages that are not compacted yet, as text records in pages. Memory and database
// hold the same bytes.
//
// A stored value is a line `1 <base ms> <CRC>`, then the records (record_codec.ts), one per line. The first record's
// sequence is in the key; each further one's is one higher. The CRC-32C of all but itself is written as eight letters
// from a to p, so that it cannot be taken for a part of the number before it; values of older programs have none.
import { toAscii } from "./ascii.ts";
import { crc32c } from "../kv/crc32.ts";
import type { Mutation } from "../kv/mutation.ts";
import { DamagedError } from "../kv/seal.ts";
import type { Dictionary, Entry, Shape } from "./dictionary.ts";
import {
  CONTINUED,
  type JournalRecord,
  type MeterMessage,
  readRecord,
  RecordWriter,
  SAME_VALUE,
  SILENT,
} from "./record_codec.ts";

const PAGE_BYTES = 32_768;
const PAGE_REST = 1_024; // a page with less room is full: writing past its end is slow
const LONG_RECORD = 30_000; // longer ones are split if possible
const LONGEST_RECORD = 45_000; // fits into one chunk
const MAX_VALUE_BYTES = 50_000;
const LONGEST_NUMBER = 24;
const VERSION = 1;
const NEWLINE = 10;
const LETTER_A = 97;
const HEAD = /^(\d+) (-?\d{1,17})(?: ([a-p]{8}))?$/;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A buffer of records, one after the other. */
export interface Page {
  readonly bytes: Uint8Array;
  /** ms since 1970; the records' times of receipt count from here. */
  readonly base: number;
  used: number;
  /** The first bytes as text, decoded on demand. */
  text: string;
}

/** A record's place in the journal. */
export interface Row {
  /** The sequence among all records of the site. */
  readonly n: number;
  readonly charger: ChargerMemtable;
  readonly flags: number;
  readonly page: Page;
  readonly start: number;
  readonly end: number;
  /** Dictionary entries to store in the same commit. */
  readonly fresh: readonly Entry[] | null;
}

/** The part of one charger of the memtable. */
export class ChargerMemtable {
  /** The id as written in records. */
  readonly field: string;
  /** Committed rows, oldest first. */
  rows: Row[] = [];
  /** The shapes used last, newest first. */
  readonly recent: Shape[] = [];
  /** The last MeterValues.req: its rows, or its payload as JSON once that is stored. */
  last: { rows: Row[] | null; json: string | null } | null = null;

  constructor(readonly charger_id: string) {
    this.field = toAscii(charger_id);
  }
}

/** Writes messages as rows into pages. */
export class Journal {
  readonly #dictionary: Dictionary;
  readonly #writer = new RecordWriter();
  #page: Page = newPage(0, 0);
  /** The sequence of the newest row. */
  sequence = 0;

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary;
  }

  /** Writes a message as one row, a long one as several. Throws TypeError, writing nothing, for too long a sample. */
  rowsOf(message: MeterMessage, charger: ChargerMemtable): Row[] {
    const page = this.#page;
    const { used } = page;
    const rows: Row[] = [];
    try {
      this.#write(message, charger, message.last ? 0 : SILENT, rows);
    } catch (error) {
      this.#page = page;
      page.used = used;
      throw error;
    }
    this.sequence += rows.length;
    return rows;
  }

  #write(message: MeterMessage, charger: ChargerMemtable, flags: number, rows: Row[]): void {
    const row = this.#rowOf(message, charger, flags, this.sequence + rows.length + 1);
    if (row) {
      rows.push(row);
      return;
    }
    const [first, second, same_value] = halves(message)!;
    this.#write(first, charger, flags, rows);
    this.#write(second, charger, flags & ~SAME_VALUE | CONTINUED | (same_value ? SAME_VALUE : 0), rows);
  }

  /** Writes a message as one row; null: it is so long that it must be split. */
  #rowOf(message: MeterMessage, charger: ChargerMemtable, flags: number, n: number): Row | null {
    const shapes = message.meter_value.map(({ sampledValue }) =>
      this.#dictionary.shapeOf(sampledValue, charger.recent)
    );
    let page = this.#pageFor(message, PAGE_REST);
    let end = this.#writeAt(page, message, charger, flags, shapes);
    const length = end - page.used;
    if (length > LONG_RECORD && halves(message)) return null;
    if (length > LONGEST_RECORD) throw new TypeError(`Cannot store a sampled value of ${length} bytes`);
    if (end > page.bytes.length) {
      page = this.#pageFor(message, length + LONGEST_NUMBER);
      end = this.#writeAt(page, message, charger, flags, shapes);
    }
    const start = page.used;
    page.used = end;
    return { n, charger, flags, page, start, end, fresh: this.#fresh(shapes) };
  }

  #pageFor({ received }: MeterMessage, room: number): Page {
    if (this.#page.bytes.length - this.#page.used >= room) return this.#page;
    return this.#page = newPage(Math.max(PAGE_BYTES, room), Math.floor(received));
  }

  #writeAt(
    page: Page,
    message: MeterMessage,
    charger: ChargerMemtable,
    flags: number,
    shapes: Shape[],
  ): number {
    const context = { charger: charger.field, flags, shapes, base: page.base };
    const end = this.#writer.write(page.bytes, page.used, message, context);
    page.bytes[end] = NEWLINE;
    return end + 1;
  }

  #fresh(shapes: Shape[]): Entry[] | null {
    let fresh: Entry[] | null = null;
    for (const shape of shapes) if (!shape.stored) fresh = [...fresh ?? [], ...this.#dictionary.fresh(shape)];
    return fresh;
  }

  /** Decodes a row's record. Throws Error if it is damaged. */
  read(row: Row): JournalRecord {
    return readRecord(textOf(row), row.page.base, this.#dictionary);
  }
}

/** Splits a message in two; the flag: both share a MeterValue. Null: it has one sample only. */
function halves(message: MeterMessage): [MeterMessage, MeterMessage, boolean] | null {
  const { at, meter_value } = message;
  if (meter_value.length > 1) {
    const middle = meter_value.length >> 1;
    const first = { ...message, at: at.slice(0, middle), meter_value: meter_value.slice(0, middle) };
    return [first, { ...message, at: at.slice(middle), meter_value: meter_value.slice(middle) }, false];
  }
  const [value] = meter_value;
  if (!value || value.sampledValue.length < 2) return null;
  const middle = value.sampledValue.length >> 1;
  const first = { ...value, sampledValue: value.sampledValue.slice(0, middle) };
  const second = { ...value, sampledValue: value.sampledValue.slice(middle) };
  return [{ ...message, meter_value: [first] }, { ...message, meter_value: [second] }, true];
}

function newPage(size: number, base: number): Page {
  return { bytes: new Uint8Array(size), base, used: 0, text: "" };
}

/** Returns a row's record as text. */
export function textOf({ page, start, end }: Row): string {
  if (page.text.length < end) page.text = decoder.decode(page.bytes.subarray(0, page.used));
  return page.text.slice(start, end - 1);
}

/** Returns the journal values of one commit, below `prefix`: adjacent rows of a page share a value. */
export function journalValues(rows: readonly Row[], prefix: Deno.KvKey): Mutation[] {
  const values: Mutation[] = [];
  for (let from = 0; from < rows.length;) {
    const first = rows[from]!;
    let to = from + 1;
    while (
      to < rows.length && goesOn(rows[to - 1]!, rows[to]!) && rows[to]!.end - first.start <= MAX_VALUE_BYTES
    ) to++;
    const lines = first.page.bytes.subarray(first.start, rows[to - 1]!.end);
    values.push({ key: [...prefix, first.n], value: valueOf(first.page.base, lines) });
    from = to;
  }
  return values;
}

function valueOf(base: number, lines: Uint8Array): Uint8Array {
  const start = `${VERSION} ${base}`;
  const head = encoder.encode(`${start} ${lettersOf(checksumOf(start, lines))}\n`);
  const value = new Uint8Array(head.length + lines.length);
  value.set(head);
  value.set(lines, head.length);
  return value;
}

function checksumOf(start: string, lines: Uint8Array): number {
  return crc32c(lines, crc32c(encoder.encode(start)));
}

function lettersOf(crc: number): string {
  let letters = "";
  for (let shift = 28; shift >= 0; shift -= 4) {
    letters += String.fromCharCode(LETTER_A + (crc >>> shift & 15));
  }
  return letters;
}

function goesOn(before: Row, row: Row): boolean {
  return row.page === before.page && row.start === before.end && row.n === before.n + 1;
}

/** Returns the base of a stored value and the start of its lines. Throws DamagedError, or Error for an unknown version. */
export function openJournalValue(bytes: Uint8Array): { base: number; start: number; sealed: boolean } {
  const end = bytes.indexOf(NEWLINE);
  const [head = "", version, base, letters] =
    HEAD.exec(decoder.decode(bytes.subarray(0, Math.max(end, 0)))) ??
      [];
  if (head === "") throw new DamagedError("Cannot read journal: its first line is damaged");
  if (Number(version) !== VERSION) throw new Error(`Cannot read journal: version ${version} is not known`);
  const start = end + 1;
  if (letters !== undefined) {
    const crc = checksumOf(head.slice(0, -letters.length - 1), bytes.subarray(start));
    if (letters !== lettersOf(crc)) throw new DamagedError("Cannot read journal: its checksum is wrong");
  }
  return { base: Number(base), start, sealed: letters !== undefined };
}

/** Checks a stored value; returns false for one without a checksum. Throws as `openJournalValue`. */
export function checkJournalValue(bytes: Uint8Array): boolean {
  return openJournalValue(bytes).sealed;
}

/** Returns the rows in a stored value. Throws DamagedError, or Error for an unknown version. */
export function rowsIn(
  bytes: Uint8Array,
  first_n: number,
  charger: (charger_field: string) => ChargerMemtable,
): Row[] {
  const head = openJournalValue(bytes);
  const text = decoder.decode(bytes);
  const page: Page = { bytes, base: head.base, used: bytes.length, text };
  const rows: Row[] = [];
  let start = head.start;
  for (let end = text.indexOf("\n", start) + 1; end > 0; start = end, end = text.indexOf("\n", start) + 1) {
    const [field, connector] = text.slice(start, end - 1).split("\t", 2);
    const flags = Number(connector?.split(".")[1] ?? 0);
    rows.push({ n: first_n + rows.length, charger: charger(field!), flags, page, start, end, fresh: null });
  }
  return rows;
}
