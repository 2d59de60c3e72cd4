// Messages: tables of texts, each in every language, and the lookup of one of them.

/** Languages, in the order of a table's columns. */
export const LANGUAGES = ["en", "es"] as const;

/** A language of the pages. */
export type Language = typeof LANGUAGES[number];

/** A table of messages by key; `{name}` in a text is filled in. */
export type Messages = Record<string, readonly [en: string, es: string]>;

/** One language's column of a table. */
export type Column = Record<string, string>;

/** The values of a text's `{name}`s; one that has itself a language is a text of that language. */
export type Values = Record<string, string | number | Record<Language, string>>;

/** Returns a table's texts in one language. */
export function columnOf(table: Messages, language: Language): Column {
  const index = LANGUAGES.indexOf(language);
  return Object.fromEntries(Object.entries(table).map(([key, texts]) => [key, texts[index]!]));
}

/** Returns a column's text with its values filled in; a key that is not there is returned itself. */
export function lookUp(column: Column, key: string, values: Values = {}, language?: Language): string {
  return (column[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name] ?? "";
    return typeof value === "object" ? value[language ?? "en"] : String(value);
  });
}

/** Returns the lookup of a table in a language: `t("close")`, `t("of", { n: 3 })`. */
export function translator<T extends Messages>(table: T, language: Language) {
  const column = columnOf(table, language);
  return (key: keyof T & string, values?: Values): string => lookUp(column, key, values, language);
}
