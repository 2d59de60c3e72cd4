// A charger in the list beside the map, which serves keyboards and screen readers.
import { PlaceFields } from "../../components/place_fields.tsx";
import { fieldsOf } from "../../components/parts.tsx";
import { overallState, StatusChip } from "../../components/status.tsx";
import { messages } from "../../i18n.ts";
import type { ChargerView } from "../../types.ts";
import { MAP } from "../../../i18n/admin/map.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";
import { type Ground, move, spotOf } from "./places.ts";

const t = messages(MAP);
const shell = messages(SHELL);

interface LineProps {
  charger: ChargerView;
  ground: Ground;
  editing: boolean;
  chosen: boolean;
  choose: (id: string) => void;
}

/** Shows a charger's line. */
export function Line({ charger, ground, editing, chosen, choose }: LineProps) {
  const { charger_id, name } = charger;
  const on_plan = ground === "plan";
  const [first, second] = spotOf(charger, ground);
  const number = (text: string | undefined) => text?.trim() ? Number(text) : null;
  const save = (fields: Record<string, string>) =>
    void move(charger_id, ground, number(fields.latitude), number(fields.longitude));
  const place = first === null || second === null
    ? t("no_place")
    : on_plan
    ? `↓\u00a0${first.toFixed(1)}\u00a0% →\u00a0${second.toFixed(1)}\u00a0%`
    : `${first.toFixed(5)}, ${second.toFixed(5)}`;
  return (
    <li>
      <a href={`/admin/chargers/${encodeURIComponent(charger_id)}`}>
        <span>
          <b>{name || charger_id}</b>
          <span class="small soft num">{place}</span>
        </span>
        <StatusChip status={overallState(charger)} />
        {editing && !chosen && (
          <button
            type="button"
            class="btn small"
            aria-label={`${t("choose")} ${charger_id}`}
            onClick={(event) => {
              event.preventDefault();
              event.stopPropagation();
              choose(charger_id);
            }}
          >
            {t("choose")}
          </button>
        )}
      </a>
      {editing && chosen && (
        <form
          class="form place-form"
          key={place}
          onSubmit={(event) => save(fieldsOf(event))}
        >
          <PlaceFields
            labels={on_plan ? [t("top"), t("left")] : [t("latitude"), t("longitude")]}
            latitude={first}
            longitude={second}
            percent={on_plan}
          />
          <div class="wide">
            <button type="submit" class="btn small primary">{shell("save")}</button>
          </div>
        </form>
      )}
    </li>
  );
}
