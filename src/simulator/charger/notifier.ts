// StatusNotification (OCPP 1.6 §4.9): tells each change once, and after an outage what has changed meanwhile.
import type { Charger } from "./charger.ts";
import type { Timer } from "../clock.ts";
import type { Connector, Status } from "./connector.ts";
import type { CallOf } from "./messages.ts";

/** Tells the central system what state connectors are in. */
export class Notifier {
  readonly #charger: Charger;
  readonly #waiting = new Map<number, Timer>();
  /** What the central system has taken note of, by connector. */
  readonly #known = new Map<number, Status>();
  /** Status of the charger itself that was told last. */
  #reported: Status | null = null;

  constructor(charger: Charger) {
    this.#charger = charger;
  }

  /** The charger as a whole: connector 0. */
  get status(): "Available" | "Unavailable" | "Faulted" {
    if (this.#charger.availability.fault) return "Faulted";
    return this.#charger.availability.operative ? "Available" : "Unavailable";
  }

  /** What the central system has taken note of; undefined: nothing yet. */
  known(connector_id: number): Status | undefined {
    return this.#known.get(connector_id);
  }

  /** Tells a connector's status if it is news; MinimumStatusDuration holds back what does not last. */
  refresh(connector: Connector): void {
    this.#waiting.get(connector.id)?.cancel();
    this.#waiting.delete(connector.id);
    if (connector.reported === connector.state) return;
    const seconds = this.#charger.configuration.number("MinimumStatusDuration");
    if (seconds <= 0 || connector.reported === null) return this.report(connector);
    this.#waiting.set(connector.id, this.#charger.clock.after(seconds * 1000, () => this.report(connector)));
  }

  /** Tells a connector's status as it is. */
  report(connector: Connector): void {
    const { status, state, fault } = connector;
    if (!this.#charger.online) return;
    connector.reported = state;
    this.#charger.tell({ type: "status", connector_id: connector.id, status });
    const sent = this.#send(connector.id, {
      status,
      errorCode: fault?.error_code ?? "NoError",
      ...(fault?.info ? { info: fault.info } : {}),
      ...(fault?.vendor_error_code ? { vendorErrorCode: fault.vendor_error_code } : {}),
    });
    sent.then((known) => known || connector.reported !== state || (connector.reported = null));
  }

  /** Tells connector 0 if it is news; MinimumStatusDuration holds back what does not last. */
  refreshCharger(): void {
    this.#waiting.get(0)?.cancel();
    this.#waiting.delete(0);
    if (this.#reported === this.status) return;
    const seconds = this.#charger.configuration.number("MinimumStatusDuration");
    if (seconds <= 0 || this.#reported === null) return this.reportCharger();
    this.#waiting.set(0, this.#charger.clock.after(seconds * 1000, () => this.reportCharger()));
  }

  /** The local list says otherwise of a tag than the central system (OCPP 1.6 §3.5.3). */
  reportConflict(): void {
    this.#send(0, { status: this.status, errorCode: "LocalListConflict" });
  }

  /** Tells connector 0 as it is. */
  reportCharger(): void {
    const { status } = this;
    if (!this.#charger.online) return;
    this.#reported = status;
    this.#send(0, { status, errorCode: this.#charger.availability.fault?.error_code ?? "NoError" });
  }

  /** After a restart the central system is told everything (errata 3.22). */
  forget(): void {
    this.#reported = null;
    for (const connector of this.#charger.connectors) connector.reported = null;
    for (const timer of this.#waiting.values()) timer.cancel();
    this.#waiting.clear();
  }

  async #send(
    connector_id: number,
    what: Pick<CallOf<"StatusNotification">, "status" | "errorCode">,
  ): Promise<boolean> {
    const timestamp = new Date(this.#charger.now()).toISOString();
    const answer = await this.#charger.trySend("StatusNotification", {
      connectorId: connector_id,
      ...what,
      timestamp,
    });
    if (!answer) return false;
    this.#known.set(connector_id, what.status);
    this.#charger.tell({ type: "notified", connector_id, status: what.status });
    return true;
  }
}
