// The chargers on the map or on the site's plan, with the same as a list beside it.
import { useLocation } from "preact-iso/router";
import { useState } from "preact/hooks";
import { can } from "../../api.ts";
import { MapView } from "../../components/map_view.tsx";
import type { Pin, Plan } from "../../components/pin.ts";
import { LoadState, useLoad } from "../../components/parts.tsx";
import { overallState } from "../../components/status.tsx";
import { Icon } from "../../icons.tsx";
import { messages } from "../../i18n.ts";
import { allChargers } from "../../live.ts";
import { counted } from "../../simulated.ts";
import type { ChargerView } from "../../types.ts";
import { MAP } from "../../../i18n/admin/map.ts";
import { type Choice, isChosen } from "../chargers/choice.ts";
import { MapList } from "./list.tsx";
import { type Ground, loadPlan, move, spotOf } from "./places.ts";
import { NoPlan, PlanButtons } from "./plan.tsx";

const t = messages(MAP);

/** Shows the map or the plan. */
export function GroundView({ ground, choice }: { ground: Ground; choice: Choice }) {
  return ground === "map" ? <Placed ground="map" choice={choice} /> : <OnPlan choice={choice} />;
}

function OnPlan({ choice }: { choice: Choice }) {
  const { value: plan, again, ...state } = useLoad(loadPlan, []);
  if (plan === undefined) return <LoadState {...state} />;
  if (plan === null) return <NoPlan changed={again} />;
  return <Placed ground="plan" choice={choice} plan={plan} changed={again} />;
}

interface PlacedProps {
  ground: Ground;
  choice: Choice;
  plan?: Plan;
  /** The plan has been replaced or deleted. */
  changed?: () => void;
}

function Placed({ ground, choice, plan, changed }: PlacedProps) {
  const { route } = useLocation();
  const [edit, setEdit] = useState<string | null>(null);
  const all = counted(allChargers());
  const found = all.filter((charger) => isChosen(charger, choice));
  const pins = found.map((charger) => pinOf(charger, ground));
  const placed = pins.filter(({ latitude, longitude }) => latitude !== null && longitude !== null);
  const first = pins.find((pin) => !placed.includes(pin)) ?? pins[0];
  const picked = (id: string) =>
    edit === null ? route(`/admin/chargers/${encodeURIComponent(id)}`) : setEdit(id);
  return (
    <>
      <div class="row between">
        <p class="soft">
          {edit === null
            ? t("text", { n: placed.length, all: pins.length })
            : t(ground === "map" ? "edit_text" : "plan_edit_text")}
        </p>
        {can("admin") && (
          <div class="row">
            {edit !== null && changed && <PlanButtons changed={changed} />}
            <button
              type="button"
              class={edit === null ? "btn" : "btn primary"}
              onClick={() => setEdit(edit === null ? first?.id ?? "" : null)}
            >
              <Icon name={edit === null ? "edit" : "check"} size={18} />{" "}
              {edit === null ? t("edit") : t("done")}
            </button>
          </div>
        )}
      </div>
      <div class="split">
        <MapView
          key={plan?.version}
          pins={pins}
          plan={plan}
          edit={edit}
          focus={`${choice.q} ${choice.show}`}
          moved={(id, latitude, longitude) => void move(id, ground, latitude, longitude)}
          picked={picked}
        />
        <MapList chargers={found} ground={ground} edit={edit} choose={setEdit} />
      </div>
    </>
  );
}

function pinOf(charger: ChargerView, ground: Ground): Pin {
  const [latitude, longitude] = spotOf(charger, ground);
  const { charger_id: id, name } = charger;
  const power_w = charger.connectors.reduce((sum, { power_w }) => sum + (power_w ?? 0), 0) || null;
  return { id, title: name || id, status: overallState(charger), power_w, latitude, longitude };
}
