// What a CSV import will do, before it is sent.
import type { Rfid } from "../../types.ts";

/** What becomes of a row. */
export interface ImportRow {
  rfid: string;
  kind: "created" | "changed" | "same";
  /** `label: "Ana"`, for those that change. */
  changes: string[];
}

/** What becomes of a file. */
export interface ImportPreview {
  valid: boolean;
  rows: ImportRow[];
}

/** Compares a CSV text with the cards there are. */
export function previewOf(text: string, known: readonly Rfid[]): ImportPreview {
  const [head = [], ...rows] = rowsOf(text);
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

/** Rows of RFC 4180. */
export function rowsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  let field = "";
  let quoted = false;
  const body = text.replace(/^\ufeff/, "");
  for (let at = 0; at <= body.length; at++) {
    const sign = body[at];
    if (quoted && sign !== undefined) {
      if (sign !== '"') field += sign;
      else if (body[at + 1] === '"') field += body[at++];
      else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === "," || sign === "\n" || sign === undefined) {
      rows.at(-1)!.push(field.trim());
      field = "";
      if (sign === "\n") rows.push([]);
    } else if (sign !== "\r") field += sign;
  }
  return rows.filter((row) => row.some((cell) => cell !== ""));
}
