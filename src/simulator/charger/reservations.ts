// Reservations of connectors for a tag (OCPP 1.6 §5.13, §5.1); connector 0: any one of them.
import { readTime } from "../../ocpp/time.ts";
import type { CommandOf, ReplyTo } from "../messages.ts";
import type { HasClock, HasConnectors } from "./base.ts";
import { type Connector, isReservedFor, type Reservation } from "./connector.ts";
import type { Notifier } from "./notifier.ts";

/** The parts of a charger that reservations use. */
export interface ReservableCharger extends HasClock, HasConnectors {
  readonly notifier: Pick<Notifier, "refreshAll">;
}

type Status = ReplyTo<"ReserveNow">["status"];

/** The reservations of a charger. */
export class Reservations {
  readonly #charger: ReservableCharger;
  /** Reservations of connector 0, by id. */
  readonly #anywhere = new Map<number, Reservation>();

  constructor(charger: ReservableCharger) {
    this.#charger = charger;
  }

  /** Handles ReserveNow; a reservationId that is in use is replaced. */
  reserve(request: CommandOf<"ReserveNow">): Status {
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

  /** Handles CancelReservation; false: there is none of that id. */
  cancel(reservation_id: number): boolean {
    const found = this.#remove(reservation_id);
    this.#charger.notifier.refreshAll();
    return found;
  }

  /** Returns true if no reservation keeps a tag from starting at a connector. */
  allows(connector: Connector, id_tag: string, parent_id_tag?: string): boolean {
    if (connector.reservation) return isReservedFor(connector.reservation, id_tag, parent_id_tag);
    const others = [...this.#anywhere.values()].filter((reservation) =>
      !isReservedFor(reservation, id_tag, parent_id_tag)
    );
    const free = this.#charger.connectors.filter(({ status }) =>
      status === "Available" || status === "Preparing"
    );
    return free.length > others.length;
  }

  /** Removes the reservation that a session uses, and returns its id. */
  use(connector: Connector, id_tag: string, parent_id_tag?: string): number | undefined {
    const candidates = connector.reservation ? [connector.reservation] : [...this.#anywhere.values()];
    const used = candidates.find((reservation) => isReservedFor(reservation, id_tag, parent_id_tag));
    if (used) this.#remove(used.reservation_id);
    return used?.reservation_id;
  }

  /** Removes the reservation of a connector that is out of order (OCPP 1.6 §5.13). */
  drop(connector: Connector): void {
    if (connector.reservation) this.#remove(connector.reservation.reservation_id);
  }

  /** Removes all reservations, with their timers. */
  clear(): void {
    for (const { reservation_id } of this.#all()) this.#remove(reservation_id);
  }

  #obstacle(connector_id: number): Status | null {
    const statuses = this.#charger.connectors
      .filter(({ id }) => connector_id === 0 || id === connector_id)
      .map(({ status }) => status);
    const available = statuses.filter((status) => status === "Available").length;
    if (available > (connector_id === 0 ? this.#anywhere.size : 0)) return null;
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
