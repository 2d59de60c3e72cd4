// A charger's position: in degrees on the map, in percent on the plan.
import { ApiError, call, chargerPath, get } from "../../api.ts";
import { attempt } from "../../components/inputs.tsx";
import type { Plan } from "../../components/pin.ts";
import { messages } from "../../i18n.ts";
import { chargers, putCharger } from "../../live.ts";
import type { ChargerView } from "../../types.ts";
import { MAP } from "../../../i18n/admin/map.ts";

const t = messages(MAP);

/** The surface of a position. */
export type Ground = "map" | "plan";

/** Degrees north and east, or percent from the top and from the left. */
export type Spot = [first: number | null, second: number | null];

/** Returns a charger's position. */
export function spotOf({ latitude, longitude, plan_x, plan_y }: ChargerView, ground: Ground): Spot {
  const percent = (part: number | null) => part === null ? null : Number((part * 100).toFixed(3));
  return ground === "map" ? [latitude, longitude] : [percent(plan_y), percent(plan_x)];
}

/** Stores a charger's position and shows the result; returns true for success. */
export function move(id: string, ground: Ground, ...[first, second]: Spot): Promise<boolean> {
  const put = async (spot: Spot) => putCharger(await call("PATCH", chargerPath(id), fieldsOf(ground, spot)));
  const charger = chargers.get(id)?.value;
  const before = charger && spotOf(charger, ground);
  return attempt(
    () => put([first, second]),
    t("placed", { name: charger?.name || id }),
    { undo: before && (() => put(before)) },
  );
}

function fieldsOf(ground: Ground, [first, second]: Spot) {
  const part = (percent: number | null) => percent === null ? null : Math.min(1, Math.max(0, percent / 100));
  return ground === "map"
    ? { latitude: first, longitude: second }
    : { plan_y: part(first), plan_x: part(second) };
}

/** Loads the site's plan; null: the site has none. */
export async function loadPlan(): Promise<Plan | null> {
  try {
    return await get("/ocpp/plan/");
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
