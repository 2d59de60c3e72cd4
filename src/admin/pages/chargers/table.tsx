// The list of chargers: a row each, which alone redraws when its charger changes.
import { useComputed, useSignal } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import { can } from "../../api.ts";
import { countOf, LongRows, type RowAttributes } from "../../components/long_rows.tsx";
import { Card, Empty } from "../../components/parts.tsx";
import { Plugs, SimBadge } from "../../components/status.tsx";
import { ago, kw } from "../../format.ts";
import { messages } from "../../i18n.ts";
import { allChargers, chargers } from "../../live.ts";
import { counted } from "../../simulated.ts";
import { CHARGERS, SELECTION } from "../../../i18n/admin/chargers.ts";
import { type Choice, isChosen } from "./choice.ts";
import { SelectionBar } from "./selection_bar.tsx";

const t = messages(CHARGERS);
const selection = messages(SELECTION);

/** Shows the list, and the bar for those that are selected. Work at several chargers needs an admin. */
export function Selectable({ choice }: { choice: Choice }) {
  const [ticks, setTicks] = useState<ReadonlySet<string>>(new Set());
  const tick = (id: string, on: boolean) =>
    setTicks((before) => new Set(on ? [...before, id] : [...before].filter((one) => one !== id)));
  return (
    <>
      <Table choice={choice} ticks={can("admin") ? ticks : null} tick={tick} />
      {ticks.size > 0 && <Selection choice={choice} ticks={ticks} set={setTicks} />}
    </>
  );
}

interface TicksProps {
  choice: Choice;
  ticks: ReadonlySet<string>;
}

/** A component of its own, so that a charger that changes redraws its row alone while none is selected. */
function Selection({ choice, ticks, set }: TicksProps & { set: (ticks: ReadonlySet<string>) => void }) {
  const shown = counted(allChargers()).filter((charger) => isChosen(charger, choice));
  return (
    <SelectionBar
      shown={shown}
      chosen={shown.filter(({ charger_id }) => ticks.has(charger_id))}
      set={(chosen) => set(new Set(chosen.map(({ charger_id }) => charger_id)))}
    />
  );
}

interface TableProps {
  choice: Choice;
  /** Null: nothing can be selected. */
  ticks: ReadonlySet<string> | null;
  tick: (id: string, on: boolean) => void;
}

function Table({ choice, ticks, tick }: TableProps) {
  const shown = useShown(choice);
  return (
    <Card flush>
      <div class="table-wrap">
        <table class="cards-on-phone" {...countOf(shown.length)}>
          <thead>
            <tr>
              <th>{t("charger")}</th>
              <th>{t("state")}</th>
              <th class="num">{t("power")}</th>
              <th>{t("seen")}</th>
              <th>{t("model")}</th>
              <th>{t("card")}</th>
            </tr>
          </thead>
          <LongRows
            keys={shown}
            row={(index, { key, ...place }) => {
              const id = shown[index]!;
              return <Row key={key} place={place} id={id} ticked={ticks && ticks.has(id)} tick={tick} />;
            }}
          />
        </table>
      </div>
      {shown.length === 0 && <Empty icon="chargers">{t("none")}</Empty>}
    </Card>
  );
}

/** Returns the ids of the chosen chargers. A charger that changes draws the list anew only where that changes. */
function useShown(choice: Choice): string[] {
  const latest = useSignal(choice);
  latest.value = choice;
  const shown = useComputed(() =>
    JSON.stringify(
      counted(allChargers()).filter((charger) => isChosen(charger, latest.value)).map((
        { charger_id },
      ) => charger_id),
    )
  );
  return useMemo(() => JSON.parse(shown.value), [shown.value]);
}

interface RowProps {
  id: string;
  place: Omit<RowAttributes, "key">;
  /** Null: it cannot be selected. */
  ticked: boolean | null;
  tick: TableProps["tick"];
}

function Row({ id, place, ticked, tick }: RowProps) {
  const charger = chargers.get(id)?.value;
  if (!charger) return null;
  const watts = charger.connectors.reduce((sum, { power_w }) => sum + (power_w ?? 0), 0);
  return (
    <tr {...place}>
      <td>
        <div class="row line">
          {ticked !== null && (
            <input
              type="checkbox"
              checked={ticked}
              aria-label={selection("select", { name: charger.name || id })}
              onChange={(event) => tick(id, event.currentTarget.checked)}
            />
          )}
          <span>
            <a class="name" data-opens href={`/admin/chargers/${encodeURIComponent(id)}`}>
              {charger.name || id}
            </a>{" "}
            {charger.simulated && <SimBadge />}
            {charger.name && <div class="small soft">{id}</div>}
          </span>
        </div>
      </td>
      <td class="wide">
        <Plugs charger={charger} />
      </td>
      <td class="num">
        {charger.connected && charger.connectors.some(({ power_w }) => power_w !== null) ? kw(watts) : "–"}
      </td>
      <td class="soft">
        <Ago iso={charger.last_seen} />
      </td>
      <td class="soft off-phone">{[charger.vendor, charger.model].filter(Boolean).join(" ") || "–"}</td>
      <td class="soft off-phone">{charger.require_rfid ? t("needed") : t("open")}</td>
    </tr>
  );
}

/** A component of its own, so that the clock redraws nothing else. */
function Ago({ iso }: { iso: string | null }) {
  return <>{ago(iso)}</>;
}
