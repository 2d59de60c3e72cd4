// A chart's data, loaded again while its charger reports.
import { useEffect, useRef } from "preact/hooks";
import { messages } from "../../i18n.ts";
import { generation, onLive } from "../../live.ts";
import { useLoad } from "../parts.tsx";
import { CHARTS } from "../../../i18n/admin/charts.ts";
import { type HistoryQuestion, loadHistory } from "./load_history.ts";

const t = messages(CHARTS);

/** The least time between two loads, ms. */
const PAUSE = 8000;

/** Loads a chart's data, and again when something of its charger changes, if the range reaches the present. */
export function useHistory({ charger_id, quantity, range }: Omit<HistoryQuestion, "now" | "words">) {
  const { from, to } = range;
  const load = async () => {
    const at = Date.now();
    const words = { energy: t("energy"), limit: t("limit") };
    return { at, data: await loadHistory({ charger_id, quantity, range, now: at, words }) };
  };
  const { value, loading, error, again } = useLoad(load, [charger_id, quantity, from, to, generation.value]);
  const latest = useRef(again);
  latest.current = again;
  useEffect(() => {
    if (to < Date.now()) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onLive(({ data }) => {
      if (data.charger_id !== charger_id) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        latest.current();
      }, PAUSE);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [charger_id, to]);
  return { data: value?.data, at: value?.at ?? 0, loading, error };
}
