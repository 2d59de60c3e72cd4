// Availability and faults of a charger and its connectors (OCPP 1.6 §5.2, §4.9).
import type { HasConnectors } from "./base.ts";
import type { Connector, Fault } from "./connector.ts";
import type { Notifier } from "./notifier.ts";
import type { Reservations } from "./reservations.ts";

/** The parts of a charger that its availability uses. */
export interface AvailabilityCharger extends HasConnectors {
  readonly meters: { changeSupply(change: () => void): void };
  readonly notifier: Pick<Notifier, "refresh" | "refreshAll">;
  readonly reservations: Pick<Reservations, "drop">;
}

/** The availability of a charger and its connectors; it survives restarts. */
export class Availability {
  /** Availability of the charger as a whole. */
  operative = true;
  fault: Fault | null = null;
  readonly #charger: AvailabilityCharger;

  constructor(charger: AvailabilityCharger) {
    this.#charger = charger;
  }

  /** Makes a connector operative or not. Returns false when that is deferred to the end of its session. */
  set(connector: Connector, operative: boolean): boolean {
    connector.operative_next = connector.session ? operative : null;
    if (connector.session) return false;
    connector.operative = operative;
    if (!operative) this.#charger.reservations.drop(connector);
    return true;
  }

  /** Makes the change that was deferred to the end of a session. */
  applyDeferred(connector: Connector): void {
    if (connector.operative_next !== null) this.set(connector, connector.operative_next);
  }

  /** Makes all connectors unavailable while firmware is being installed. */
  setUpdating(updating: boolean): void {
    for (const connector of this.#charger.connectors) connector.updating = updating;
    this.#charger.notifier.refreshAll();
  }

  /** Sets or clears the fault of a connector. */
  setFault(connector: Connector, fault: Fault | null): void {
    this.#charger.meters.changeSupply(() => connector.fault = fault);
    if (fault) this.#charger.reservations.drop(connector);
    this.#charger.notifier.refresh(connector);
  }
}
