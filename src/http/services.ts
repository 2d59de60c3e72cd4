// What the doors work with.
import type { CentralSystem } from "../central/central_system.ts";
import type { MessageLog } from "../central/message_log.ts";
import type { Events } from "../actions/events.ts";
import type { Config } from "../config.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import type { Auth } from "./auth.ts";
import type { Doormen } from "./doormen.ts";

/** Everything a door may need; made once, in `cli/gateway.ts`. */
export interface Services {
  config: Config;
  store: Store;
  central: CentralSystem;
  messages: MessageLog;
  events: Events;
  auth: Auth;
  doormen: Doormen;
  log: Log;
  now: () => number;
}
