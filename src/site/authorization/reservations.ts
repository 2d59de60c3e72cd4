// Reservations (OCPP 1.6 §3.7), from ReserveNow to the session that uses them.
import { toIso } from "../../ocpp/time.ts";
import type { Reservation, Store } from "../../store/store.ts";
import type { Context, SiteContext } from "../context.ts";
import { sameGroup } from "./authorization.ts";

/** Returns the current state of a reservation: it is expired past its time, even if that is not stored yet. */
export function asOf(reservation: Reservation, now: number): Reservation {
  const over = reservation.state === "active" && Date.parse(reservation.expires_at) <= now;
  return over ? { ...reservation, state: "expired", ended_at: reservation.expires_at } : reservation;
}

/** Returns reservations in their current state, newest first, of one charger or of all. */
export function reservationsOf(store: Store, now: number, charger_id?: string): Reservation[] {
  return [...store.reservations.values()]
    .filter((reservation) => charger_id === undefined || reservation.charger_id === charger_id)
    .map((reservation) => asOf(reservation, now))
    .sort((a, b) => b.created_at.localeCompare(a.created_at) || b.reservation_id - a.reservation_id);
}

/** Returns the active reservations of a charger. */
export function activeReservations(
  { store, charger_id, now }: Pick<Context, "store" | "charger_id" | "now">,
): Reservation[] {
  return reservationsOf(store, now(), charger_id).filter(({ state }) => state === "active");
}

/** Returns an id that no reservation of the site has. */
export function newReservationId(store: Store): number {
  let last = store.idFloor("reservation");
  for (const { reservation_id } of store.reservations.values()) last = Math.max(last, reservation_id);
  return last < 2147483647 ? last + 1 : 1;
}

/** A reservation that a charger was asked for. */
export type AskedReservation = Pick<
  Reservation,
  "reservation_id" | "connector_id" | "id_tag" | "parent_id_tag" | "expires_at"
>;

/** Stores the charger's answer; unless it is Accepted, an existing reservation of the same id stays (OCPP 1.6 §5.13). */
export async function keepReservation(
  asked: AskedReservation,
  status: string,
  context: Context,
): Promise<void> {
  const { store, events, charger_id, now } = context;
  const accepted = status === "Accepted";
  const held = activeReservations(context).some(({ reservation_id }) =>
    reservation_id === asked.reservation_id
  );
  if (!accepted && held) return;
  const reservation: Reservation = {
    ...asked,
    charger_id,
    state: accepted ? "active" : "refused",
    created_at: toIso(now()),
    ended_at: accepted ? null : toIso(now()),
    reason: accepted ? null : status,
    transaction_id: null,
  };
  const written = store.reservations.put(reservation);
  events.emit("reservation", charger_id, () => reservation);
  await written;
}

/** Ends a reservation, unless it has already ended. */
export async function endReservation(
  reservation: Reservation,
  ending: Partial<Reservation> & Pick<Reservation, "state" | "ended_at">,
  { store, events }: SiteContext,
): Promise<void> {
  const ended = { ...reservation, ...ending };
  const written = store.reservations.put(ended);
  events.emit("reservation", reservation.charger_id, () => ended);
  await written;
}

/**
 * Returns the reservation that a session uses: the one it names, or else, since some chargers send 0 or none, one of the
 * same connector, or of connector 0, for the same tag or group.
 */
export function reservationFor(
  start: { connector_id: number; id_tag: string; reservation_id: number | null },
  context: Context,
): Reservation | undefined {
  const active = activeReservations(context);
  const named = active.find(({ reservation_id }) => reservation_id === start.reservation_id);
  if (named || start.reservation_id !== null) return named;
  return active
    .filter(({ connector_id }) => connector_id === start.connector_id || connector_id === 0)
    .sort((a, b) => b.connector_id - a.connector_id)
    .find((reservation) => sameGroup(reservation.id_tag, start.id_tag, context.store));
}

/** Ends the reservations of a Faulted or Unavailable connector (OCPP 1.6 §5.13); connector 0 stands for all. */
export async function releaseReservations(
  connector_id: number,
  status: string,
  context: Context,
): Promise<void> {
  if (status !== "Faulted" && status !== "Unavailable") return;
  const ended_at = toIso(context.now());
  const released = activeReservations(context).filter((reservation) =>
    connector_id === 0 || reservation.connector_id === connector_id
  );
  await Promise.all(
    released.map((reservation) =>
      endReservation(reservation, { state: "cancelled", ended_at, reason: status }, context)
    ),
  );
}

/** Stores the expiry of reservations and deletes those that ended `keep_days` ago. For `services/housekeeping.ts`. */
export async function sweepReservations(
  now: number,
  site: SiteContext & { keep_days: number },
): Promise<void> {
  const forget = toIso(now - site.keep_days * 86_400_000);
  const work: Promise<void>[] = [];
  for (const stored of site.store.reservations.all()) {
    const reservation = asOf(stored, now);
    if (reservation !== stored) {
      work.push(endReservation(stored, { state: "expired", ended_at: reservation.ended_at }, site));
    } else if (reservation.ended_at !== null && reservation.ended_at < forget) {
      work.push(site.store.reservations.delete(`${reservation.charger_id}/${reservation.reservation_id}`));
    }
  }
  await Promise.all(work);
}
