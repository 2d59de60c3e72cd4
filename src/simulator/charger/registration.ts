// How a charger is admitted and stays known: BootNotification, Heartbeat, the time (OCPP 1.6 §4.2, §4.6).
import { readTime } from "../../ocpp/time.ts";
import type { Charger } from "./charger.ts";
import type { Timer } from "../clock.ts";
import type { AnswerTo, CallOf } from "./messages.ts";

const RETRY = 30; // s until it asks again when the central system names no interval
const DRIFT = 5_000; // ms that its clock may differ before it is set

export type RegistrationStatus = "none" | "Accepted" | "Pending" | "Rejected";

/** A charger's standing with the central system. */
export class Registration {
  /** What the last BootNotification was answered since power-up. */
  status: RegistrationStatus = "none";
  readonly #charger: Charger;
  #retry: Timer | null = null;
  #heartbeat: Timer | null = null;

  constructor(charger: Charger) {
    this.#charger = charger;
  }

  /** Sends BootNotification until it is accepted; Pending and Rejected name the wait (OCPP 1.6 §4.2). */
  async boot(): Promise<void> {
    this.#retry?.cancel();
    this.#retry = null;
    try {
      this.#answered(await this.#charger.send("BootNotification", this.#payload()));
    } catch (error) {
      this.#charger.warn("Cannot register", error);
      if (this.#charger.link.up) this.#again(RETRY);
    }
  }

  /** The charger is restarting or the line lost: nothing more is asked until boot() or resume(). */
  pause(): void {
    this.#retry?.cancel();
    this.#heartbeat?.cancel();
    this.#retry = this.#heartbeat = null;
  }

  /** Heartbeats every HeartbeatInterval from now. */
  beat(): void {
    this.#heartbeat?.cancel();
    this.#heartbeat = null;
    const seconds = this.#charger.configuration.number("HeartbeatInterval");
    if (seconds <= 0) return;
    this.#heartbeat = this.#charger.clock.after(seconds * 1000, () => {
      this.heartbeat();
      this.beat();
    });
  }

  /** Sends one Heartbeat and takes the time from its answer. */
  async heartbeat(): Promise<void> {
    const answer = await this.#charger.trySend("Heartbeat", {});
    if (answer) this.#setClock(answer.currentTime);
  }

  /** A charger without a serial number tells none. */
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
    this.#charger.tell({ type: "registered", status, interval });
    if (status === "Rejected") return this.#again(interval || RETRY);
    this.#setClock(currentTime);
    if (status === "Pending") return this.#again(interval || RETRY);
    if (interval > 0) this.#charger.configuration.put("HeartbeatInterval", String(interval));
    this.beat();
    this.#charger.accepted();
  }

  #again(seconds: number): void {
    this.#retry = this.#charger.clock.after(seconds * 1000, () => this.boot());
  }

  /** Only in the host's own time is the central system's time the simulator's too. */
  #setClock(time: string): void {
    const server = readTime(time);
    if (!this.#charger.clock.real || Number.isNaN(server)) return;
    if (Math.abs(server - this.#charger.now()) > DRIFT) {
      this.#charger.clock_offset = server - this.#charger.clock.now();
    }
  }
}
