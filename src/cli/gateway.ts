// The gateway as a whole: its parts, started in order and stopped in reverse.
import type { Config } from "../config.ts";
import type { Log } from "../log.ts";
import { Listeners } from "../http/listeners/listeners.ts";
import { Clock, type ClockDeps } from "../machine/clock.ts";
import { TimeServers } from "../machine/time_servers.ts";
import { startParts } from "../services/mod.ts";
import type { SiteProtocol } from "../site/charger_port.ts";
import { OCPP16 } from "../v16/mod.ts";
import { lockDataDir } from "./data_dir.ts";
import { createParts, type GatewayParts } from "./gateway_parts.ts";
import { openStore } from "./open_store.ts";

/** A running gateway. */
export interface Gateway {
  services: GatewayParts;
  port: number;
  /** Port of the TLS listener; null: there is none. */
  tls_port: number | null;
  /** The one-time code of set-up; null where there is an admin. */
  readonly setup_code: string | null;
  stop(): Promise<void>;
}

/** The parts of a gateway that tests replace. */
export interface GatewayOptions {
  /** Wall clock, ms since 1970. */
  now?: (() => number) | undefined;
  /** The other parts of the clock. */
  clock?: Partial<Omit<ClockDeps, "wall">> | undefined;
  /** The versions of OCPP that chargers may speak; the first is taken for one that names none. */
  protocols?: readonly SiteProtocol[];
}

/** The versions of OCPP there are. */
const PROTOCOLS: readonly SiteProtocol[] = [OCPP16];

/** Starts a gateway. Throws Deno.errors.AddrInUse, or an Error with the reason; nothing runs then. */
export async function startGateway(
  config: Config,
  log: Log,
  { now = Date.now, clock, protocols = PROTOCOLS }: GatewayOptions = {},
): Promise<Gateway> {
  await using started = new AsyncDisposableStack();
  started.defer(await lockDataDir(config));
  const store = await openStore(config, now, log);
  started.defer(() => store.close());
  const ws_port = () => listeners.port;
  const rest = (request: Request) => listeners.answer(request);
  const servers = now === Date.now ? new TimeServers() : null;
  const clocks = clockOf(servers, now, clock);
  const parts = createParts({ config, store, log, protocols, clock: clocks, ws_port, rest });
  const { central, messages, map, event_ring, auth, maintenance, setup, early, late } = parts;
  const listeners = new Listeners(parts);
  started.defer(
    await startParts([
      { stop: () => messages.close() },
      { stop: () => map.stop() },
      { stop: () => event_ring.stop() },
      { start: () => central.start() },
      { start: () => store.readings.start() },
      { start: () => auth.firstStart(config.admin_password) },
      ...servers ? [servers] : [],
      maintenance,
      ...Object.values(early),
      listeners,
      { start: () => auth.createFirst(), stop: () => auth.first_stored ?? undefined },
      ...Object.values(late),
      ...maintenance.disk ? [maintenance.disk] : [],
    ]),
  );
  const running = started.move();
  const { port, tls_port } = listeners;
  return { services: parts, port, tls_port, setup_code: setup.code, stop: () => running.disposeAsync() };
}

/** Makes the clock; a test's wall clock has no time servers. */
function clockOf(servers: TimeServers | null, wall: () => number, given: GatewayOptions["clock"]): Clock {
  const confirmations = servers?.confirmations ?? (() => []);
  return new Clock({ wall, mono: () => performance.now(), confirmations, ...given });
}
