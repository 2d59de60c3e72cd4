// The surroundings of a running gateway: service manager, watchdog and announcement on the LAN.
import { isLoopback } from "../../machine/addresses.ts";
import type { Config } from "../../config.ts";
import { describeError, type Log } from "../../log.ts";
import type { Gateway } from "../gateway.ts";
import { openNotifier } from "./notify.ts";
import { isAlive, Watchdog } from "./watchdog.ts";

/** The notifier, the watchdog and the mDNS responder of a running gateway. */
export interface Service {
  /** Tells the service manager that the gateway is about to stop. */
  stopping(): void;
  stop(): Promise<void>;
}

/** Tells the service manager that chargers can connect, feeds its watchdog, and announces the gateway on the LAN. */
export function startService(gateway: Gateway, config: Config, log: Log): Service {
  const { services, port } = gateway;
  const notifier = openNotifier(log);
  const watchdog = new Watchdog(services, notifier, () => isAlive(services, ownUrl(config, port)));
  watchdog.start();
  notifier.ready(`serving on port ${port}`);
  const mdns = startMdns(gateway, log).catch((error) =>
    log.warn("Cannot announce the gateway on the LAN", { error: describeError(error) })
  );
  return {
    stopping: () => notifier.stopping(),
    stop: async () => {
      await watchdog.stop();
      await (await mdns)?.stop();
      notifier.close();
    },
  };
}

async function startMdns({ services, port }: Gateway, log: Log) {
  const { mdns, mdns_name, name } = services.store.settings;
  if (!mdns || isLoopback(services.config.host)) return null; // not reachable from the LAN
  const { Mdns } = await import("../../machine/mdns.ts");
  return services.addresses.mdns = await Mdns.start({ name: mdns_name, site: name, port, log });
}

/** Returns the URL at which the gateway reaches itself. */
function ownUrl({ host }: Config, port: number): string {
  const own = host === "0.0.0.0"
    ? "127.0.0.1"
    : host === "::"
    ? "[::1]"
    : host.includes(":")
    ? `[${host}]`
    : host;
  return `http://${own}:${port}`;
}
