// Connectors kept for a tag (OCPP 1.6 §5.13, §5.1); connector 0: any one of them.
import { readTime } from "../../ocpp/time.ts";
import type { Charger } from "./charger.ts";
import { type Connector, holds, type Reservation } from "./connector.ts";
import type { CommandOf, ReplyTo } from "./messages.ts";

/** The reservations of a charger. */
export class Reservations {
  readonly #charger: Charger;
  /** Those for any connector. */
  readonly #anywhere = new Map<number, Reservation>();

  constructor(charger: Charger) {
    this.#charger = charger;
  }

  /** ReserveNow; the same reservationId again replaces what it stood for. */
  reserve(request: CommandOf<"ReserveNow">): ReplyTo<"ReserveNow">["status"] {
    const { connectorId, reservationId } = request;
    if (connectorId > this.#charger.connectors.length) return "Rejected";
    this.#remove(reservationId);
    const obstacle = this.#obstacle(connectorId);
    if (obstacle) return obstacle;
    const reservation = this.#reservation(request);
    if (connectorId === 0) this.#anywhere.set(reservationId, reservation);
    else this.#charger.connectors[connectorId - 1]!.reservation = reservation;
    return "Accepted";
  }

  /** CancelReservation; false: there is none of that id. */
  cancel(reservation_id: number): boolean {
    const found = this.#remove(reservation_id);
    this.#charger.refreshAll();
    return found;
  }

  /** Whether a tag may start at a connector as far as reservations go. */
  allows(connector: Connector, id_tag: string, parent_id_tag?: string): boolean {
    if (connector.reservation) return holds(connector.reservation, id_tag, parent_id_tag);
    const others = [...this.#anywhere.values()].filter((reservation) =>
      !holds(reservation, id_tag, parent_id_tag)
    );
    const free = this.#charger.connectors.filter(({ status }) =>
      status === "Available" || status === "Preparing"
    );
    return free.length > others.length;
  }

  /** The reservation that a session uses up. */
  use(connector: Connector, id_tag: string, parent_id_tag?: string): number | undefined {
    const candidates = connector.reservation ? [connector.reservation] : [...this.#anywhere.values()];
    const used = candidates.find((reservation) => holds(reservation, id_tag, parent_id_tag));
    if (used) this.#remove(used.reservation_id);
    return used?.reservation_id;
  }

  /** What is out of order is kept for nobody (OCPP 1.6 §5.13). */
  drop(connector: Connector): void {
    if (connector.reservation) this.#remove(connector.reservation.reservation_id);
  }

  /** Stops all clocks. */
  clear(): void {
    for (const { reservation_id } of this.#all()) this.#remove(reservation_id);
  }

  #obstacle(connector_id: number): ReplyTo<"ReserveNow">["status"] | null {
    const { connectors } = this.#charger;
    const statuses = connectors.filter(({ id }) => connector_id === 0 || id === connector_id).map((
      { status },
    ) => status);
    if (
      connector_id === 0 && statuses.filter((status) => status === "Available").length > this.#anywhere.size
    ) return null;
    if (connector_id > 0 && statuses[0] === "Available") return null;
    if (statuses.every((status) => status === "Faulted")) return "Faulted";
    if (statuses.every((status) => status === "Unavailable")) return "Unavailable";
    return "Occupied";
  }

  #reservation({ reservationId, idTag, parentIdTag, expiryDate }: CommandOf<"ReserveNow">): Reservation {
    const wait = readTime(expiryDate) - this.#charger.now();
    return {
      reservation_id: reservationId,
      id_tag: idTag,
      ...(parentIdTag === undefined ? {} : { parent_id_tag: parentIdTag }),
      expiry: this.#charger.clock.after(Math.max(0, wait), () => this.cancel(reservationId)),
    };
  }

  #all(): Reservation[] {
    return [
      ...this.#anywhere.values(),
      ...this.#charger.connectors.flatMap(({ reservation }) => reservation ?? []),
    ];
  }

  #remove(reservation_id: number): boolean {
    const found = this.#all().find((reservation) => reservation.reservation_id === reservation_id);
    found?.expiry.cancel();
    this.#anywhere.delete(reservation_id);
    for (const connector of this.#charger.connectors) {
      if (connector.reservation?.reservation_id === reservation_id) connector.reservation = null;
    }
    return found !== undefined;
  }
}
