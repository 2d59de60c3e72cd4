// What is loaded, and loaded again when the gateway tells that it has changed.
import { useEffect } from "preact/hooks";
import type { EventName } from "../../site/events.ts";
import { generation, onLive } from "../live.ts";
import { useLoad } from "./parts.tsx";

/** What makes it old. */
export interface Changes {
  types: readonly EventName[];
  /** Only of this charger. */
  charger_id?: string | undefined;
}

/** Like `useLoad`; also loads anew at each event of some types. */
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
