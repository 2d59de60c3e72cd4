// A map with chargers. It needs no Internet: coastlines, place names and a grid come with the program.
import { useEffect, useRef } from "preact/hooks";
import { settings } from "../live.ts";
import { untilLoaded } from "../load_code.ts";
import { theme } from "../theme.ts";
import type { Atlas } from "./atlas.ts";
import type { Pin, Plan } from "./pin.ts";
import { pinFace } from "./pin_face.tsx";

interface MapViewProps {
  pins: Pin[];
  plan?: Plan | undefined;
  small?: boolean;
  /** The charger that a click places; while there is one, all markers can be dragged. */
  edit?: string | null;
  /** Once it changes, all pins are brought into view. */
  focus?: string;
  moved?: (id: string, latitude: number, longitude: number) => void;
  picked?: (id: string) => void;
}

/** The centre of the map while the site has no position: Monterrey. */
export const HOME: [latitude: number, longitude: number] = [25.6866, -100.3161];

/** Shows a map; Leaflet is loaded with the first one. */
export function MapView({ pins, plan, small, edit = null, focus, moved, picked }: MapViewProps) {
  const place = useRef<HTMLDivElement>(null);
  const atlas = useRef<Atlas | null>(null);
  const latest = useRef({ pins, edit, moved, picked });
  latest.current = { pins, edit, moved, picked };
  const scheme = theme.value;
  const { map, tile_url, tile_attribution } = settings.value ?? {};
  useEffect(() => {
    let wanted = true;
    void untilLoaded(() => import("./atlas.ts")).then(({ openAtlas }) => {
      if (!wanted || !place.current) return;
      atlas.current = openAtlas(place.current, {
        centre: centre(),
        site: settings.value,
        plan,
        face: pinFace,
        moved: tell(latest, "moved"),
        picked: tell(latest, "picked"),
      });
      atlas.current.show(latest.current.pins, latest.current.edit);
      atlas.current.fit(latest.current.pins);
    });
    return () => {
      wanted = false;
      atlas.current?.remove();
      atlas.current = null;
    };
  }, [scheme, map?.version, tile_url, tile_attribution]);
  useEffect(() => atlas.current?.show(pins, edit), [JSON.stringify(pins), edit]);
  useEffect(() => atlas.current?.fit(latest.current.pins), [focus]);
  return <div ref={place} class={small ? "map small" : "map"} data-testid="map"></div>;
}

function centre(): [number, number] {
  const { latitude, longitude } = settings.value ?? {};
  return typeof latitude === "number" && typeof longitude === "number" ? [latitude, longitude] : HOME;
}

type Handlers = { moved: MapViewProps["moved"] | undefined; picked: MapViewProps["picked"] | undefined };

/** Returns a function that calls the newest handler: the map outlives a redraw. */
function tell(latest: { current: Handlers }, name: keyof Handlers) {
  return (...values: unknown[]) =>
    (latest.current[name] as ((...values: unknown[]) => void) | undefined)?.(...values);
}
