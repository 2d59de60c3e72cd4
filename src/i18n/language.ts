// Selection of the language of a page.
import { type Language, LANGUAGES } from "./messages.ts";

/** The default locale of numbers and times in each language, used if a browser names none. */
export const LOCALES: Record<Language, string> = { en: "en", es: "es-MX" };

/** Returns the language of the first tag that has messages, else `fallback`. */
export function languageOf(tags: readonly string[], fallback: Language = "en"): Language {
  const wanted = tags.map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find((tag) => isLanguage(tag)) as Language | undefined ?? fallback;
}

/** Returns true if a text is the tag of a language that has messages. */
export function isLanguage(text: unknown): text is Language {
  return (LANGUAGES as readonly unknown[]).includes(text);
}

/** Returns the tags of an Accept-Language header, the most wanted first (RFC 9110 §12.5.4). */
export function acceptedTags(header: string | null | undefined): string[] {
  const parts = (header ?? "").split(",").map((part) => {
    const [tag = "", quality] = part.trim().split(/;\s*q=/i);
    return { tag, quality: quality === undefined ? 1 : Number(quality) || 0 };
  });
  return parts.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality).map(({ tag }) =>
    tag
  );
}
