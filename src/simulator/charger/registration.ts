// BootNotification, Heartbeat, and the time that they bring (OCPP 1.6 §4.2, §4.6).
import type { Timer } from "../../ocpp/client/clock.ts";
import type { Link } from "../../ocpp/client/link.ts";
import { readTime } from "../../ocpp/time.ts";
import type { AnswerTo, CallOf } from "../messages.ts";
import type { HasClock, HasConfiguration, HasEvents, HasMessenger } from "./base.ts";

/** The parts of a charger that its registration uses. */
export interface RegisteringCharger extends HasClock, HasConfiguration, HasEvents, HasMessenger {
  readonly link: Pick<Link, "up">;
  readonly firmware_version: string;
  clock_offset: number;
  /** Called when BootNotification has been accepted. */
  onAccepted(): void;
}

const RETRY = 30; // s until the next BootNotification when the central system names no interval
const MAX_DRIFT = 5_000; // ms that the charger's clock may differ before it is set

export type RegistrationStatus = "none" | "Accepted" | "Pending" | "Rejected";

/** The registration of a charger with its central system. */
export class Registration {
  /** Answer to the last BootNotification since power-up. */
  status: RegistrationStatus = "none";
  readonly #charger: RegisteringCharger;
  #retry: Timer | null = null;
  #heartbeat: Timer | null = null;

  constructor(charger: RegisteringCharger) {
    this.#charger = charger;
  }

  /** Sends BootNotification until it is accepted; Pending and Rejected name the wait (OCPP 1.6 §4.2). */
  async boot(): Promise<void> {
    const { messenger, events, link } = this.#charger;
    this.#retry?.cancel();
    this.#retry = null;
    try {
      this.#answered(await messenger.send("BootNotification", this.#payload()));
    } catch (error) {
      events.warn("Cannot register", error);
      if (link.up) this.#bootIn(RETRY);
    }
  }

  /** Cancels the next BootNotification and Heartbeat: the connection is lost, or the charger restarts. */
  pause(): void {
    this.#retry?.cancel();
    this.#heartbeat?.cancel();
    this.#retry = this.#heartbeat = null;
  }

  /** Sends a Heartbeat every HeartbeatInterval from now. */
  startHeartbeats(): void {
    this.#heartbeat?.cancel();
    this.#heartbeat = null;
    const seconds = this.#charger.configuration.number("HeartbeatInterval");
    if (seconds <= 0) return;
    this.#heartbeat = this.#charger.clock.after(seconds * 1000, () => {
      this.heartbeat();
      this.startHeartbeats();
    });
  }

  /** Sends one Heartbeat and sets the charger's clock by its answer. */
  async heartbeat(): Promise<void> {
    const answer = await this.#charger.messenger.trySend("Heartbeat", {});
    if (answer) this.#setClock(answer.currentTime);
  }

  #payload(): CallOf<"BootNotification"> {
    const { vendor, model, serial_number, boot_fields } = this.#charger.settings;
    const serial = serial_number
      ? { chargePointSerialNumber: serial_number, meterSerialNumber: serial_number }
      : {};
    return {
      chargePointVendor: vendor,
      chargePointModel: model,
      firmwareVersion: this.#charger.firmware_version,
      meterType: "Simulated",
      ...serial,
      ...boot_fields,
    };
  }

  #answered({ status, interval, currentTime }: AnswerTo<"BootNotification">): void {
    this.status = status;
    this.#charger.events.emit({ type: "registered", status, interval });
    if (status === "Rejected") return this.#bootIn(interval || RETRY);
    this.#setClock(currentTime);
    if (status === "Pending") return this.#bootIn(interval || RETRY);
    if (interval > 0) this.#charger.configuration.put("HeartbeatInterval", String(interval));
    this.startHeartbeats();
    this.#charger.onAccepted();
  }

  #bootIn(seconds: number): void {
    this.#retry = this.#charger.clock.after(seconds * 1000, () => this.boot());
  }

  /** Sets the charger's clock, unless simulated time is not the central system's time. */
  #setClock(time: string): void {
    const server = readTime(time);
    if (!this.#charger.clock.real || Number.isNaN(server)) return;
    if (Math.abs(server - this.#charger.now()) > MAX_DRIFT) {
      this.#charger.clock_offset = server - this.#charger.clock.now();
    }
  }
}
