// The RFID table as CSV: what goes out comes in unchanged, also by way of a spreadsheet that writes it in its own language.
import type { Rfid } from "../../store/store.ts";
import { FORMULA } from "../csv.ts";
import type { CsvRow } from "../parse_csv.ts";
import { AmbiguousTime, type DateOrder, orderIn, readWrittenTime } from "../written_time.ts";

/** The columns that go out. */
export const RFID_COLUMNS = [
  "rfid",
  "allowed",
  "label",
  "expires_at",
  "parent_id_tag",
  "last_seen",
  "last_charger_id",
  "seen_only",
] as const;

/** A field of a tag that a table can set. */
type Field = "allowed" | "label" | "expires_at" | "parent_id_tag";

/** A tag as a row of the table has it. */
export interface ReadTag {
  line: number;
  tag: Pick<Rfid, "rfid"> & Partial<Pick<Rfid, Field>>;
}

/** The kinds of remarks about a table. The first six are errors: nothing is imported. */
export type CsvRemarkCode =
  | "no_rfid_column"
  | "flag"
  | "time"
  | "ambiguous_date"
  | "shortened_tag"
  | "invalid"
  | "lost_zeros"
  | "twice"
  | "unknown_column";

/** A remark about a line of a table. */
export interface CsvRemark {
  line: number;
  code: CsvRemarkCode;
  severity: "error" | "warning";
  /** One sentence without the line. */
  text: string;
  /** The column and the cell, or the tag that is meant. */
  values: Record<string, string>;
}

/** A table as it was read. */
export interface ReadTable {
  tags: ReadTag[];
  remarks: CsvRemark[];
}

/** The reader's zone, and the order of day and month in the language of the sender. */
export interface TableContext {
  time_zone: string;
  order: DateOrder;
}

/** Tags that spreadsheets take for numbers: of `12E10` they keep `1.2E+11`. */
const NUMBER_LIKE = /^'*\d+E\d+$/i;
/** The form that spreadsheets give them, and numbers of more than 15 digits. */
const SHORTENED = /^\d+([.,]\d+)?E\+\d+$/i;
/** TRUE and FALSE of spreadsheets in other languages: en, es, pt, it, de, fr, nl, pl, sv, da, no, fi; and what people write. */
const TRUE =
  /^(true|1|x|y|yes|si|sí|sim|verdadero|verdadeiro|vero|wahr|ja|vrai|oui|waar|prawda|tak|sant|sand|sann|tosi)$/i;
const FALSE =
  /^(false|0|n|no|não|falso|falsch|nein|faux|non|onwaar|nee|fałsz|nie|falskt|falsk|usann|epätosi)$/i;

/** Returns a tag for the table that goes out: tags that a spreadsheet would change get an apostrophe in front. */
export function rfidRow(rfid: Rfid): Record<string, unknown> {
  return {
    ...rfid,
    rfid: guarded(rfid.rfid),
    parent_id_tag: rfid.parent_id_tag && guarded(rfid.parent_id_tag),
  };
}

/** Reads a table whose first line names the columns. */
export function readRfidTable([head, ...rows]: CsvRow[], context: TableContext): ReadTable {
  const names = head?.cells.map((name) => name.trim().toLowerCase()) ?? [];
  const table: ReadTable = { tags: [], remarks: [] };
  if (!names.includes("rfid")) {
    const text = "The first line must name the columns, including rfid";
    table.remarks.push({ line: 1, code: "no_rfid_column", severity: "error", text, values: {} });
    return table;
  }
  const unknown = names.filter((name) => name !== "" && !(RFID_COLUMNS as readonly string[]).includes(name));
  for (const column of unknown) {
    table.remarks.push(warning(head!.line, "unknown_column", `Column ${column} is not used`, { column }));
  }
  const records = rows.map(({ line, cells }) => ({
    line,
    cells: Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""])),
  }));
  const order = orderIn(records.map(({ cells }) => cells.expires_at ?? "")) ?? context.order;
  for (const { line, cells } of records) {
    new RowReader(line, cells, table).read({ ...context, order });
  }
  return table;
}

