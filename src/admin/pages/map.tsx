// The site on a map, with a list that says the same.
import { useLocation } from "preact-iso/router";
import { useState } from "preact/hooks";
import { call, can, chargerPath } from "../api.ts";
import { MapView, type Pin } from "../components/map_view.tsx";
import { attempt } from "../components/inputs.tsx";
import { Card, fieldsOf, PageHead, PlaceFields } from "../components/parts.tsx";
import { overallState, StatusChip } from "../components/status.tsx";
import { Icon } from "../icons.tsx";
import { words } from "../i18n.ts";
import { allChargers, chargers, putCharger } from "../live.ts";
import type { ChargerView } from "../types.ts";
import { MAP } from "../words/map.ts";
import { SHELL } from "../words/shell.ts";

const t = words(MAP);
const shell = words(SHELL);

/** The page. */
export default function Map() {
  const [edit, setEdit] = useState<string | null>(null);
  const { route } = useLocation();
  const all = allChargers();
  const pins = all.map(pinOf);
  const moved = (id: string, latitude: number | null, longitude: number | null) =>
    attempt(
      async () => putCharger(await call<ChargerView>("PATCH", chargerPath(id), { latitude, longitude })),
      t("placed", { name: chargers.get(id)?.value.name || id }),
    );
  const picked = (id: string) =>
    edit === null ? route(`/admin/chargers/${encodeURIComponent(id)}`) : setEdit(id);
  const placed = all.filter(({ latitude, longitude }) => latitude !== null && longitude !== null);
  return (
    <>
      <PageHead
        title={t("title")}
        text={edit === null ? t("text", { n: placed.length, all: all.length }) : t("edit_text")}
      >
        {can("admin") && (
          <button
            type="button"
            class={edit === null ? "btn" : "btn primary"}
            onClick={() => setEdit(edit === null ? all[0]?.charger_id ?? null : null)}
          >
            <Icon name={edit === null ? "edit" : "check"} size={18} /> {edit === null ? t("edit") : t("done")}
          </button>
        )}
      </PageHead>
      <div class="split">
        <MapView
          pins={pins}
          edit={edit}
          moved={(id, latitude, longitude) => void moved(id, latitude, longitude)}
          picked={picked}
        />
        <Card title={t("list")} flush>
          <ul class="attention">
            {all.map((charger) => (
              <Line
                key={charger.charger_id}
                charger={charger}
                editing={edit !== null}
                chosen={edit === charger.charger_id}
                choose={setEdit}
                moved={moved}
              />
            ))}
          </ul>
        </Card>
      </div>
    </>
  );
}

function pinOf(charger: ChargerView): Pin {
  const { charger_id, name, latitude, longitude } = charger;
  return { id: charger_id, title: name || charger_id, status: overallState(charger), latitude, longitude };
}

interface LineProps {
  charger: ChargerView;
  editing: boolean;
  chosen: boolean;
  choose: (id: string) => void;
  moved: (id: string, latitude: number | null, longitude: number | null) => Promise<boolean>;
}

function Line({ charger, editing, chosen, choose, moved }: LineProps) {
  const { charger_id, name, latitude, longitude } = charger;
  const number = (text: string | undefined) => text?.trim() ? Number(text) : null;
  const save = (fields: Record<string, string>) =>
    void moved(charger_id, number(fields.latitude), number(fields.longitude));
  const place = latitude !== null && longitude !== null
    ? `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`
    : t("no_place");
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
          <PlaceFields labels={[t("latitude"), t("longitude")]} latitude={latitude} longitude={longitude} />
          <div class="wide">
            <button type="submit" class="btn small primary">{shell("save")}</button>
          </div>
        </form>
      )}
    </li>
  );
}
