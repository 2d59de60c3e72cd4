// The record of a new charger by the site's defaults. It is a copy: a later change of a default leaves the charger as it is.
import { newCharger } from "../store/new_charger.ts";
import type { Charger, LoadPlace, Quirks, Registration, Settings, Store } from "../store/store.ts";
import { failsafeExcess } from "./load/circuit_tree.ts";
import { contradictionIn, loadPlaceOf } from "./load/load_place.ts";
import { DEFAULT_QUIRKS } from "./quirks.ts";

/** The parts that the defaults are read from. */
export interface SiteDefaultsDeps {
  store: Store;
  /** ms since 1970. */
  now: () => number;
}

/** Makes the record of a new charger by the site's defaults. Those of load management that contradict each other are left out. */
export function chargerByDefaults(
  charger_id: string,
  registration: Registration,
  { store, now }: SiteDefaultsDeps,
): Charger {
  const { settings } = store;
  const bare = newCharger(charger_id, registration, now());
  const quirks = defaultQuirks(settings);
  const charger = {
    ...bare,
    require_rfid: settings.new_charger_require_rfid,
    ...(Object.keys(quirks).length > 0 && { quirks }),
  };
  const load = differing(defaultPlace(settings), loadPlaceOf(undefined));
  return onCircuit(contradictionIn(loadPlaceOf({ load })) ? charger : withLoad(charger, load), store);
}

function defaultPlace(settings: Settings): Partial<LoadPlace> {
  return {
    phases: settings.new_charger_single_phase ? 1 : 3,
    min_current_a: settings.new_charger_min_current,
    max_current_a: settings.new_charger_max_current,
    priority: settings.new_charger_priority,
  };
}

function defaultQuirks(settings: Settings): Partial<Quirks> {
  return differing<Quirks>({
    time_zone: settings.new_charger_time_zone || DEFAULT_QUIRKS.time_zone,
    max_power_w: settings.new_charger_max_power || DEFAULT_QUIRKS.max_power_w,
    id_tag_normaliser: settings.new_charger_id_tags,
    ping: settings.new_charger_ping,
  }, DEFAULT_QUIRKS);
}

/** Puts a charger on the site's default circuit, where there is one whose limit still holds without the gateway. */
function onCircuit(charger: Charger, store: Store): Charger {
  const { new_charger_circuit: circuit } = store.settings;
  if (circuit === "" || !store.circuits.has(circuit)) return charger;
  const placed = withLoad(charger, { ...charger.load, circuit });
  return failsafeExcess(store, { charger: placed }) ? charger : placed;
}

function withLoad(charger: Charger, load: Partial<LoadPlace>): Charger {
  return Object.keys(load).length > 0 ? { ...charger, load } : charger;
}

/** Returns the values that differ from those of the program. */
function differing<T extends object>(values: Partial<T>, standard: T): Partial<T> {
  const entries = Object.entries(values).filter(([name, value]) => value !== standard[name as keyof T]);
  return Object.fromEntries(entries) as Partial<T>;
}
