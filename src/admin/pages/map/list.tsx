// The list beside the map, which scrolls by itself.
import { Empty } from "../../components/parts.tsx";
import { messages } from "../../i18n.ts";
import type { ChargerView } from "../../types.ts";
import { CHARGERS } from "../../../i18n/admin/chargers.ts";
import { MAP } from "../../../i18n/admin/map.ts";
import { Line } from "./line.tsx";
import type { Ground } from "./places.ts";

const t = messages(MAP);
const list = messages(CHARGERS);

interface MapListProps {
  chargers: readonly ChargerView[];
  ground: Ground;
  /** The charger that is being placed; null: markers stay where they are. */
  edit: string | null;
  choose: (id: string) => void;
}

/** Shows the list. */
export function MapList({ chargers, ground, edit, choose }: MapListProps) {
  return (
    <section class="card flush map-list">
      {chargers.length === 0 && <Empty icon="chargers">{list("none")}</Empty>}
      <ul class="attention" tabIndex={0} aria-label={t("list")}>
        {chargers.map((charger) => (
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
