// The body of a table that may be long: only the rows in view are in the document. Printing shows all.
import { type JSX, options } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { heightOf, piecesOf, type RowHeights, rowsBetween, type Span } from "./rows_in_view.ts";

/** So many rows are all in the document. */
const FEW = 60;
/** The room above and below the view whose rows are there, too, and the least of it, CSS pixels. */
const AROUND = 600;
const LEAST = 300;
const USUAL = 56;

interface LongRowsProps {
  keys: readonly (string | number)[];
  /** Renders a row by its number; it carries the attributes. */
  row: (index: number, attributes: RowAttributes) => JSX.Element;
}

/** The attributes of a row: its key, and its place for screen readers, which cannot count the rows. */
export interface RowAttributes {
  key: string | number;
  "aria-rowindex"?: number;
}

/** Returns the attributes of a table: the count of its rows, if not all of them are in the document. */
export function countOf(rows: number): { "aria-rowcount"?: number } {
  return rows > FEW ? { "aria-rowcount": rows + 1 } : {};
}

/** Shows the rows. A click beside links and buttons opens a row by its element with `data-opens`. */
export function LongRows({ keys, row }: LongRowsProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const heights = useRef(new Map<string | number, number>());
  useMeasured(body, heights.current, keys);
  const { span, kept, keep } = useSpan(body, { keys, heights: heights.current });
  const all = known({ keys, heights: heights.current });
  const pieces = piecesOf(all, keys.length > FEW ? span : { first: 0, behind: keys.length }, kept);
  const made = useMemo(() => new Map<number, JSX.Element>(), [row, keys]);
  const rowAt = (index: number) => {
    const place = keys.length > FEW ? { "aria-rowindex": index + 2 } : {};
    const one = made.get(index) ?? row(index, { key: keys[index]!, ...place });
    made.set(index, one); // the same object: nothing is drawn again while the page scrolls
    return one;
  };
  const shown = new Set(pieces.map((piece) => "row" in piece ? piece.row : -1));
  for (const index of made.keys()) if (!shown.has(index)) made.delete(index);
  return (
    <tbody ref={body} onClick={open} onFocusCapture={(event) => keep(numberOf(event.target as Element))}>
      {pieces.map((piece) =>
        "row" in piece ? rowAt(piece.row) : (
          <tr key={`gap ${piece.before}`} class="gap" aria-hidden="true">
            <td colSpan={99} style={{ height: `${piece.gap}px` }}></td>
          </tr>
        )
      )}
    </tbody>
  );
}

function known({ keys, heights }: Pick<RowHeights, "keys" | "heights">): RowHeights {
  const sum = [...heights.values()].reduce((sum, height) => sum + height, 0);
  return { keys, heights, usual: heights.size > 0 ? sum / heights.size : USUAL };
}

/** Returns the rows to show as the page scrolls, and the one with the focus. */
function useSpan(body: { current: HTMLElement | null }, now: Pick<RowHeights, "keys" | "heights">) {
  const [span, setSpan] = useState<Span>({ first: 0, behind: FEW / 2 });
  const [kept, keep] = useState<number | null>(null);
  const latest = useRef({ span, ...now });
  latest.current = { span, ...now };
  const look = useRef(() => {});
  useEffect(() => look.current()); // rows may be lower than they were thought to be
  useLayoutEffect(() => {
    const place = () => {
      const all = known(latest.current);
      const top = -(body.current?.getBoundingClientRect().top ?? 0);
      return { all, top, bottom: top + innerHeight };
    };
    look.current = () => {
      if (latest.current.keys.length <= FEW) return;
      const { all, top, bottom } = place();
      const { first, behind } = latest.current.span;
      const above = top - heightOf(all, { first: 0, behind: first });
      const below = heightOf(all, { first: 0, behind }) - bottom;
      const enough = (above >= LEAST || first === 0) && (below >= LEAST || behind >= all.keys.length);
      if (!enough) setSpan(rowsBetween(all, top - AROUND, bottom + AROUND));
    };
    const all = () => {
      const { debounceRendering } = options;
      options.debounceRendering = (render) => render(); // the browser does not wait for a later one
      setSpan({ first: 0, behind: latest.current.keys.length });
      options.debounceRendering = debounceRendering!;
    };
    const seen = look.current;
    seen();
    addEventListener("scroll", seen, { passive: true });
    addEventListener("resize", seen);
    addEventListener("beforeprint", all);
    return () => {
      removeEventListener("scroll", seen);
      removeEventListener("resize", seen);
      removeEventListener("beforeprint", all);
    };
  }, [now.keys.length]);
  return { span, kept, keep };
}

/** Remembers the heights of the rows that are shown; forgets all when the table has another width. */
function useMeasured(
  body: { current: HTMLElement | null },
  heights: Map<string | number, number>,
  keys: readonly (string | number)[],
): void {
  const width = useRef(0);
  const [, drawAgain] = useState(0);
  useEffect(() => {
    if (keys.length <= FEW || !body.current) return;
    const other = width.current !== body.current.clientWidth;
    if (other) heights.clear();
    width.current = body.current.clientWidth;
    for (const row of body.current.children) {
      const index = numberOf(row);
      if (index !== null) heights.set(keys[index]!, row.getBoundingClientRect().height);
    }
    if (other) drawAgain(width.current); // the gaps, by heights that are known now
  });
}

/** Returns the number of the row that an element is in. */
function numberOf(element: Element): number | null {
  const index = element.closest("tr")?.ariaRowIndex;
  return index ? Number(index) - 2 : null;
}

function open({ target }: Event): void {
  const place = target as Element;
  if (place.closest("a, button, input, label, select, summary, dialog") || String(getSelection())) return;
  place.closest("tr")?.querySelector<HTMLElement>("[data-opens]")?.click();
}
