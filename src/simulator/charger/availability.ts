// What is in service and what is broken (OCPP 1.6 §5.2, §4.9).
import type { Charger } from "./charger.ts";
import type { Connector, Fault } from "./connector.ts";

/** The availability of a charger and its connectors; outlives restarts. */
export class Availability {
  /** Of the charger as a whole. */
  operative = true;
  fault: Fault | null = null;
  readonly #charger: Charger;

  constructor(charger: Charger) {
    this.#charger = charger;
  }

  /** In or out of service; a connector with a session later. True: at once. */
  set(connector: Connector, operative: boolean): boolean {
    connector.operative_next = connector.session ? operative : null;
    if (connector.session) return false;
    connector.operative = operative;
    if (!operative) this.#charger.reservations.drop(connector);
    return true;
  }

  /** A session is over: what waited for that happens. */
  settle(connector: Connector): void {
    if (connector.operative_next !== null) this.set(connector, connector.operative_next);
  }

  /** Out of service while firmware is installed. */
  setUpdating(updating: boolean): void {
    for (const connector of this.#charger.connectors) connector.updating = updating;
    this.#charger.refreshAll();
  }

  /** Something fails, or works again. */
  setFault(connector: Connector, fault: Fault | null): void {
    this.#charger.changeSupply(() => connector.fault = fault);
    if (fault) this.#charger.reservations.drop(connector);
    this.#charger.notifier.refresh(connector);
  }
}
