// The parts of a gateway by name, made from its configuration; none is started here.
import type { Config } from "../config.ts";
import { describeError, type Log } from "../log.ts";
import { CentralSystem } from "../central/central_system.ts";
import { MessageLog } from "../central/message_log.ts";
import { ConnectionLimits } from "../http/admission/connection_limits.ts";
import { WaitingRoom } from "../http/admission/waiting_room.ts";
import { EventRing } from "../http/api/event_ring.ts";
import { TileSource } from "../http/api/tiles.ts";
import { Auth } from "../http/auth/auth.ts";
import { Setup } from "../http/auth/setup.ts";
import { SiteMap } from "../http/files/site_map.ts";
import { Addresses } from "../machine/addresses.ts";
import type { Clock } from "../machine/clock.ts";
import { Maintenance } from "../machine/maintenance.ts";
import { createServices } from "../services/mod.ts";
import type { SiteProtocol } from "../site/charger_port.ts";
import { Activity } from "../site/activity/activity.ts";
import { Events } from "../site/events.ts";
import { SiteCa } from "../site/security/site_ca.ts";
import type { Store } from "../store/store.ts";
import { databaseFileOf } from "./data_dir.ts";

/** The surroundings of a gateway. */
export interface GatewayDeps {
  config: Config;
  store: Store;
  log: Log;
  clock: Clock;
  protocols: readonly SiteProtocol[];
  /** The port of the plain listener, once it is open. */
  ws_port: () => number;
  /** Answers a request as the listeners do, once they are open. */
  rest: (request: Request) => Promise<Response>;
}

/** The parts of a gateway by name. */
export type GatewayParts = ReturnType<typeof createParts>;

/** Makes the parts. */
export function createParts(deps: GatewayDeps) {
  const { config, store, log, clock } = deps;
  const { now } = clock;
  const in_memory = config.kv === ":memory:";
  const events = new Events((error) =>
    log.error("An event listener failed", { error: describeError(error) })
  );
  const activity = new Activity({ store, now });
  const messages = new MessageLog({
    directory: in_memory ? null : `${config.data_dir}/log`,
    file_bytes: () => store.settings.log_file_bytes,
    files: () => store.settings.log_files,
    log,
    now,
  });
  const ca = new SiteCa({
    directory: in_memory ? null : config.data_dir,
    now,
    key_bits: config.tuning.ca_key_bits,
  });
  const central = new CentralSystem({ ...deps, events, messages, now });
  const path = databaseFileOf(config);
  const maintenance = new Maintenance({ store, events, clock, log, path, config });
  const { alarms } = maintenance;
  const simulator_key = crypto.randomUUID();
  const services = createServices({
    ...deps,
    events,
    activity,
    messages,
    central,
    ca,
    alarms,
    simulator_key,
    now,
  });
  return {
    ...services,
    ...services.early,
    ...services.late,
    ...authOf(deps),
    config,
    store,
    central,
    messages,
    events,
    activity,
    event_ring: new EventRing({ events }),
    simulator_key,
    connection_limits: new ConnectionLimits(() => store.settings),
    waiting_room: new WaitingRoom(() => store.settings.waiting_room_entries, now),
    ca,
    map: new SiteMap({ data_dir: config.data_dir, log }),
    tiles: new TileSource(),
    maintenance,
    addresses: new Addresses(config.host),
    clock,
    log,
    now,
  };
}

function authOf({ config, store, log, clock }: GatewayDeps) {
  const data_dir = config.kv === ":memory:" ? null : config.data_dir;
  const deps = { store, log, now: clock.now, data_dir, password_cost: config.tuning.password_cost };
  const auth = new Auth(deps);
  return { auth, setup: new Setup(deps, auth) };
}
