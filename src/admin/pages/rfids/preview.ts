// The preview of a CSV import.
import { parseCsv } from "../../../http/parse_csv.ts";
import type { Rfid } from "../../types.ts";

/** A row, and the change that its import makes. */
export interface ImportRow {
  rfid: string;
  kind: "created" | "changed" | "same";
  /** The cells that change: `label: Ana`. */
  changes: string[];
}

/** A file's rows; not valid: it has no column `rfid`. */
export interface ImportPreview {
  valid: boolean;
  rows: ImportRow[];
}

/** Returns the changes that a CSV text would make to the known cards. */
export function previewOf(text: string, known: readonly Rfid[]): ImportPreview {
  const [head = [], ...rows] = parseCsv(text);
  const column = head.indexOf("rfid");
  if (column < 0) return { valid: false, rows: [] };
  const cards = new Map(known.map((card) => [card.rfid.toUpperCase(), card]));
  return {
    valid: true,
    rows: rows.map((row) => compare(head, row, cards.get((row[column] ?? "").toUpperCase()))),
  };
}

function compare(head: string[], row: string[], card: Rfid | undefined): ImportRow {
  const cells = Object.fromEntries(head.map((name, index) => [name, row[index] ?? ""]));
  const changes = ["allowed", "label", "expires_at", "parent_id_tag"].filter((name) => {
    const cell = cells[name];
    if (cell === undefined || (name === "allowed" && cell === "")) return false;
    return plain(name, cell) !== plain(name, String(card?.[name as keyof Rfid] ?? ""));
  }).map((name) => `${name}: ${cells[name]}`);
  return { rfid: cells.rfid!, kind: !card ? "created" : changes.length ? "changed" : "same", changes };
}

function plain(name: string, text: string): string {
  if (name === "allowed") return String(/^(true|1|yes|si|sí)$/i.test(text));
  if (name === "expires_at" && text !== "") return String(Date.parse(text));
  return name === "label" ? text.replace(/^'(?=[=+\-@])/, "") : text;
}
