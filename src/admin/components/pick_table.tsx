// A table with a checkbox in each row, and an action for the checked rows.
import { useState } from "preact/hooks";
import { messages } from "../i18n.ts";
import { PICK } from "../../i18n/admin/pick.ts";
import { type Cell, DataTable } from "./data_table.tsx";
import { ActionButton } from "./action_button.tsx";

const t = messages(PICK);

interface PickTableProps<R> {
  rows: R[];
  keyOf: (row: R) => string;
  /** The head of the column with the checkbox and the row's key. */
  head: string;
  name?: (row: R) => string;
  /** The reason why a row cannot be checked; undefined: it can. */
  hinder: (row: R) => string | undefined;
  /** The other columns by their heads. */
  columns: Record<string, Cell<R>>;
  label: (n: number) => string;
  ask: (n: number) => string;
  run: (ticked: R[]) => Promise<unknown>;
}

/** Shows the table and, below it, the action's button. */
export function PickTable<R>(
  { rows, keyOf, head, name = keyOf, hinder, columns, ...action }: PickTableProps<R>,
) {
  const [ticks, setTicks] = useState<ReadonlySet<string>>(new Set());
  const free = rows.filter((row) => hinder(row) === undefined);
  const ticked = free.filter((row) => ticks.has(keyOf(row)));
  const tick = (key: string, on: boolean) =>
    setTicks((before) => new Set(on ? [...before, key] : [...before].filter((one) => one !== key)));
  return (
    <>
      <DataTable
        rows={rows}
        keyOf={keyOf}
        t={t as (key: string) => string}
        columns={{
          [head]: (row: R) => (
            <label class="check">
              <input
                type="checkbox"
                disabled={!free.includes(row)}
                checked={ticked.includes(row)}
                onChange={(event) => tick(keyOf(row), event.currentTarget.checked)}
              />
              <b>{name(row)}</b> <small class="soft">{hinder(row)}</small>
            </label>
          ),
          ...columns,
        }}
      />
      <div class="row pad">
        <ActionButton label={t("all")} run={() => setTicks(new Set(free.map(keyOf)))} />
        <ActionButton
          look="primary"
          label={action.label(ticked.length)}
          ask={action.ask(ticked.length)}
          disabled={ticked.length === 0}
          run={async () => {
            await action.run(ticked);
            setTicks(new Set());
          }}
        />
      </div>
    </>
  );
}
