// Words in the operator's language. Each area's words are a table of [English, Spanish] in `words/`.
import { batch, signal } from "@preact/signals";

/** A language of the admin. */
export type Language = "en" | "es";

/** An area's words: [English, Spanish]; `{name}` is filled in. */
export type Words = Record<string, readonly [en: string, es: string]>;

const KEY = "language";

/** The language in use. */
export const language = signal<Language>(firstChoice());

/** The locale for Intl: a Spanish browser's own, else Mexico's. */
export function locale(): string {
  const own = navigator.languages.find((tag) => tag.startsWith(language.value));
  return own ?? (language.value === "es" ? "es-MX" : "en");
}

/** Where the bundler has put the words of each language. */
declare const WORD_FILES: Record<Language, string>;

/** The words in use, by table: the bundler leaves only the tables' numbers in the scripts. */
const dictionary = signal<Record<string, string>[]>([]);

/** Loads a language and changes to it. */
export async function setLanguage(chosen: Language): Promise<void> {
  const loaded = await (await fetch(WORD_FILES[chosen])).json();
  batch(() => {
    language.value = chosen;
    dictionary.value = loaded;
  });
  document.documentElement.lang = locale();
}

/** Changes to a language, and remembers it. */
export async function chooseLanguage(chosen: Language): Promise<void> {
  await setLanguage(chosen);
  remember(KEY, chosen);
}

/** The words of an area as a function: `t("close")`, `t("of", { n: 3 })`. The bundler asks for them by number. */
export function words<W extends Words>(table: W) {
  return (key: keyof W & string, values: Record<string, string | number> = {}): string => {
    const found = wordsOf(table);
    const text = (typeof key === "number" ? Object.values(found)[key] : found[key]) ?? String(key);
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
  };
}

/** Whether an area has a word. */
export function hasWord<W extends Words>(table: W, key: string): key is keyof W & string {
  return key in wordsOf(table);
}

function wordsOf(table: Words): Record<string, string> {
  return dictionary.value[table as unknown as number] ?? {};
}

/** Keeps a choice in this browser, where it may. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // private windows may forbid it
  }
}

/** A choice that was kept. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function firstChoice(): Language {
  const kept = recall(KEY);
  if (kept === "en" || kept === "es") return kept;
  return navigator.languages.find((tag) => /^(en|es)/.test(tag))?.startsWith("es") ? "es" : "en";
}
