// The admin's messages as data: one file a language, of which a browser loads one.
import { createHash } from "node:crypto";
import type * as Esbuild from "esbuild";
import { columnOf, type Language, LANGUAGES, type Messages } from "../i18n/messages.ts";

/** A language's messages. */
export interface MessageFile {
  language: Language;
  /** With the hash of its contents. */
  name: string;
  /** JSON: table → key → text. */
  contents: Uint8Array;
}

/** Returns the files of all tables in a folder. Throws Error when two tables have the same name. */
export async function messageFiles(folder: URL): Promise<MessageFile[]> {
  const tables: Record<string, Messages> = {};
  for await (const { name: file } of Deno.readDir(folder)) {
    for (const [name, table] of Object.entries(await tablesOf(new URL(file, folder)))) {
      if (name in tables) throw new Error(`Two tables of messages are called ${name}`);
      tables[name] = table;
    }
  }
  const sorted = Object.entries(tables).sort(([a], [b]) => a < b ? -1 : 1);
  return LANGUAGES.map((language) => fileOf(language, sorted));
}

/** Leaves a table's name in its place in the scripts: the texts come with the language's file. */
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
