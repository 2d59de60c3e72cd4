// What concerns a charger's security (security white paper §4.8, A04): told when there is a line, and kept in the security log.
import type { Charger } from "./charger.ts";
import type { CallOf } from "./messages.ts";

type SecurityEvent = CallOf<"SecurityEventNotification">;

const LONGEST_LOG = 500; // events

/** The security events of a charger. */
export class SecurityEvents {
  readonly #charger: Charger;
  readonly #log: SecurityEvent[] = [];
  readonly #untold: SecurityEvent[] = [];
  #telling = false;

  constructor(charger: Charger) {
    this.#charger = charger;
  }

  /** Notes an event, and tells it as soon as it can be told. */
  tell(type: string, techInfo?: string): void {
    const event = {
      type,
      timestamp: new Date(this.#charger.now()).toISOString(),
      ...(techInfo ? { techInfo } : {}),
    };
    this.#log.push(event);
    if (this.#log.length > LONGEST_LOG) this.#log.shift();
    this.#untold.push(event);
    this.pump();
  }

  /** Tells what could not be told before, in order. */
  async pump(): Promise<void> {
    if (this.#telling) return;
    this.#telling = true;
    while (this.#untold[0] && this.#charger.online) {
      const told = await this.#charger.trySend("SecurityEventNotification", this.#untold[0]);
      if (told || this.#charger.online) this.#untold.shift();
    }
    this.#telling = false;
  }

  /** The security log as text. */
  log(): string {
    return this.#log.map(({ timestamp, type, techInfo }) => `${timestamp} ${type} ${techInfo ?? ""}\n`).join(
      "",
    );
  }
}
