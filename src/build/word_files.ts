// The admin's words as data: one file a language, of which a browser loads one; in the scripts only numbers stay.
import { createHash } from "node:crypto";
import type * as Esbuild from "esbuild";

type Tables = Record<string, Record<string, readonly [en: string, es: string]>>;

/** The languages, in the order that the tables have them. */
const LANGUAGES = ["en", "es"] as const;

/** A file of words. */
export interface WordFile {
  language: typeof LANGUAGES[number];
  name: string;
  contents: Uint8Array;
}

/** The files of a folder's tables, which hold `[{"key":"text"}]`, in the order of the tables' names. */
export async function wordFiles(folder: URL): Promise<WordFile[]> {
  const tables = await allTables(folder);
  return LANGUAGES.map((language, index) => fileOf(language, tables, index));
}

async function allTables(folder: URL): Promise<Tables> {
  const tables: Tables = {};
  for await (const { name } of Deno.readDir(folder)) {
    for (const [table, words] of Object.entries(await tablesOf(new URL(name, folder)))) {
      if (table in tables) throw new Error(`Two tables of words are called ${table}`);
      tables[table] = words;
    }
  }
  return Object.fromEntries(Object.entries(tables).sort());
}

/** Puts the tables' numbers in the tables' place. */
export const wordTables: Esbuild.Plugin = {
  name: "word tables",
  setup(build) {
    build.onLoad({ filter: /\/admin\/words\/\w+\.ts$/ }, async ({ path }) => {
      const file = new URL(`file://${path}`);
      const all = Object.keys(await allTables(new URL(".", file)));
      const names = Object.keys(await tablesOf(file));
      const contents = names.map((name) => `export const ${name} = ${all.indexOf(name)};`).join("\n");
      return { contents, loader: "js" };
    });
  },
};

/** Puts numbers in the words' place: `t("close")` asks for the table's word by its number, which is shorter. */
export const wordNumbers: Esbuild.Plugin = {
  name: "word numbers",
  setup(build) {
    build.onLoad({ filter: /\/src\/admin\/.*\.tsx?$/ }, async ({ path }) => ({
      contents: await numbered(await Deno.readTextFile(path), new URL(`file://${path}`)),
      loader: path.endsWith("x") ? "tsx" : "ts",
    }));
  },
};

/** A source with its words by number. */
export async function numbered(text: string, file: URL): Promise<string> {
  let shorter = text;
  for (const [, name, table] of text.matchAll(/^const (\w+) = words\((\w+)\);/gm)) {
    const from = new RegExp(`\\b${table}\\b[^}]*\\} from "([^"]+)"`).exec(text)?.[1];
    if (!from) continue;
    const keys = Object.keys((await tablesOf(new URL(from, file)))[table!]!);
    shorter = shorter.replaceAll(new RegExp(`(?<![\\w.])${name}\\("(\\w+)"`, "g"), (call, key) => {
      const number = keys.indexOf(key);
      return number < 0 ? call : `${name}(${number}`;
    });
  }
  return shorter;
}

/** The query makes an edited file be read anew. */
async function tablesOf(file: URL): Promise<Tables> {
  const { mtime } = await Deno.stat(file);
  return await import(`${file.href}?${mtime?.getTime()}`) as Tables;
}

function fileOf(language: WordFile["language"], tables: Tables, index: number): WordFile {
  const words = Object.values(tables).map((entries) =>
    Object.fromEntries(Object.entries(entries).map(([key, texts]) => [key, texts[index]]))
  );
  const contents = new TextEncoder().encode(JSON.stringify(words));
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
  return { language, name: `words-${language}-${hash}.json`, contents };
}
