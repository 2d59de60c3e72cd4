// StatusNotification (OCPP 1.6 §4.9): each change once, and after an outage the changes meanwhile.
import type { Timer } from "../../ocpp/client/clock.ts";
import type { CallOf, Status } from "../messages.ts";
import type { HasClock, HasConfiguration, HasConnectors, HasEvents, HasMessenger } from "./base.ts";
import type { Connector, Fault } from "./connector.ts";

/** The parts of a charger that the notifier uses. */
export interface NotifierCharger extends HasClock, HasConfiguration, HasConnectors, HasEvents, HasMessenger {
  readonly availability: { readonly operative: boolean; readonly fault: Fault | null };
}

/** Reports the states of a charger and its connectors. */
export class Notifier {
  readonly #charger: NotifierCharger;
  /** Reports that MinimumStatusDuration holds back, by connector. */
  readonly #waiting = new Map<number, Timer>();
  /** Statuses that the central system has answered, by connector. */
  readonly #known = new Map<number, Status>();
  /** Status of connector 0 that was reported last; null: none since power-up. */
  #reported: Status | null = null;

  constructor(charger: NotifierCharger) {
    this.#charger = charger;
  }

  /** Status of the charger as a whole, connector 0. */
  get status(): "Available" | "Unavailable" | "Faulted" {
    if (this.#charger.availability.fault) return "Faulted";
    return this.#charger.availability.operative ? "Available" : "Unavailable";
  }

  /** Returns the status that the central system has answered last; undefined: none yet. */
  known(connector_id: number): Status | undefined {
    return this.#known.get(connector_id);
  }

  /** Reports every status that has changed. */
  refreshAll(): void {
    this.#refreshCharger();
    for (const connector of this.#charger.connectors) this.refresh(connector);
  }

  /** Reports a connector's status if it has changed, and lasts for MinimumStatusDuration. */
  refresh(connector: Connector): void {
    this.#cancel(connector.id);
    if (connector.reported === connector.state) return;
    this.#reportLater(connector.id, connector.reported === null, () => this.report(connector));
  }

  /** Reports a connector's status now. */
  report(connector: Connector): void {
    const { status, state, fault } = connector;
    if (!this.#charger.messenger.online) return;
    connector.reported = state;
    this.#charger.events.emit({ type: "status", connector_id: connector.id, status });
    const sent = this.#send(connector.id, {
      status,
      errorCode: fault?.error_code ?? "NoError",
      ...(fault?.info ? { info: fault.info } : {}),
      ...(fault?.vendor_error_code ? { vendorErrorCode: fault.vendor_error_code } : {}),
    });
    sent.then((known) => known || connector.reported !== state || (connector.reported = null));
  }

  /** Reports the status of connector 0 now. */
  reportCharger(): void {
    const { status } = this;
    if (!this.#charger.messenger.online) return;
    this.#reported = status;
    this.#send(0, { status, errorCode: this.#charger.availability.fault?.error_code ?? "NoError" });
  }

  /** Reports that the local list and the central system disagree about a tag (OCPP 1.6 §3.5.3). */
  reportConflict(): void {
    this.#send(0, { status: this.status, errorCode: "LocalListConflict" });
  }

  /** Forgets what was reported: after a restart all statuses are reported again (errata 3.22). */
  reset(): void {
    this.#reported = null;
    for (const connector of this.#charger.connectors) connector.reported = null;
    for (const timer of this.#waiting.values()) timer.cancel();
    this.#waiting.clear();
  }

  #refreshCharger(): void {
    this.#cancel(0);
    if (this.#reported === this.status) return;
    this.#reportLater(0, this.#reported === null, () => this.reportCharger());
  }

  #cancel(connector_id: number): void {
    this.#waiting.get(connector_id)?.cancel();
    this.#waiting.delete(connector_id);
  }

  /** Reports after MinimumStatusDuration; the first status at once. */
  #reportLater(connector_id: number, first: boolean, report: () => void): void {
    const seconds = this.#charger.configuration.number("MinimumStatusDuration");
    if (seconds <= 0 || first) return report();
    this.#waiting.set(connector_id, this.#charger.clock.after(seconds * 1000, report));
  }

  async #send(
    connector_id: number,
    fields: Pick<CallOf<"StatusNotification">, "status" | "errorCode">,
  ): Promise<boolean> {
    const timestamp = new Date(this.#charger.now()).toISOString();
    const answer = await this.#charger.messenger.trySend("StatusNotification", {
      connectorId: connector_id,
      ...fields,
      timestamp,
    });
    if (!answer) return false;
    this.#known.set(connector_id, fields.status);
    this.#charger.events.emit({ type: "notified", connector_id, status: fields.status });
    return true;
  }
}
