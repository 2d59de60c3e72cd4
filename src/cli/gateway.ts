// The whole program, put together: one readable start.
import type { Hono } from "hono";
import { CentralSystem } from "../central/central_system.ts";
import { CertificateSigning } from "../services/certificate_signing.ts";
import { Clock } from "../machine/clock.ts";
import { Commissionings } from "../services/commissioning/commissionings.ts";
import { LocalListSync } from "../services/local_list_sync.ts";
import { MessageLog } from "../central/message_log.ts";
import { Addresses } from "../machine/addresses.ts";
import { SitePower } from "../services/site_power.ts";
import { SiteCa } from "../site/security/site_ca.ts";
import { Maintenance } from "../machine/maintenance.ts";
import { Housekeeping } from "../services/housekeeping.ts";
import { Events } from "../site/events.ts";
import { OCPP16 } from "../v16/mod.ts";
import type { SiteProtocol } from "../site/charger_port.ts";
import type { Config } from "../config.ts";
import { TileSource } from "../http/api/tiles.ts";
import { createApp } from "../http/app.ts";
import { Auth } from "../http/auth/auth.ts";
import { ConnectionLimits } from "../http/admission/connection_limits.ts";
import { type Listener, servePlain } from "../http/listeners/plain_listener.ts";
import { Setup } from "../http/auth/setup.ts";
import { Simulators } from "../services/simulators/simulators.ts";
import { SiteMap } from "../http/files/site_map.ts";
import { WaitingRoom } from "../http/admission/waiting_room.ts";
import { describeError, type Log } from "../log.ts";
import { backUp, backupName } from "../store/file/backup.ts";
import { guardDatabase, noteSite } from "../store/file/site_guard.ts";
import { Store } from "../store/store.ts";
import { lockDataDir } from "./data_dir.ts";

/** A running gateway. */
export interface Gateway {
  services: GatewayServices;
  port: number;
  /** Port of the TLS listener; null: there is none. */
  tls_port: number | null;
  /** The one-time code of set-up, as long as there is no admin. */
  readonly setup_code: string | null;
  stop(): Promise<void>;
}

/** The parts of a gateway that tests replace. */
export interface GatewayOptions {
  /** Wall clock, ms since 1970. */
  now?: (() => number) | undefined;
  /** The versions of OCPP that chargers may speak; the first is taken for one that names none. */
  protocols?: readonly SiteProtocol[];
}

/** The versions of OCPP there are. */
const PROTOCOLS: readonly SiteProtocol[] = [OCPP16];

/** Starts a gateway. Throws Deno.errors.AddrInUse, or an Error that says what stands in the way; nothing runs then. */
export async function startGateway(
  config: Config,
  log: Log,
  { now = Date.now, protocols = PROTOCOLS }: GatewayOptions = {},
): Promise<Gateway> {
  await using started = new AsyncDisposableStack();
  const unlock = await lockDataDir(config);
  started.defer(unlock);
  const path = fileOf(config);
  if (path !== null) await guardDatabase(path, now());
  const store = await Store.open({
    path: config.kv,
    window_ms: config.commit_window,
    backUp: () => backUpFirst(config, path, now()),
    now,
  });
  started.defer(() => store.close());
  if (path !== null) await noteSite(path, store.site.site_id);
  const services = servicesOf({ config, store, log, protocols, clock: clockOf(now) });
  started.defer(() => services.messages.close());
  started.defer(() => services.map.stop());
  services.central.start();
  store.readings.start();
  await services.auth.firstStart(config.admin_password);
  const app = createApp(services);
  const listener = servePlain(services, (request, peer) => app.fetch(request, peer));
  const tls = config.tls_cert === null ? null : await startTls(services, app, listener);
  services.addresses.ports.ws = config.chargers === "tls" ? null : listener.port;
  services.addresses.ports.wss = tls?.port ?? null;
  await services.maintenance.start();
  started.defer(() => services.maintenance.stop());
  const housekeeping = new Housekeeping(services.central, { sweep: config.tuning.sweep_ms });
  housekeeping.start();
  const local_lists = new LocalListSync(services.central);
  local_lists.start();
  started.defer(() => local_lists.stop());
  const certificates = new CertificateSigning(services.central, services.ca);
  certificates.start();
  started.defer(() => certificates.stop());
  started.defer(async () => {
    services.central.stop();
    services.events.emit("stopping", undefined, () => ({})); // open streams would hold the listener up
    await Promise.race([
      Promise.all([listener.stop(), tls?.stop()]),
      new Promise((resolve) => Deno.unrefTimer(setTimeout(resolve, 2000))),
    ]);
    await housekeeping.stop();
  });
  services.power.start();
  started.defer(() => services.power.stop());
  await services.simulators.start(listener.port);
  started.defer(() => services.simulators.stop());
  await services.commissionings.start();
  started.defer(() => services.commissionings.stop());
  const running = started.move();
  return {
    services,
    port: listener.port,
    tls_port: tls?.port ?? null,
    setup_code: services.setup.code,
    stop: () => running.disposeAsync(),
  };
}

