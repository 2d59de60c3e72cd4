// The charger that a path names.
import type { CentralSystem } from "../../../central/central_system.ts";
import type { Charger, Store } from "../../../store/store.ts";
import { notFound } from "../../http_error.ts";

/** The parts that find a charger. */
export interface NamingDeps {
  store: Store;
  central: Pick<CentralSystem, "registeredId">;
}

/** Returns the charger of an id, however it is spelled. Throws HttpError 404. */
export function chargerNamed(charger_id: string, { store, central }: NamingDeps): Charger {
  const charger = store.chargers.get(central.registeredId(charger_id));
  if (!charger) throw notFound("charger", charger_id);
  return charger;
}
