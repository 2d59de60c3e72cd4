// The chargers on the map or on the site's plan, with the same data as a list.
import { useLocation, useRoute } from "preact-iso/router";
import { useState } from "preact/hooks";
import { ApiError, can, get } from "../api.ts";
import { MapView } from "../components/map_view.tsx";
import type { Plan } from "../components/pin.ts";
import { Tabs } from "../components/inputs.tsx";
import { LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { SimulatedSwitch } from "../components/simulated_switch.tsx";
import { overallState } from "../components/status.tsx";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { allChargers } from "../live.ts";
import { counted } from "../simulated.ts";
import { MAP } from "../../i18n/admin/map.ts";
import { MapList } from "./map/list.tsx";
import { type Ground, move, spotOf } from "./map/places.ts";
import { NoPlan, PlanButtons } from "./map/plan.tsx";

const t = messages(MAP);

/** Shows the map, or the plan where the site has one and the address does not name a tab. */
export default function Map() {
  const { params } = useRoute();
  const { route } = useLocation();
  const [edit, setEdit] = useState<string | null>(null);
  const { value: plan, again, ...state } = useLoad(loadPlan, []);
  if (plan === undefined) return <LoadState {...state} />;
  const tab: Ground = params.tab === "map" || (!params.tab && !plan) ? "map" : "plan";
  const there = tab === "map" || plan !== null;
  const all = counted(allChargers());
  const pins = all.map((charger) => {
    const [latitude, longitude] = spotOf(charger, tab);
    const { charger_id: id, name } = charger;
    const power_w = charger.connectors.reduce((sum, { power_w }) => sum + (power_w ?? 0), 0) || null;
    return { id, title: name || id, status: overallState(charger), power_w, latitude, longitude };
  });
  const placed = pins.filter(({ latitude, longitude }) => latitude !== null && longitude !== null);
  const first = pins.find((pin) => !placed.includes(pin)) ?? pins[0];
  const picked = (id: string) =>
    edit === null ? route(`/admin/chargers/${encodeURIComponent(id)}`) : setEdit(id);
  const choose = (name: Ground) => {
    setEdit(null);
    route(`/admin/map/${name}`, true);
  };
  return (
    <>
      <PageHead
        title={t("title")}
        text={!there
          ? null
          : edit === null
          ? t("text", { n: placed.length, all: all.length })
          : t(tab === "map" ? "edit_text" : "plan_edit_text")}
      >
        {there && edit !== null && tab === "plan" && <PlanButtons changed={again} />}
        {there && can("admin") && (
          <button
            type="button"
            class={edit === null ? "btn" : "btn primary"}
            onClick={() => setEdit(edit === null ? first?.id ?? "" : null)}
          >
            <Icon name={edit === null ? "edit" : "check"} size={18} /> {edit === null ? t("edit") : t("done")}
          </button>
        )}
      </PageHead>
      <Tabs value={tab} set={choose} options={[["map", t("map")], ["plan", t("plan")]]} />
      <SimulatedSwitch />
      {there
        ? (
          <div class="split" role="tabpanel">
            <MapView
              key={tab + plan?.version}
              pins={pins}
              plan={tab === "plan" ? plan! : undefined}
              edit={edit}
              moved={(id, latitude, longitude) => void move(id, tab, latitude, longitude)}
              picked={picked}
            />
            <MapList chargers={all} ground={tab} edit={edit} choose={setEdit} />
          </div>
        )
        : <NoPlan changed={again} />}
    </>
  );
}

/** Loads the plan; null: the site has none. */
async function loadPlan(): Promise<Plan | null> {
  try {
    return await get("/ocpp/plan/");
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
