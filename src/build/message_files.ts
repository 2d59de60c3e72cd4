// The admin's messages as data files, one for each language; a browser loads one of them.
import type * as Esbuild from "esbuild";
import { type DataFile, dataFile } from "./data_file.ts";
import { columnOf, type Language, LANGUAGES, type Messages } from "../i18n/messages.ts";

/** The file of one language's messages, JSON: table → key → text. */
export interface MessageFile extends DataFile {
  language: Language;
}

/** Returns the files of all tables in a folder. Throws Error if two tables have the same name. */
export async function messageFiles(folder: URL): Promise<MessageFile[]> {
  const tables: Record<string, Messages> = {};
  for await (const { name: file } of Deno.readDir(folder)) {
    for (const [name, table] of Object.entries(await tablesOf(new URL(file, folder)))) {
      if (name in tables) throw new Error(`Two tables of messages have the name ${name}`);
      tables[name] = table;
    }
  }
  const sorted = Object.entries(tables).sort(([a], [b]) => a < b ? -1 : 1);
  return LANGUAGES.map((language) => fileOf(language, sorted));
}

/** Returns the esbuild plugin that replaces a table in the scripts by its name; the texts are in the language's file. */
export const tableNames: Esbuild.Plugin = {
  name: "table names",
  setup(build) {
    build.onLoad({ filter: /\/src\/i18n\/admin\/\w+\.ts$/ }, async ({ path }) => {
      const names = Object.keys(await tablesOf(new URL(`file://${path}`)));
      return { contents: names.map((name) => `export const ${name} = "${name}";`).join("\n"), loader: "js" };
    });
  },
};

async function tablesOf(file: URL): Promise<Record<string, Messages>> {
  return await import(file.href) as Record<string, Messages>;
}

function fileOf(language: Language, tables: [name: string, table: Messages][]): MessageFile {
  const columns = Object.fromEntries(tables.map(([name, table]) => [name, columnOf(table, language)]));
  return { language, ...dataFile(`messages-${language}`, "json", JSON.stringify(columns)) };
}
