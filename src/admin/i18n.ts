// The language in use and its messages, which are loaded as one file.
import { batch, signal } from "@preact/signals";
import { isLanguage, languageOf, LOCALES } from "../i18n/language.ts";
import { type Column, type Language, lookUp, type Messages, type Values } from "../i18n/messages.ts";

const KEY = "language";

/** The language in use. */
export const language = signal<Language>(firstChoice());

/** Returns the locale for Intl: the browser's own of this language, else ours. */
export function locale(): string {
  const own = navigator.languages.find((tag) => tag.startsWith(language.value) && isLocale(tag));
  return own ?? LOCALES[language.value];
}

/** False for a tag that Intl refuses: Chromium's is `en-US@posix` where the system's locale is C. */
function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** The address of each language's messages, put in by the bundler. */
declare const MESSAGE_FILES: Record<Language, string>;

/** The messages in use, by table name: the bundler replaces each table by its name. */
const columns = signal<Record<string, Column>>({});

/** Loads a language's messages and changes to it. */
export async function setLanguage(chosen: Language): Promise<void> {
  const loaded = await (await fetch(MESSAGE_FILES[chosen])).json();
  batch(() => {
    language.value = chosen;
    columns.value = loaded;
  });
  document.documentElement.lang = locale();
}

/** Changes to a language and stores the choice in this browser. */
export async function chooseLanguage(chosen: Language): Promise<void> {
  await setLanguage(chosen);
  remember(KEY, chosen);
}

/** Returns the lookup of a table in the language in use: `t("close")`, `t("of", { n: 3 })`. */
export function messages<T extends Messages>(table: T) {
  return (key: keyof T & string, values?: Values): string =>
    lookUp(columnOf(table), key, values, language.value);
}

/** Returns true if a table has a message for a key, such as one that a charger sent. */
export function hasMessage<T extends Messages>(table: T, key: string): key is keyof T & string {
  return Object.hasOwn(columnOf(table), key);
}

function columnOf(table: Messages): Column {
  return columns.value[table as unknown as string] ?? {};
}

/** Stores a choice in this browser, if the browser allows it. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // private windows may forbid it
  }
}

/** Returns a stored choice, or null. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function firstChoice(): Language {
  const kept = recall(KEY);
  return isLanguage(kept) ? kept : languageOf(navigator.languages);
}
