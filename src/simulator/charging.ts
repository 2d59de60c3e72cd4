// How much a charger gives its cars: what its cables carry, and what charging profiles leave of it.
import type { Static } from "typebox";
import type { ChargingProfile } from "../ocpp/types.ts";
import type { Charger } from "./charger.ts";
import { maxCurrentOf } from "./config.ts";
import type { Connector, Session } from "./connector.ts";
import type { Offer } from "./supply.ts";

type Profile = Static<typeof ChargingProfile>;

/** Smart charging (OCPP 1.6 §3.13). */
export class Charging {
  readonly #charger: Charger;
  readonly #next = new Map<number, Profile>();

  constructor(charger: Charger) {
    this.#charger = charger;
  }

  /** What a connector offers at a moment of the clock, and until when. */
  offer(_connector: Connector, _at: number): Offer {
    const { settings } = this.#charger;
    return { amps: maxCurrentOf(settings), phases: settings.phases, until: Infinity };
  }

  /** A profile that came with RemoteStartTransaction, for the session to come. */
  forNext(connector: Connector, profile: Profile): void {
    this.#next.set(connector.id, profile);
  }

  /** A session has its id. */
  sessionKnown(_connector: Connector, _session: Session): void {}

  /** A session is over: its profiles are (OCPP 1.6 §3.13.1). */
  sessionOver(_connector: Connector, _session: Session): void {}
}
