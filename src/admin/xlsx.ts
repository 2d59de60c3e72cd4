// Excel files with one sheet, in a ZIP without compression.

/** The content of a cell. */
export type Cell = string | number | Date | null;

const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";

const FILES: Record<string, string> = {
  "[Content_Types].xml":
    `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
  "_rels/.rels":
    `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  "xl/workbook.xml":
    `<workbook xmlns="${MAIN}" xmlns:r="${RELS}"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>`,
  "xl/_rels/workbook.xml.rels":
    `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${RELS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${RELS}/styles" Target="styles.xml"/></Relationships>`,
  "xl/styles.xml":
    `<styleSheet xmlns="${MAIN}"><fonts count="2"><font/><font><b/></font></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>`,
};

/** Returns rows as a file; the first row is the head, in bold. Times are in the browser's time zone. */
export function xlsx(rows: readonly (readonly Cell[])[]): Promise<Blob> {
  const body = rows.map((row, index) =>
    `<row>${row.map((cell) => cellText(cell, index === 0)).join("")}</row>`
  ).join("");
  const sheet = `<worksheet xmlns="${MAIN}"><sheetData>${body}</sheetData></worksheet>`;
  const files = Object.entries({ ...FILES, "xl/worksheets/sheet1.xml": sheet });
  const parts = zip(files.map(([name, text]) => ({ name, bytes: new TextEncoder().encode(HEAD + text) })));
  return Promise.resolve(new Blob(parts, { type: TYPE }));
}

function cellText(cell: Cell, bold: boolean): string {
  if (cell === null) return "<c/>";
  if (cell instanceof Date) return `<c s="2"><v>${serial(cell)}</v></c>`;
  if (typeof cell === "number") return `<c><v>${cell}</v></c>`;
  return `<c t="inlineStr"${bold ? ' s="1"' : ""}><is><t xml:space="preserve">${escape(cell)}</t></is></c>`;
}

/** Returns days since 1899-12-30, the unit of spreadsheets. */
function serial(date: Date): number {
  return (date.getTime() - date.getTimezoneOffset() * 60_000) / 86_400_000 + 25_569;
}

function escape(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, "").replace(
    /[&<>]/g,
    (sign) => `&#${sign.charCodeAt(0)};`,
  );
}

/** Returns an uncompressed ZIP archive (APPNOTE 4.3). */
function zip(files: { name: string; bytes: Uint8Array<ArrayBuffer> }[]): Uint8Array<ArrayBuffer>[] {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const central: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const common = [
      20,
      0,
      0,
      0,
      0x21,
      ...uint32(crc32(bytes)),
      ...uint32(bytes.length),
      ...uint32(bytes.length),
      name.length,
      0,
    ];
    const title = new TextEncoder().encode(name);
    const local = shorts([0x4b50, 0x0403, ...common]);
    central.push(shorts([0x4b50, 0x0201, 20, ...common, 0, 0, 0, 0, 0, ...uint32(offset)]), title);
    parts.push(local, title, bytes);
    offset += local.length + title.length + bytes.length;
  }
  const size = central.reduce((sum, { length }) => sum + length, 0);
  const end = shorts([
    0x4b50,
    0x0605,
    0,
    0,
    files.length,
    files.length,
    ...uint32(size),
    ...uint32(offset),
    0,
  ]);
  return [...parts, ...central, end];
}

function uint32(number: number): [number, number] {
  return [number & 0xffff, number >>> 16];
}

function shorts(values: number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(values.flatMap((value) => [value & 0xff, value >> 8]));
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
