// XLSX files as other programs read them: exceljs, and openpyxl where Python has it. Both run as programs of their own, and
// print the sheets as JSON. exceljs must: it brings types of Node.js 14, which would take the place of the present ones.

/** A cell: a time is ISO 8601 without a zone, as a spreadsheet has none. */
export type ReadCell = string | number | boolean | null | { time: string };

const EXCELJS = `
import ExcelJS from "npm:exceljs@4.4.0";
import { Buffer } from "node:buffer";
const parts = [];
for await (const part of Deno.stdin.readable) parts.push(part);
const book = new ExcelJS.Workbook();
await book.xlsx.load(Buffer.concat(parts));
const cellOf = (value) => value instanceof Date ? { time: value.toISOString().slice(0, 19) } : value;
const rowsOf = (sheet) => Array.from({ length: sheet.rowCount }, (_, row) =>
  Array.from({ length: sheet.columnCount }, (_, column) => cellOf(sheet.getCell(row + 1, column + 1).value)));
console.log(JSON.stringify(book.worksheets.map(rowsOf)));
`;

const OPENPYXL = `
import datetime, io, json, sys, openpyxl
book = openpyxl.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
def cell(value):
    return {"time": value.isoformat(timespec="seconds")} if isinstance(value, datetime.datetime) else value
print(json.dumps([[[cell(value) for value in row] for row in sheet.iter_rows(values_only=True)] for sheet in book]))
`;

const PYTHON = Deno.env.get("OPENPYXL_PYTHON") ?? "python3";

/** True if Python (OPENPYXL_PYTHON, else python3) has openpyxl. */
export function hasOpenpyxl(): boolean {
  try {
    const args = ["-c", "import openpyxl"];
    return new Deno.Command(PYTHON, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

/** Returns the rows of each sheet as openpyxl reads them. */
export function readByOpenpyxl(file: Uint8Array): Promise<ReadCell[][][]> {
  return read(PYTHON, ["-c", OPENPYXL], file);
}

/** Returns the rows of each sheet as exceljs reads them. */
export function readByExceljs(file: Uint8Array): Promise<ReadCell[][][]> {
  const lock = new URL("exceljs.lock", import.meta.url).pathname;
  return read(
    Deno.execPath(),
    ["eval", "--quiet", "--no-config", "--frozen", `--lock=${lock}`, EXCELJS],
    file,
  );
}

async function read(program: string, args: string[], file: Uint8Array): Promise<ReadCell[][][]> {
  const child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped", stderr: "piped" }).spawn();
  const sent = new Blob([file.slice()]).stream().pipeTo(child.stdin).catch(() => {});
  const { success, stdout, stderr } = await child.output();
  await sent;
  if (!success) throw new Error(`${program} cannot read the file: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}