/** Returns remarks about tags that are twice in a table, and that look like a known one without its zeros. */
export function doubtsOf(tags: readonly ReadTag[], known: Iterable<string>): CsvRemark[] {
  const remarks: CsvRemark[] = [];
  const upper = new Set([...known].map((rfid) => rfid.toUpperCase()));
  const whole = new Map(
    [...upper].filter((rfid) => /^0\d+$/.test(rfid)).map((rfid) => [rfid.replace(/^0+/, ""), rfid]),
  );
  const lines = new Map<string, number>();
  for (const { line, tag: { rfid } } of tags) {
    const meant = whole.get(rfid);
    if (meant && !upper.has(rfid)) {
      const text = `Tag ${rfid} is not known, but ${meant} is: a spreadsheet leaves zeros out`;
      remarks.push(warning(line, "lost_zeros", text, { rfid, meant }));
    }
    const before = lines.get(rfid.toUpperCase());
    if (before !== undefined) {
      const text = `Tag ${rfid} stands in line ${before} already; this line holds`;
      remarks.push(warning(line, "twice", text, { rfid, line: String(before) }));
    }
    lines.set(rfid.toUpperCase(), line);
  }
  return remarks;
}

function warning(line: number, code: CsvRemarkCode, text: string, values: Record<string, string>): CsvRemark {
  return { line, code, severity: "warning", text, values };
}

function guarded(tag: string): string {
  return NUMBER_LIKE.test(tag) || SHORTENED.test(tag.replace(/^'+/, "")) ? `'${tag}` : tag;
}

/** Returns a cell's text without the apostrophe that guards it. */
function unguarded(cell: string): string {
  const rest = cell.slice(1);
  const isGuarded = cell.startsWith("'") &&
    (FORMULA.test(rest) || NUMBER_LIKE.test(rest) || SHORTENED.test(rest.replace(/^'+/, "")));
  return isGuarded ? rest : cell;
}

class RowReader {
  readonly #line: number;
  readonly #cells: Readonly<Record<string, string>>;
  readonly #table: ReadTable;

  constructor(line: number, cells: Readonly<Record<string, string>>, table: ReadTable) {
    this.#line = line;
    this.#cells = cells;
    this.#table = table;
  }

  read(context: TableContext): void {
    const { rfid = "", label, expires_at, parent_id_tag } = this.#cells;
    const allowed = this.#flag("allowed");
    // tags that chargers have reported stay undecided until somebody allows them
    if (TRUE.test(this.#cells.seen_only ?? "") && !allowed) return;
    const parent = parent_id_tag && this.#tag("parent_id_tag", parent_id_tag);
    const tag: ReadTag["tag"] = {
      rfid: this.#tag("rfid", rfid),
      ...(allowed === null ? {} : { allowed }),
      ...(label === undefined ? {} : { label: unguarded(label) }),
      ...(expires_at === undefined ? {} : { expires_at: this.#time(expires_at, context) }),
      ...(parent_id_tag === undefined ? {} : { parent_id_tag: parent || null }),
    };
    this.#table.tags.push({ line: this.#line, tag });
  }

  #tag(column: string, cell: string): string {
    if (SHORTENED.test(cell)) {
      this.#wrong(
        "shortened_tag",
        column,
        `${column} ${cell} was shortened by a spreadsheet: enter the whole tag as text`,
      );
    }
    return unguarded(cell).trim();
  }

  #flag(column: string): boolean | null {
    const cell = this.#cells[column] ?? "";
    if (cell === "") return null;
    if (TRUE.test(cell)) return true;
    if (!FALSE.test(cell)) this.#wrong("flag", column, `${column} must be true or false`);
    return false;
  }

  #time(cell: string, { time_zone, order }: TableContext): string | null {
    if (cell === "") return null;
    try {
      const time = readWrittenTime(unguarded(cell), time_zone, order);
      if (time === null) this.#wrong("time", "expires_at", "expires_at must be a date, such as 2027-12-31");
      return time;
    } catch (error) {
      if (!(error instanceof AmbiguousTime)) throw error;
      const text = `expires_at ${cell} has two meanings: write it as 2027-12-31`;
      this.#wrong("ambiguous_date", "expires_at", text);
      return null;
    }
  }

  #wrong(code: CsvRemarkCode, column: string, text: string): void {
    const values = { column, cell: this.#cells[column] ?? "" };
    this.#table.remarks.push({ line: this.#line, code, severity: "error", text, values });
  }
}
