// Parser of uploaded CSV: RFC 4180, and what spreadsheets make of it. Separate from csv.ts, so that it is loaded only for an import.

const SEPARATORS = [",", ";", "\t"] as const;
const SEPARATOR_LINE = /^sep=([,;\t])\r?\n/i;

/** A row of a table. */
export interface CsvRow {
  /** The line that it begins in, from 1. */
  line: number;
  cells: string[];
}

/**
 * Returns the rows of a CSV text, without empty ones. Cells may be quoted, and then hold separators, quotes and line ends; others
 * are trimmed. Separators are commas, semicolons or tabs, by the first line; line ends CR, LF or both.
 */
export function parseCsv(text: string): CsvRow[] {
  const named = SEPARATOR_LINE.exec(text.replace(/^\ufeff/, ""));
  const body = text.replace(/^\ufeff/, "").slice(named?.[0].length ?? 0);
  const parser = new CsvParser(body, named?.[1] ?? separatorOf(body), named ? 2 : 1);
  return [...parser.rows()].filter(({ cells }) => cells.some((cell) => cell !== ""));
}

/** Returns the text of a file: UTF-8, UTF-16 with a byte order mark, or Windows-1252, of which Latin-1 is a part. */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The separator that the first line has most of. */
function separatorOf(text: string): string {
  const head = (/^[^\r\n]*/.exec(text)?.[0] ?? "").replaceAll(/"[^"]*"/g, "");
  const counts = SEPARATORS.map((separator) => head.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))]!;
}

class CsvParser {
  readonly #text: string;
  readonly #plain: RegExp;
  #at = 0;
  #line: number;

  constructor(text: string, separator: string, line: number) {
    this.#text = text;
    this.#plain = new RegExp(`[^${separator}\r\n]*`, "y");
    this.#line = line;
  }

  *rows(): Generator<CsvRow> {
    while (this.#at < this.#text.length) {
      const row: CsvRow = { line: this.#line, cells: [this.#cell()] };
      while (this.#at < this.#text.length && !this.#ends()) {
        this.#at++;
        row.cells.push(this.#cell());
      }
      yield row;
    }
  }

  /** Passes a line end, if there is one. */
  #ends(): boolean {
    const sign = this.#text[this.#at];
    if (sign !== "\r" && sign !== "\n") return false;
    this.#at += this.#text.startsWith("\r\n", this.#at) ? 2 : 1;
    this.#line++;
    return true;
  }

  #cell(): string {
    const start = this.#at + (/[ ]*/y.exec(this.#text.slice(this.#at, this.#at + 100))?.[0].length ?? 0);
    if (this.#text[start] !== '"') return this.#rest().trim();
    let text = "";
    this.#at = start;
    do {
      const from = this.#at + 1;
      const end = this.#text.indexOf('"', from);
      this.#at = end < 0 ? this.#text.length : end + 1;
      text += this.#text.slice(from, end < 0 ? undefined : end);
      if (this.#text[this.#at] === '"') text += '"';
    } while (this.#text[this.#at] === '"');
    this.#line += text.split(/\r\n|\r|\n/).length - 1;
    return text + this.#rest().trimEnd();
  }

  /** Passes what stands before the next separator or line end. */
  #rest(): string {
    this.#plain.lastIndex = this.#at;
    const text = this.#plain.exec(this.#text)?.[0] ?? "";
    this.#at += text.length;
    return text;
  }
}
