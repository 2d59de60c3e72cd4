// The domain's view of one charger: its state, the store, the events and the time.
import type { Store } from "../store/store.ts";
import type { ChargerState } from "./charger_state.ts";
import type { Newcomers } from "./newcomers.ts";
import type { ChargerKeys } from "./security/charger_keys.ts";
import type { Events } from "./events.ts";

/** One charger with everything that handlers of its messages need. */
export interface Context {
  charger_id: string;
  store: Store;
  /** The charger's live state, in memory. */
  state: ChargerState;
  events: Events;
  keys: ChargerKeys;
  /** Wall clock, ms since 1970. */
  now: () => number;
  /** The limits of automatic registration; there are none without it. */
  newcomers?: Pick<Newcomers, "admits">;
  /** Returns false on evidence that the gateway's time is wrong; the time is trusted without it. */
  trusted?: () => boolean;
}

/** The parts of a context that concern the site as a whole. */
export type SiteContext = Pick<Context, "store" | "events">;

/** The reason why a command is not sent: `input`: the payload is wrong; `state`: the charger's state forbids it. Public. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(readonly reason: "input" | "state", message: string) {
    super(message);
  }
}
