// The choice of a language.
import { type Language, LANGUAGES } from "./messages.ts";

/** The locale of numbers and times in a language, where a browser names none of its own. */
export const LOCALES: Record<Language, string> = { en: "en", es: "es-MX" };

/** Returns the first of the wanted language tags that there are messages for, else `fallback`. */
export function languageOf(tags: readonly string[], fallback: Language = "en"): Language {
  const wanted = tags.map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find((tag) => isLanguage(tag)) as Language | undefined ?? fallback;
}

/** Tells a language that there are messages for from any other text. */
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
