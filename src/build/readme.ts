// `deno task readme`: writes the table of settings into README.md, from their schema.
import { SettingsSchema } from "../store/settings.ts";

const README = new URL("../../README.md", import.meta.url);
const BEGIN = "<!-- settings: written by `deno task readme` -->\n\n";
const END = "\n<!-- end of settings -->";

/** The part of a setting's schema that the table shows. */
interface Setting {
  default?: unknown;
  description?: string;
  type?: string;
  enum?: string[];
  anyOf?: { minimum?: number; maximum?: number }[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  "x-unit"?: string;
}

/** Returns README.md's text with the current table of settings. Throws Error if the table's marks are missing. */
export function withSettings(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error("Cannot write README.md: the marks around the table of settings are missing");
  }
  return readme.slice(0, begin + BEGIN.length) + settingsTable() + readme.slice(end);
}

function settingsTable(): string {
  const rows = Object.entries(SettingsSchema.properties as Record<string, Setting>).map((
    [name, schema],
  ) => [`\`${name}\``, `\`${JSON.stringify(schema.default)}\``, valuesOf(schema), schema.description ?? ""]);
  const table = [["setting", "default", "values", "meaning"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const line = (row: string[]) => `| ${row.map((cell, n) => cell.padEnd(widths[n]!)).join(" | ")} |\n`;
  return [line(table[0]!), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("");
}

function valuesOf(schema: Setting): string {
  const { anyOf, maxLength, minimum, maximum } = schema;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.type === "boolean") return "`true`, `false`";
  if (anyOf) return `${anyOf[0]?.minimum} to ${anyOf[0]?.maximum}, or \`null\``;
  if (minimum !== undefined) return `${minimum} to ${maximum} ${schema["x-unit"] ?? ""}`.trim();
  return maxLength === undefined ? "text" : `text, up to ${maxLength} characters`;
}

if (import.meta.main) await Deno.writeTextFile(README, withSettings(await Deno.readTextFile(README)));
