// XLSX answers (ECMA-376): one sheet, written row by row as it is sent, so that its length does not matter to the memory.
import { localClock } from "./local_clock.ts";

/**
 * The kind of a column's cells: `time` is a date with the time of day on the zone's clocks, to the second, from ms since 1970
 * or ISO 8601; `date` a day, from `YYYY-MM-DD`.
 */
export type CellKind = "text" | "number" | "time" | "date";

/** A column of a sheet. */
export interface SheetColumn<T> {
  head: string;
  kind: CellKind;
  /** The decimals that are shown of a number; left out: as many as it has. */
  decimals?: number;
  /** Characters; left out: by the kind and the head. */
  width?: number;
  /** Returns the content of a record's cell; null: empty. */
  cell(record: T): string | number | null;
}

/** A sheet to write. */
export interface Sheet<T> {
  columns: readonly SheetColumn<T>[];
  records: AsyncIterable<T> | Iterable<T>;
  /** The zone of times, by its name in the tz database. It stands in the heads of their columns. */
  time_zone: string;
}

/** The media type of XLSX. */
export const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const WIDTHS: Record<CellKind, number> = { text: 16, number: 12, time: 20, date: 12 };
const LONGEST_TEXT = 32_767; // what a cell of Excel holds

/** Streams a sheet as the file `<name>.xlsx`. Texts are never formulas. Records after row 1,048,576 go into further sheets. */
export async function xlsxResponse<T>(name: string, sheet: Sheet<T>): Promise<Response> {
  const { writeXlsxStream } = await import("hucre/xlsx");
  const body = writeXlsxStream(rowsOf(sheet), {
    name,
    columns: sheet.columns.map((column) => styleOf(column, headOf(column, sheet.time_zone))),
    freezePane: { rows: 1 },
  });
  return new Response(body, {
    headers: { "content-type": XLSX, "content-disposition": `attachment; filename="${name}.xlsx"` },
  });
}

function headOf({ head, kind }: SheetColumn<never>, time_zone: string): string {
  return kind === "time" ? `${head} (${time_zone})` : head;
}

function styleOf({ kind, decimals, width }: SheetColumn<never>, header: string) {
  const format = formatOf(kind, decimals);
  return {
    header,
    width: width ?? Math.max(WIDTHS[kind], header.length + 2),
    ...(format === null ? {} : { numFmt: format }),
  };
}

function formatOf(kind: CellKind, decimals: number | undefined): string | null {
  if (kind === "time") return "yyyy-mm-dd hh:mm:ss";
  if (kind === "date") return "yyyy-mm-dd";
  if (kind === "number" && decimals !== undefined) return decimals === 0 ? "0" : `0.${"0".repeat(decimals)}`;
  return null;
}

/** The content of a cell; a Date is what its UTC fields say. */
type Cell = string | number | Date | null;

async function* rowsOf<T>({ columns, records, time_zone }: Sheet<T>): AsyncGenerator<Cell[]> {
  const clock = localClock(time_zone);
  for await (const record of records) {
    yield columns.map(({ kind, cell }) => cellOf(kind, cell(record), clock));
  }
}

function cellOf(kind: CellKind, value: string | number | null, clock: (at: number) => number): Cell {
  if (value === null || value === "") return null;
  if (kind === "text") return plainText(String(value));
  if (kind === "number") return typeof value === "number" && Number.isFinite(value) ? value : String(value);
  const at = typeof value === "number" ? value : Date.parse(value);
  if (Number.isNaN(at)) return String(value);
  return new Date(kind === "date" ? at : Math.floor(clock(at) / 1000) * 1000);
}

/** Returns a text without what XML cannot hold, as long as a cell may be. */
function plainText(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.toWellFormed().replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd").slice(
    0,
    LONGEST_TEXT,
  );
}
