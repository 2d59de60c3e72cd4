// Values that are loaded again when an event says that they have changed.
import { useEffect } from "preact/hooks";
import type { EventName } from "../../site/events.ts";
import { generation, onLive } from "../live.ts";
import { useLoad } from "./parts.tsx";

/** The events that make a value stale. */
export interface Changes {
  types: readonly EventName[];
  /** Only events of this charger. */
  charger_id?: string | undefined;
}

/** Loads a value as `useLoad` does, and again at each event of the given types. */
export function useLive<T>(load: () => Promise<T>, { types, charger_id }: Changes, deps: unknown[]) {
  const loaded = useLoad(load, [...deps, generation.value]);
  useEffect(() =>
    onLive(({ type, data }) => {
      if (types.includes(type) && (!charger_id || (data.charger_id ?? charger_id) === charger_id)) {
        loaded.again();
      }
    }), deps);
  return loaded;
}
