// The entries that a text finds, the nearest first.

/** Something that can be found. */
export interface Entry {
  kind: "charger" | "person" | "card" | "session" | "page" | "action" | "command";
  name: string;
  /** Shown beside the name, and found, too. */
  detail?: string;
  /** Called when it is chosen. */
  open: () => void;
}

const MOST = 30;
/** Of one kind, while others are found, too. */
const MOST_OF_KIND = 8;

/** Returns a text in small letters without accents. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Returns the entries that have every word of `text`, those first whose name begins with it. */
export function found(entries: readonly Entry[], text: string): Entry[] {
  const wanted = fold(text).trim();
  const words = wanted.split(/\s+/);
  const ranked = entries.map((entry) => ({ entry, rank: rankOf(entry, wanted, words) }))
    .filter(({ rank }) => rank < NOT_FOUND).sort((a, b) => a.rank - b.rank);
  const counts = new Map<string, number>();
  const few = ranked.filter(({ entry: { kind } }) => {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return counts.get(kind)! <= MOST_OF_KIND;
  });
  return few.slice(0, MOST).map(({ entry }) => entry);
}

const NOT_FOUND = 4;

function rankOf({ name, detail = "" }: Entry, wanted: string, words: string[]): number {
  const own = fold(name);
  if (own.startsWith(wanted)) return own.length === wanted.length ? 0 : 1;
  if (words.every((word) => own.includes(word))) return 2;
  const all = `${own} ${fold(detail)}`;
  return words.every((word) => all.includes(word)) ? 3 : NOT_FOUND;
}
