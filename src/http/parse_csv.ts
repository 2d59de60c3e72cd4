// Parser of uploaded CSV (RFC 4180). Separate from csv.ts, so that it is loaded only for an import.
// @ts-types="@types/papaparse"
import Papa from "papaparse";

/** Returns the rows of a CSV text, cells trimmed, without empty rows. Quoted cells may hold commas, quotes and line ends. */
export function parseCsv(text: string): string[][] {
  const body = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const { data } = Papa.parse<string[]>(body, { delimiter: ",", newline: "\n" });
  return data.map((row) => row.map((cell) => cell.trim())).filter((row) => row.some((cell) => cell !== ""));
}
