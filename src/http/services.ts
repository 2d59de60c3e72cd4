// What the doors work with.
import type { CentralSystem } from "../central/central_system.ts";
import type { Commissionings } from "../services/commissioning/commissionings.ts";
import type { MessageLog } from "../central/message_log.ts";
import type { SitePower } from "../services/site_power.ts";
import type { Addresses } from "../machine/addresses.ts";
import type { SiteCa } from "../site/security/site_ca.ts";
import type { Maintenance } from "../machine/maintenance.ts";
import type { Events } from "../site/events.ts";
import type { Config } from "../config.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import type { Auth } from "./auth/auth.ts";
import type { ConnectionLimits } from "./admission/connection_limits.ts";
import type { Setup } from "./auth/setup.ts";
import type { Simulators } from "../services/simulators/simulators.ts";
import type { SiteMap } from "./files/site_map.ts";
import type { WaitingRoom } from "./admission/waiting_room.ts";

/** Everything a door may need; made once, in `cli/gateway.ts`. */
export interface Services {
  config: Config;
  store: Store;
  central: CentralSystem;
  messages: MessageLog;
  events: Events;
  auth: Auth;
  setup: Setup;
  connection_limits: ConnectionLimits;
  waiting_room: WaitingRoom;
  maintenance: Maintenance;
  power: SitePower;
  simulators: Simulators;
  commissionings: Commissionings;
  ca: SiteCa;
  map: SiteMap;
  addresses: Addresses;
  log: Log;
  /** Our time, ms since 1970: the system's, unless its clock is not trusted. */
  now: () => number;
}
