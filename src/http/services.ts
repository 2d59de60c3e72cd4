// What the doors work with.
import type { CentralSystem } from "../central/central_system.ts";
import type { Commissionings } from "../central/commissioning/commissionings.ts";
import type { MessageLog } from "../central/message_log.ts";
import type { SitePower } from "../central/site_power.ts";
import type { Reach } from "../central/reach.ts";
import type { SiteCa } from "../central/site_ca.ts";
import type { Upkeep } from "../central/upkeep.ts";
import type { Events } from "../actions/events.ts";
import type { Config } from "../config.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import type { Auth } from "./auth.ts";
import type { Doormen } from "./doormen.ts";
import type { Setup } from "./setup.ts";
import type { Simulators } from "./simulators.ts";
import type { SiteMap } from "./site_map.ts";
import type { WaitingRoom } from "./waiting_room.ts";

/** Everything a door may need; made once, in `cli/gateway.ts`. */
export interface Services {
  config: Config;
  store: Store;
  central: CentralSystem;
  messages: MessageLog;
  events: Events;
  auth: Auth;
  setup: Setup;
  doormen: Doormen;
  waiting_room: WaitingRoom;
  upkeep: Upkeep;
  power: SitePower;
  simulators: Simulators;
  commissionings: Commissionings;
  ca: SiteCa;
  map: SiteMap;
  reach: Reach;
  log: Log;
  /** Our time, ms since 1970: the system's, unless its clock is not trusted. */
  now: () => number;
}
