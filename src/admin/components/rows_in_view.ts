// The rows of a long table that are in view, by the heights that rows have had.

/** The rows from `first` to before `behind`. */
export interface Span {
  first: number;
  behind: number;
}

/** A table's rows by their keys, and the heights of those that were measured, CSS pixels. */
export interface RowHeights {
  keys: readonly (string | number)[];
  heights: ReadonlyMap<string | number, number>;
  /** The height of the others. */
  usual: number;
}

/** Returns the rows between two distances from the table's top. */
export function rowsBetween({ keys, heights, usual }: RowHeights, from: number, to: number): Span {
  let at = 0;
  let first = 0;
  for (const [index, key] of keys.entries()) {
    if (at > to) return { first, behind: index };
    at += heights.get(key) ?? usual;
    if (at < from) first = index + 1;
  }
  return { first: Math.min(first, Math.max(0, keys.length - 1)), behind: keys.length };
}

/** Returns the height of rows together. */
export function heightOf({ keys, heights, usual }: RowHeights, { first, behind }: Span): number {
  let sum = 0;
  for (let index = first; index < behind; index++) sum += heights.get(keys[index]!) ?? usual;
  return sum;
}

/** A row by its number, or a gap as high as the rows that are left out. */
export type Piece = { row: number } | { gap: number; before: number };

/** Returns the rows of a span, and the row `kept` wherever it is, with gaps for all others. */
export function piecesOf(all: RowHeights, { first, behind }: Span, kept: number | null): Piece[] {
  const rows = new Set<number>();
  for (let row = first; row < Math.min(behind, all.keys.length); row++) rows.add(row);
  if (kept !== null && kept < all.keys.length) rows.add(kept);
  const pieces: Piece[] = [];
  let next = 0;
  const gapUntil = (row: number) => {
    const gap = heightOf(all, { first: next, behind: row });
    if (gap > 0) pieces.push({ gap, before: row });
  };
  for (const row of [...rows].sort((a, b) => a - b)) {
    gapUntil(row);
    pieces.push({ row });
    next = row + 1;
  }
  gapUntil(all.keys.length);
  return pieces;
}
