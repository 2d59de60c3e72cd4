// A charger's power: on, off, and restarts (OCPP 1.6 §5.14).
import { sleep, type Timer } from "../../ocpp/client/clock.ts";
import type { Link } from "../../ocpp/client/link.ts";
import type { Outbox } from "../../ocpp/client/outbox.ts";
import type { StopReason } from "../messages.ts";
import type { HasClock, HasConfiguration, HasConnectors, HasEvents, HasMessenger } from "./base.ts";
import type { ClockAligned } from "./clock_aligned.ts";
import type { Notifier } from "./notifier.ts";
import type { Registration } from "./registration.ts";
import type { Sessions } from "./sessions.ts";

/** The parts of a charger that its power switch uses. */
export interface PoweredCharger extends HasClock, HasConfiguration, HasConnectors, HasEvents, HasMessenger {
  readonly aligned: Pick<ClockAligned, "start" | "stop">;
  readonly link: Pick<Link, "dial" | "close" | "idle">;
  readonly notifier: Pick<Notifier, "reset">;
  readonly outbox: Pick<Outbox, "pause" | "emptied">;
  readonly registration: Pick<Registration, "pause" | "status">;
  readonly sessions: Pick<Sessions, "end">;
}

const FLUSH_TIMEOUT = 10_000; // ms of real time that a restart waits for unsent messages

/** The power switch of a charger. */
export class Power {
  /** True while the charger is on. */
  on = false;
  readonly #charger: PoweredCharger;
  #later: Timer | null = null;
  /** Number of resets that will still fail. */
  #failures: number;

  constructor(charger: PoweredCharger) {
    this.#charger = charger;
    this.#failures = charger.settings.reset_failures;
  }

  /** Switches the charger on: it connects and registers. */
  up(): void {
    this.#cancel();
    this.on = true;
    this.#charger.aligned.start();
    this.#charger.link.dial();
  }

  /** Switches the charger on in `seconds`. */
  upIn(seconds: number): void {
    this.#cancel();
    this.#later = this.#charger.clock.after(seconds * 1000, () => this.up());
  }

  /** Connects in `seconds`, if the charger is on then. */
  dialIn(seconds: number): void {
    this.#cancel();
    this.#later = this.#charger.clock.after(seconds * 1000, () => this.on && this.#charger.link.dial());
  }

  /** Switches the charger off. Unsent messages are kept. */
  async down(how: "close" | "drop"): Promise<void> {
    const { aligned, registration, outbox, link, notifier } = this.#charger;
    this.on = false;
    this.#cancel();
    aligned.stop();
    registration.pause();
    registration.status = "none";
    outbox.pause();
    await link.close(how);
    notifier.reset();
  }

  /** Carries out a Reset; one that fails is repeated as often as ResetRetries says (OCPP 1.6 §9.1.22). */
  async reset(reason: StopReason, gentle: boolean): Promise<void> {
    for (let left = this.#charger.configuration.number("ResetRetries"); this.#failures > 0; left--) {
      this.#failures--;
      if (left <= 0) return this.#charger.events.warn("The reset has failed");
    }
    await this.restart(reason, gentle);
  }

  /** Switches the charger off, and on again `off_s` later. A gentle restart sends first what is unsent. */
  async restart(
    reason: StopReason,
    gentle: boolean,
    off_s = this.#charger.settings.reboot_time,
  ): Promise<void> {
    if (!gentle) await this.down("drop");
    for (const connector of this.#charger.connectors) this.#charger.sessions.end(connector, reason);
    if (gentle) {
      await this.flush();
      await this.down("close");
    }
    this.upIn(off_s);
  }

  /** Waits until everything is sent, 10 s at most. */
  async flush(): Promise<void> {
    const { messenger, outbox, link, clock, settings } = this.#charger;
    if (!messenger.online) return;
    const done = new AbortController();
    await Promise.race([
      outbox.emptied.then(() => link.idle),
      sleep(clock, FLUSH_TIMEOUT * settings.speed, done.signal),
    ]);
    done.abort();
  }

  #cancel(): void {
    this.#later?.cancel();
    this.#later = null;
  }
}
