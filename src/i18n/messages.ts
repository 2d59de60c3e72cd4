// Messages: tables of texts, each in every language, and the lookup of one of them.

/** The languages, in the order of a table's columns. */
export const LANGUAGES = ["en", "es"] as const;

/** A language of the pages. */
export type Language = typeof LANGUAGES[number];

/**
 * A table of messages by key; `{name}` in a text is replaced by a value, and `{n|# charger|# chargers}` by the form for a
 * count: the first where the language's plural rules say `one`, else the second, with the count for `#`.
 */
export type Messages = Record<string, readonly [en: string, es: string]>;

/** One language's column of a table. */
export type Column = Record<string, string>;

/** The values of a text's `{name}`s; a value that is a `Text` itself is inserted in the same language. */
export type Values = Record<string, unknown>;

/** A text in all languages, for records that are read in any of them. */
export type Text = Record<Language, string>;

/** Returns a table's texts in one language. */
export function columnOf(table: Messages, language: Language): Column {
  const index = LANGUAGES.indexOf(language);
  return Object.fromEntries(Object.entries(table).map(([key, texts]) => [key, texts[index]!]));
}

const HOLE = /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g;

/** Returns a column's text with its values filled in; an unknown key is returned itself. */
export function lookUp(column: Column, key: string, values: Values = {}, language?: Language): string {
  const text = Object.hasOwn(column, key) ? column[key]! : key;
  return text.replace(HOLE, (_, name: string, one?: string, other?: string) => {
    const value = values[name] ?? "";
    const filled = String(language && typeof value === "object" ? (value as Text)[language] : value);
    if (one === undefined) return filled;
    const rule = new Intl.PluralRules(language).select(Number(value));
    return (rule === "one" ? one : other!).replace("#", filled);
  });
}

/** Returns the lookup of a table in a language: `t("close")`, `t("of", { n: 3 })`. */
export function translator<T extends Messages>(table: T, language: Language) {
  const column = columnOf(table, language);
  return (key: keyof T & string, values?: Values): string => lookUp(column, key, values, language);
}

/** Returns the lookup of a table in all languages at once, for records that can be read in any of them. */
export function allTexts<T extends Messages>(table: T) {
  let texts: Record<Language, ReturnType<typeof translator<T>>> | undefined;
  return (key: keyof T & string, values?: Values): Text => {
    texts ??= { en: translator(table, "en"), es: translator(table, "es") };
    return { en: texts.en(key, values), es: texts.es(key, values) };
  };
}
