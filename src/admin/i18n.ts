// Words in the operator's language. Each area's words are a table of [English, Spanish] in `words/`.
import { signal } from "@preact/signals";

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

/** Changes the language, and remembers it. */
export function setLanguage(chosen: Language): void {
  language.value = chosen;
  document.documentElement.lang = locale();
  remember(KEY, chosen);
}

/** The words of an area as a function: `t("close")`, `t("of", { n: 3 })`. */
export function words<W extends Words>(table: W) {
  return (key: keyof W, values: Record<string, string | number> = {}): string => {
    const text = table[key]![language.value === "es" ? 1 : 0];
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
  };
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
