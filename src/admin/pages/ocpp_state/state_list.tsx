// A live list of OCPP state (reservations, profiles, jobs …), of one charger or of the site.
import type { EventName } from "../../../site/events.ts";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type CommandName, COMMANDS } from "../../commands.ts";
import { CommandDialog } from "../../components/command_dialog.tsx";
import { type Cell, DataTable } from "../../components/data_table.tsx";
import { ActionButton } from "../../components/action_button.tsx";
import { Card, LoadState } from "../../components/parts.tsx";
import { useLive } from "../../components/use_live.ts";
import { messages } from "../../i18n.ts";
import { chargers } from "../../live.ts";
import type { ChargerView } from "../../types.ts";
import { COMMANDS as MESSAGES } from "../../../i18n/admin/commands.ts";
import { OCPP_STATE } from "../../../i18n/admin/ocpp_state.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";

const t = messages(OCPP_STATE);
const command_text = messages(MESSAGES);
const shell = messages(SHELL);

type Columns<R> = { [key in keyof typeof OCPP_STATE | ""]?: Cell<R> };

/** The charger of a list; without one it is the site's. */
export interface Whose {
  charger?: ChargerView;
}

interface StateListProps<R, Body extends object> extends Whose {
  /** The name in REST and in the messages `<name>`, `<name>_ocpp`, `<name>_text` and `<name>_none`. */
  name:
    | "reservations"
    | "profiles"
    | "jobs"
    | "local_list"
    | "certificates"
    | "security_events"
    | "files"
    | "firmware";
  /** The events after which it is loaded again. */
  types: readonly EventName[];
  columns: Columns<R>;
  keyOf: (row: R) => string | number;
  /** Loads at most `limit` rows; a list without pages comes whole. */
  load: (limit: number) => Promise<Body>;
  /** Returns the rows of the answer. */
  rowsOf: (body: Body) => R[];
  commands?: CommandName[];
  /** Returns the content above the table. */
  head?: (body: Body) => ComponentChildren;
  side?: ComponentChildren;
}

const FEW = 20;

/** Shows the list as a card. */
export function StateList<R, Body extends object>(props: StateListProps<R, Body>) {
  const { charger, name, types, columns, keyOf, commands = [], head, side } = props;
  const [limit, setLimit] = useState(FEW);
  const [command, setCommand] = useState<CommandName | null>(null);
  const charger_id = charger?.charger_id;
  const { value, loading, error } = useLive(
    () => props.load(limit),
    { types, charger_id },
    [charger_id, limit],
  );
  const rows = value ? props.rowsOf(value) : [];
  const shown = rows.slice(0, limit);
  return (
    <Card
      flush
      title={
        <>
          {t(name)} <small class="soft">OCPP: {t(`${name}_ocpp`)}</small>
        </>
      }
      side={
        <div class="row">
          {charger && commands.map((one) => (
            <ActionButton
              key={one}
              label={command_text(one)}
              icon={COMMANDS[one].icon}
              disabled={!charger.connected}
              run={() => setCommand(one)}
            />
          ))}
          {side}
        </div>
      }
    >
      <p class="soft pad">{t(`${name}_text`)}</p>
      <LoadState loading={loading && !value} error={error} />
      {value && head?.(value)}
      {value && rows.length === 0 && <p class="pad">{t(`${name}_none`)}</p>}
      {rows.length > 0 && <DataTable t={t} columns={columns} rows={shown} keyOf={keyOf} />}
      {(rows.length > limit || (value && "next" in value && value.next)) && (
        <div class="pad">
          <button type="button" class="btn small" onClick={() => setLimit(1000)}>{shell("more_rows")}</button>
        </div>
      )}
      {command && charger && (
        <CommandDialog
          command={command}
          charger={charger}
          close={() => setCommand(null)}
        />
      )}
    </Card>
  );
}

/** Returns the column with the charger for a list of the site. */
export function chargerColumn<R extends { charger_id: string }>({ charger }: Whose): Columns<R> {
  if (charger) return {};
  return {
    charger: ({ charger_id }) => (
      <a class="name" href={`/admin/chargers/${encodeURIComponent(charger_id)}/ocpp`}>
        {chargers.get(charger_id)?.value.name || charger_id}
      </a>
    ),
  };
}
