// A connector: its plug, tag, session and faults, from which its OCPP status follows (OCPP 1.6 §4.9).
import type { Timer } from "../../ocpp/client/clock.ts";
import type { ChargingProfile, ErrorCode, IdTagInfo, MeterValue, Status } from "../messages.ts";
import type { Car } from "../physics/car.ts";

/** An accepted tag that may start a session when a car is plugged in, until its time is over. */
export interface AcceptedTag {
  id_tag: string;
  info: IdTagInfo;
  timeout: Timer | null;
  /** The profile of RemoteStartTransaction. */
  profile?: ChargingProfile;
}

/** A transaction as the charger has it. */
export interface Session {
  /** The central system's id; null until it is known, -1 when StartTransaction was refused for good (errata 3.18). */
  transaction_id: number | null;
  id_tag: string;
  info: IdTagInfo;
  /** By the charger's clock, ms since 1970. */
  started_at: number;
  /** Wh */
  meter_start: number;
  reservation_id?: number;
  /** `starting` until StartTransaction is answered; `refused`: goes on without energy. */
  state: "starting" | "on" | "refused";
  /** Wh in the register at which the supply ends: the tag was refused, but may have so much (MaxEnergyOnInvalidId). */
  last_wh?: number;
  /** StopTransaction.transactionData. */
  data: MeterValue[];
}

/** A fault of a connector, as StatusNotification reports it. */
export interface Fault {
  error_code: ErrorCode;
  info?: string;
  vendor_error_code?: string;
}

/** A reservation for a tag or its group. */
export interface Reservation {
  reservation_id: number;
  id_tag: string;
  parent_id_tag?: string;
  expiry: Timer;
}

/** The state of a connector. */
export class Connector {
  readonly id: number;
  car: Car | null = null;
  accepted_tag: AcceptedTag | null = null;
  session: Session | null = null;
  /** True while a session is over and the plug still in. */
  finished = false;
  operative = true;
  /** ChangeAvailability that waits for the end of the session. */
  operative_next: boolean | null = null;
  reservation: Reservation | null = null;
  /** True while firmware is being installed. */
  updating = false;
  fault: Fault | null = null;
  /** The flow of energy at the last update. */
  flowing: "charging" | "no-offer" | "no-demand" = "no-demand";
  /** The `state` that was reported last; null: none since power-up. */
  reported: string | null = null;

  constructor(id: number) {
    this.id = id;
  }

  get status(): Status {
    if (this.fault) return "Faulted";
    if (this.session) return sessionStatus(this.session, this.flowing);
    if (this.finished) return "Finishing";
    if (this.car || this.accepted_tag) return "Preparing";
    if (!this.operative || this.updating) return "Unavailable";
    return this.reservation ? "Reserved" : "Available";
  }

  /** Status and fault as one text, to compare with what was reported. */
  get state(): string {
    return `${this.status} ${JSON.stringify(this.fault)}`;
  }

  /** True while a session could begin. */
  get usable(): boolean {
    return !this.fault && !this.session && this.operative && !this.updating && !this.finished;
  }
}

function sessionStatus({ state }: Session, flowing: Connector["flowing"]): Status {
  if (state === "starting") return "Preparing";
  if (state === "refused" || flowing === "no-offer") return "SuspendedEVSE";
  return flowing === "charging" ? "Charging" : "SuspendedEV";
}

/** Returns true if a reservation is for this tag or its group (OCPP 1.6 §5.13). */
export function isReservedFor(reservation: Reservation, id_tag: string, parent_id_tag?: string): boolean {
  if (reservation.id_tag.toLowerCase() === id_tag.toLowerCase()) return true;
  return reservation.parent_id_tag !== undefined &&
    reservation.parent_id_tag.toLowerCase() === parent_id_tag?.toLowerCase();
}
