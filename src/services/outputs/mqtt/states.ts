// The retained states: the site, its chargers and their connectors, as they are published.
import type { CentralSystem } from "../../../central/central_system.ts";
import type { Alarms } from "../../../machine/alarms.ts";
import { connectorViews } from "../../../site/charger_state.ts";
import type { Charger, Store } from "../../../store/store.ts";

/** The parts in which states are found. */
export interface StatesDeps {
  store: Store;
  central: Pick<CentralSystem, "state">;
  alarms: Alarms;
}

/** The slim state of a charger. */
export function chargerState(charger: Charger, { central }: StatesDeps) {
  const { charger_id, name, vendor, model, firmware_version, registration, simulated } = charger;
  const { connected_since, last_seen } = central.state(charger_id);
  return {
    charger_id,
    name,
    connected: connected_since !== null,
    connected_since,
    last_seen: last_seen === null ? null : new Date(Math.floor(last_seen / 60_000) * 60_000).toISOString(),
    registration,
    vendor,
    model,
    firmware_version,
    simulated,
  };
}

/** The states of a charger's connectors; `register_wh` is the energy register, which only rises. */
export function connectorStates(charger: Charger, registers: Registers, { central, store }: StatesDeps) {
  return connectorViews(charger, central.state(charger.charger_id), store).map((view) => ({
    ...view,
    available: view.status !== "Unavailable",
    charging: view.transaction_id !== null,
    register_wh: registers.of(charger.charger_id, view.connector_id),
  }));
}

/** The state of the site: real chargers only, unless there are none. */
export function siteState({ store, central, alarms }: StatesDeps) {
  const all = store.chargers.all();
  const real = all.filter(({ simulated }) => !simulated);
  const counted = real.length > 0 ? real : all;
  const connectors = counted.flatMap((charger) =>
    connectorViews(charger, central.state(charger.charger_id), store)
  );
  return {
    name: store.settings.name,
    chargers: counted.length,
    connected: counted.filter(({ charger_id }) => central.state(charger_id).connected_since !== null).length,
    sessions: connectors.filter(({ transaction_id }) => transaction_id !== null).length,
    power_w: connectors.reduce((sum, { power_w }) => sum + (power_w ?? 0), 0),
    alarms: alarms.all().map(({ kind, text, since, failing }) => ({ kind, text, since, failing })),
  };
}

/** The energy registers of connectors, Wh, by their newest sessions. */
export class Registers {
  readonly #store: Store;
  readonly #ended = new Map<string, number>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Reads the newest ended session of each connector of a charger. */
  async load(charger_id: string): Promise<void> {
    const { transactions } = await this.#store.transactions.list({ charger_id, limit: 20 });
    for (const { connector_id, meter_stop } of transactions) {
      const key = `${charger_id}/${connector_id}`;
      if (meter_stop !== null && !this.#ended.has(key)) this.#ended.set(key, meter_stop);
    }
  }

  /** Notes the end of a session. */
  ended(charger_id: string, connector_id: number, meter_stop: number | null): void {
    if (meter_stop !== null) this.#ended.set(`${charger_id}/${connector_id}`, meter_stop);
  }

  /** Returns a connector's register; null: it is not known. */
  of(charger_id: string, connector_id: number): number | null {
    const active = this.#store.transactions.activeOn(charger_id, connector_id);
    if (active && active.meter_start !== null) return active.meter_start + (active.energy_wh ?? 0);
    return this.#ended.get(`${charger_id}/${connector_id}`) ?? null;
  }
}
