// The services of a site: one list, from which they are made, started and stopped.
import type { Config } from "../config.ts";
import type { CentralSystem } from "../central/central_system.ts";
import type { MessageLog } from "../central/message_log.ts";
import type { Log } from "../log.ts";
import type { Alarms } from "../machine/alarms.ts";
import type { Clock } from "../machine/clock.ts";
import type { Events } from "../site/events.ts";
import type { SiteCa } from "../site/security/site_ca.ts";
import type { Store } from "../store/store.ts";
import type { Activity } from "../site/activity/activity.ts";
import { ActivityService } from "./activity_service.ts";
import { AfterConnecting } from "./after_connecting.ts";
import { AvailabilityService } from "./availability.ts";
import { CertificateExpiry } from "./certificate_expiry.ts";
import { CertificateSigning } from "./certificate_signing.ts";
import { Commissionings } from "./commissioning/commissionings.ts";
import { FleetLink } from "./fleet/fleet_link.ts";
import { Housekeeping } from "./housekeeping.ts";
import { LoadManagement } from "./load/load_management.ts";
import { FeedMeters } from "./load/meters/feed_meters.ts";
import { LocalListSync } from "./local_list_sync.ts";
import { MissingKeys } from "./missing_keys.ts";
import { ReadingAlarm } from "./reading_alarm.ts";
import { Alerts } from "./outputs/alerts/alerts.ts";
import { Channels } from "./outputs/channels/channels.ts";
import { Mqtt } from "./outputs/mqtt/mqtt.ts";
import { Webhooks } from "./outputs/webhooks.ts";
import { SessionSums } from "./session_sums.ts";
import { Simulators } from "./simulators/simulators.ts";
import { SitePower } from "./site_power.ts";
import { Upgrades } from "./upgrades.ts";

/** A part of the gateway with a lifetime. */
export interface Part {
  start?(): void | Promise<void>;
  stop?(): void | Promise<void>;
}

/** The parts that services choose from; each names those that it works with. */
export interface ServiceDeps {
  config: Config;
  store: Store;
  events: Events;
  activity: Activity;
  messages: MessageLog;
  central: CentralSystem;
  ca: SiteCa;
  alarms: Alarms;
  clock: Clock;
  log: Log;
  now: () => number;
  /** The key by which the site's own simulators identify themselves. */
  simulator_key: string;
  /** The port of the plain listener, once it is open. */
  ws_port: () => number;
  /** Answers a request as the listeners do, once they are open. */
  rest: (request: Request) => Promise<Response>;
}

/**
 * Makes the services, in the order in which they start. The early ones start before chargers can connect and stop when
 * the last one has gone; the late ones start and stop while chargers can connect.
 */
export function createServices(deps: ServiceDeps) {
  const simulators = new Simulators(deps);
  const certificates = new CertificateSigning(deps);
  const { sweep_ms, boot_grace_ms: grace_ms, retry_ms, gather_ms } = deps.config.tuning;
  const channels = new Channels({ ...deps, retry_ms, gather_ms, every_ms: sweep_ms });
  const sums = new SessionSums({ ...deps, every_ms: sweep_ms, rebuild: () => upgrades.begin("sums") });
  const upgrades = new Upgrades(deps, {
    indexes: (done) => deps.store.transactions.indexAfter(done),
    sums: (done) => sums.fileAfter(done),
  });
  const load = new LoadManagement({ ...deps, mono: () => deps.clock.mono() });
  const mqtt = new Mqtt(deps);
  return {
    early: {
      availability: new AvailabilityService({ ...deps, every_ms: sweep_ms }),
      event_log: new ActivityService({ ...deps, every_ms: sweep_ms }),
      sums,
      housekeeping: new Housekeeping({ ...deps, sweep_ms }),
      local_lists: new LocalListSync(deps),
      certificates,
      after_connecting: new AfterConnecting({ ...deps, certificates, grace_ms }),
      reading_alarm: new ReadingAlarm({ ...deps, every_ms: sweep_ms }),
      certificate_expiry: new CertificateExpiry({ ...deps, every_ms: sweep_ms }),
      missing_keys: new MissingKeys({ ...deps, every_ms: sweep_ms }),
      power: new SitePower(deps),
      load,
      channels,
      alerts: new Alerts({ ...deps, channels, load, every_ms: sweep_ms }),
      webhooks: new Webhooks({ ...deps, retry_ms, every_ms: sweep_ms }),
    },
    late: {
      mqtt,
      feed_meters: new FeedMeters({ ...deps, load, mqtt }),
      upgrades,
      simulators,
      fleet: new FleetLink(deps),
      commissionings: new Commissionings({ ...deps, load }),
    },
  };
}

/** Starts parts in order. If one fails, those before it are stopped. Returns the function that stops them in reverse. */
export async function startParts(parts: readonly Part[]): Promise<() => Promise<void>> {
  await using started = new AsyncDisposableStack();
  for (const part of parts) {
    await part.start?.();
    started.defer(() => part.stop?.());
  }
  const running = started.move();
  return () => running.disposeAsync();
}
