// SecurityEventNotification, sent once the charger is online, and the security log (security white paper §4.8).
import type { CallOf } from "../messages.ts";
import type { HasClock, HasMessenger } from "./base.ts";

/** The parts of a charger that security events use. */
export interface SecurityEventsCharger extends HasClock, HasMessenger {}

type SecurityEvent = CallOf<"SecurityEventNotification">;

const MAX_LOG = 500; // events

/** The security events of a charger. */
export class SecurityEvents {
  readonly #charger: SecurityEventsCharger;
  readonly #log: SecurityEvent[] = [];
  readonly #unsent: SecurityEvent[] = [];
  #sending = false;

  constructor(charger: SecurityEventsCharger) {
    this.#charger = charger;
  }

  /** Logs an event, and sends it when it can be sent. */
  add(type: string, techInfo?: string): void {
    const event = {
      type,
      timestamp: new Date(this.#charger.now()).toISOString(),
      ...(techInfo ? { techInfo } : {}),
    };
    this.#log.push(event);
    if (this.#log.length > MAX_LOG) this.#log.shift();
    this.#unsent.push(event);
    this.pump();
  }

  /** Sends unsent events, oldest first. */
  async pump(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    const { messenger } = this.#charger;
    while (this.#unsent[0] && messenger.online) {
      const sent = await messenger.trySend("SecurityEventNotification", this.#unsent[0]);
      if (sent || messenger.online) this.#unsent.shift();
    }
    this.#sending = false;
  }

  /** Returns the security log as text, an event a line. */
  log(): string {
    return this.#log.map(({ timestamp, type, techInfo }) => `${timestamp} ${type} ${techInfo ?? ""}\n`).join(
      "",
    );
  }
}
