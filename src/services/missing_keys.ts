// The alarm that says how many chargers have neither a key nor a certificate.
import { alarmText } from "../i18n/alarm_text.ts";
import type { Alarms } from "../machine/alarms.ts";
import type { Charger, Store } from "../store/store.ts";

/** The parts that the service works with. */
export interface MissingKeysDeps {
  store: Store;
  alarms: Alarms;
  /** Milliseconds between two counts. */
  every_ms: number;
}

const CERTIFICATE_PROFILE = 3;

/** Counts the chargers as which anybody on the network can connect. */
export class MissingKeys {
  readonly #deps: MissingKeysDeps;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(deps: MissingKeysDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => this.#count(), this.#deps.every_ms);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #count(): void {
    const { store, alarms } = this.#deps;
    let count = 0;
    for (const charger of store.chargers.values()) if (this.#isOpen(charger)) count++;
    if (count === 0) return alarms.clear("no_keys");
    alarms.raise("no_keys", alarmText("no_keys", { n: count }));
  }

  #isOpen({ charger_id, password, security_profile = 0, registration, simulated }: Charger): boolean {
    return password === null && security_profile < CERTIFICATE_PROFILE && registration === "Accepted" &&
      this.#deps.store.chargers.isStored(charger_id) && !simulated;
  }
}
