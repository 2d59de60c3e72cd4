// A table from columns and rows; on a phone each row is a card.
import type { ComponentChildren } from "preact";
import { countOf, LongRows } from "./long_rows.tsx";

/** Renders a row's cell of a column. */
export type Cell<R> = (row: R) => ComponentChildren;

interface DataTableProps<R, W extends string> {
  /** The texts of the column heads. */
  t: (key: W) => string;
  /** The cells by the message key of their head; a head that is no key is shown as it is, "" has no text. */
  columns: { [key in W | ""]?: Cell<R> };
  rows: R[];
  keyOf: (row: R) => string | number;
}

/** Shows a table. */
export function DataTable<R, W extends string>({ t, columns, rows, keyOf }: DataTableProps<R, W>) {
  const heads = Object.entries(columns) as [W, Cell<R>][];
  return (
    <div class="table-wrap">
      <table class="cards-on-phone listed" {...countOf(rows.length)}>
        <thead>
          <tr>{heads.map(([head]) => head ? <th key={head}>{t(head)}</th> : <td key={head}></td>)}</tr>
        </thead>
        <LongRows
          keys={rows.map(keyOf)}
          row={(index, attributes) => (
            <tr {...attributes}>
              {heads.map(([head, cell]) => <td key={head} data-label={t(head)}>{cell(rows[index]!)}</td>)}
            </tr>
          )}
        />
      </table>
    </div>
  );
}
