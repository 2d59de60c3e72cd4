// A charger's power: on, off, and restarts (OCPP 1.6 §5.14).
import type { Charger } from "./charger.ts";
import { sleep, type Timer } from "../clock.ts";
import type { StopReason } from "./sessions.ts";

const LAST_WORDS = 10_000; // ms of the host's time that a restart waits for what is unsent

/** Switches a charger. */
export class Power {
  /** Whether it is on. */
  on = false;
  readonly #charger: Charger;
  #later: Timer | null = null;
  /** Resets that will still fail. */
  #failures: number;

  constructor(charger: Charger) {
    this.#charger = charger;
    this.#failures = charger.settings.reset_failures;
  }

  /** Switches it on: it connects and registers. */
  up(): void {
    this.#cancel();
    this.on = true;
    this.#charger.aligned.start();
    this.#charger.link.dial();
  }

  /** Switches it on in `seconds`. */
  upIn(seconds: number): void {
    this.#cancel();
    this.#later = this.#charger.clock.after(seconds * 1000, () => this.up());
  }

  /** Dials in `seconds`, if it is on then. */
  dialIn(seconds: number): void {
    this.#cancel();
    this.#later = this.#charger.clock.after(seconds * 1000, () => this.on && this.#charger.link.dial());
  }

  /** Switches it off. What was not sent is kept. */
  async down(how: "close" | "drop"): Promise<void> {
    const { aligned, registration, outbox, link, notifier } = this.#charger;
    this.on = false;
    this.#cancel();
    aligned.stop();
    registration.pause();
    registration.status = "none";
    outbox.pause();
    await link.close(how);
    notifier.forget();
  }

  /** A restart that was asked for; one that fails is tried again as often as ResetRetries says (OCPP 1.6 §9.1.22). */
  async reset(reason: StopReason, gentle: boolean): Promise<void> {
    for (let left = this.#charger.configuration.number("ResetRetries"); this.#failures > 0; left--) {
      this.#failures--;
      if (left <= 0) return this.#charger.warn("The reset has failed");
    }
    await this.restart(reason, gentle);
  }

  /** Off and on again, `off_s` later. A gentle restart says first what there is to say; another just happens. */
  async restart(
    reason: StopReason,
    gentle: boolean,
    off_s = this.#charger.settings.reboot_time,
  ): Promise<void> {
    if (!gentle) await this.down("drop");
    for (const connector of this.#charger.connectors) this.#charger.sessions.end(connector, reason);
    if (gentle) {
      await this.lastWords();
      await this.down("close");
    }
    this.upIn(off_s);
  }

  /** Waits until everything is sent, but not for ever. */
  async lastWords(): Promise<void> {
    if (!this.#charger.online) return;
    const { outbox, link, clock, settings } = this.#charger;
    const patience = new AbortController();
    await Promise.race([
      outbox.emptied.then(() => link.idle),
      sleep(clock, LAST_WORDS * settings.speed, patience.signal),
    ]);
    patience.abort();
  }

  #cancel(): void {
    this.#later?.cancel();
    this.#later = null;
  }
}
