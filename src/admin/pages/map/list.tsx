// The list beside the map, with a search and a scroll of its own.
import { useState } from "preact/hooks";
import { Search } from "../../components/inputs.tsx";
import { messages } from "../../i18n.ts";
import type { ChargerView } from "../../types.ts";
import { MAP } from "../../../i18n/admin/map.ts";
import { Line } from "./line.tsx";
import type { Ground } from "./places.ts";

const t = messages(MAP);

/** From so many chargers on there is a search. */
const MANY = 8;

interface MapListProps {
  chargers: readonly ChargerView[];
  ground: Ground;
  /** The charger that is being placed; null: markers stay where they are. */
  edit: string | null;
  choose: (id: string) => void;
}

/** Shows the list. */
export function MapList({ chargers, ground, edit, choose }: MapListProps) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = chargers.filter(({ charger_id, name }) =>
    `${charger_id} ${name}`.toLowerCase().includes(wanted)
  );
  return (
    <section class="card flush map-list">
      <div class="card-head">
        <h2>{t("list")}</h2>
        {chargers.length > MANY && <Search value={text} set={setText} />}
      </div>
      {found.length === 0 && <p class="pad soft">{t("nothing_found")}</p>}
      <ul class="attention" tabIndex={0} aria-label={t("list")}>
        {found.map((charger) => (
          <Line
            key={charger.charger_id}
            charger={charger}
            ground={ground}
            editing={edit !== null}
            chosen={edit === charger.charger_id}
            choose={choose}
          />
        ))}
      </ul>
    </section>
  );
}