/** The TLS listener: loaded when it is wanted, since it costs memory. When it can't serve, the plain one does not either. */
async function startTls(services: GatewayServices, app: Hono, plain: Listener): Promise<Listener> {
  try {
    const { serveTls } = await import("../http/listeners/tls_listener.ts");
    return await serveTls(services, (request, peer) => app.fetch(request, peer));
  } catch (error) {
    await plain.stop();
    throw error;
  }
}

/** The database's file; null where it is none. */
function fileOf({ kv }: Config): string | null {
  return kv === ":memory:" || /^https?:/.test(kv) ? null : kv;
}

async function backUpFirst({ data_dir }: Config, path: string | null, now: number): Promise<void> {
  if (path === null) return;
  await Deno.mkdir(`${data_dir}/backups`, { recursive: true, mode: 0o700 });
  await backUp(path, `${data_dir}/backups/${backupName(now, "migration")}`);
}

/** A time server has the last word; systemd-timesyncd says by a file whether it has spoken. */
function clockOf(wall: () => number): Clock {
  const synchronized = () => wall === Date.now && isFile("/run/systemd/timesync/synchronized");
  return new Clock({ wall, mono: () => performance.now(), synchronized });
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

interface Given {
  config: Config;
  store: Store;
  log: Log;
  clock: Clock;
  protocols: readonly SiteProtocol[];
}

/** The parts of a gateway by name. */
export type GatewayServices = ReturnType<typeof servicesOf>;

function servicesOf({ config, store, log, clock, protocols }: Given) {
  const { now } = clock;
  const events = new Events((error) =>
    log.error("An event listener failed", { error: describeError(error) })
  );
  const messages = new MessageLog({
    directory: config.kv === ":memory:" ? null : `${config.data_dir}/log`,
    file_bytes: () => store.settings.log_file_bytes,
    files: () => store.settings.log_files,
    log,
    now,
  });
  const central = new CentralSystem({ protocols, store, events, messages, log, now, clock });
  const data_dir = config.kv === ":memory:" ? null : config.data_dir;
  const auth_parts = { store, log, now, data_dir, password_cost: config.tuning.password_cost };
  const auth = new Auth(auth_parts);
  const simulators = new Simulators({ store, events, log });
  const isSimulated = (charger_id: string) => simulators.isSimulated(charger_id);
  return {
    config,
    store,
    central,
    messages,
    events,
    auth,
    setup: new Setup(auth_parts, auth),
    connection_limits: new ConnectionLimits(() => store.settings),
    waiting_room: new WaitingRoom(() => store.settings.waiting_room_entries, now),
    ca: new SiteCa({ directory: data_dir, now }),
    map: new SiteMap({ data_dir: config.data_dir, log }),
    tiles: new TileSource(),
    maintenance: new Maintenance({
      store,
      events,
      clock,
      log,
      path: fileOf(config),
      data_dir: config.data_dir,
    }),
    addresses: new Addresses(config.host),
    simulators,
    power: new SitePower({ store, central, isSimulated, now }),
    commissionings: new Commissionings(central),
    log,
    now,
  };
}
