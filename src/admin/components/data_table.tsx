// A table from columns and rows; on a phone each row is a card.
import type { ComponentChildren } from "preact";

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
      <table class="cards-on-phone listed">
        <thead>
          <tr>{heads.map(([head]) => <th key={head}>{t(head)}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {heads.map(([head, cell]) => <td key={head} data-label={t(head)}>{cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
