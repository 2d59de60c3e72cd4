// A connector: facts about plug, tag, session, faults; its OCPP status follows from them (OCPP 1.6 §4.9).
import type { Static } from "typebox";
import type { ChargePointErrorCode, ChargePointStatus, IdTagInfo, MeterValue } from "../../v16/datatypes.ts";
import type { Car } from "../physics/car.ts";
import type { Timer } from "../clock.ts";
import type { Profile } from "./composite_schedule.ts";

export type Status = Static<typeof ChargePointStatus>;
export type ErrorCode = Static<typeof ChargePointErrorCode>;

/** A tag that may start a session here, until the time for plugging in is over. */
export interface Admission {
  id_tag: string;
  info: IdTagInfo;
  timeout: Timer | null;
  /** Came with RemoteStartTransaction. */
  profile?: Profile;
}

/** A transaction as the charger has it. */
export interface Session {
  /** As the central system said; null until then, -1 when it never did (errata 3.18). */
  transaction_id: number | null;
  id_tag: string;
  info: IdTagInfo;
  /** The charger's clock, ms since 1970. */
  started_at: number;
  /** Wh */
  meter_start: number;
  reservation_id?: number;
  /** `starting` until StartTransaction is answered; `refused`: goes on without energy. */
  state: "starting" | "on" | "refused";
  /** Wh in the register at which no more flows: the tag was refused, but may have so much (MaxEnergyOnInvalidId). */
  last_wh?: number;
  /** What goes into StopTransaction.transactionData. */
  data: Static<typeof MeterValue>[];
}

/** What is wrong with a connector. */
export interface Fault {
  error_code: ErrorCode;
  info?: string;
  vendor_error_code?: string;
}

/** Kept for somebody. */
export interface Reservation {
  reservation_id: number;
  id_tag: string;
  parent_id_tag?: string;
  expiry: Timer;
}

/** A connector's facts. */
export class Connector {
  readonly id: number;
  car: Car | null = null;
  admission: Admission | null = null;
  session: Session | null = null;
  /** A session is over and the plug still in. */
  finished = false;
  operative = true;
  /** ChangeAvailability that waits for the end of the session. */
  operative_next: boolean | null = null;
  reservation: Reservation | null = null;
  /** Firmware is being installed. */
  updating = false;
  fault: Fault | null = null;
  /** What flows, as it was last looked at. */
  flowing: "charging" | "no-offer" | "no-demand" = "no-demand";
  /** What was told last, as told; null: the central system knows nothing. */
  reported: string | null = null;

  constructor(id: number) {
    this.id = id;
  }

  get status(): Status {
    if (this.fault) return "Faulted";
    if (this.session) return sessionStatus(this.session, this.flowing);
    if (this.finished) return "Finishing";
    if (this.car || this.admission) return "Preparing";
    if (!this.operative || this.updating) return "Unavailable";
    return this.reservation ? "Reserved" : "Available";
  }

  /** What there is to tell. */
  get state(): string {
    return `${this.status} ${JSON.stringify(this.fault)}`;
  }

  /** Whether a session could begin. */
  get usable(): boolean {
    return !this.fault && !this.session && this.operative && !this.updating && !this.finished;
  }
}

function sessionStatus({ state }: Session, flowing: Connector["flowing"]): Status {
  if (state === "starting") return "Preparing";
  if (state === "refused" || flowing === "no-offer") return "SuspendedEVSE";
  return flowing === "charging" ? "Charging" : "SuspendedEV";
}

/** Whether a reservation is for this tag or its group (OCPP 1.6 §5.13). */
export function holds(reservation: Reservation, id_tag: string, parent_id_tag?: string): boolean {
  if (reservation.id_tag.toLowerCase() === id_tag.toLowerCase()) return true;
  return reservation.parent_id_tag !== undefined &&
    reservation.parent_id_tag.toLowerCase() === parent_id_tag?.toLowerCase();
}
