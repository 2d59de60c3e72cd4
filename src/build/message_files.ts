// The admin's messages as data files, one for each language; a browser loads one of them.
import { createHash } from "node:crypto";
import type * as Esbuild from "esbuild";
import { columnOf, type Language, LANGUAGES, type Messages } from "../i18n/messages.ts";

/** The file of one language's messages. */
export interface MessageFile {
  language: Language;
  /** File name with the hash of the content. */
  name: string;
  /** JSON: table → key → text. */
  contents: Uint8Array;
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
  const contents = new TextEncoder().encode(JSON.stringify(columns));
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
  return { language, name: `messages-${language}-${hash}.json`, contents };
}
