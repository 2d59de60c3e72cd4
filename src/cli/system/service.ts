// What a gateway that serves has around it: the service manager, its watchdog, and its name on the LAN.
import { isLoopback } from "../../machine/addresses.ts";
import type { Config } from "../../config.ts";
import { describeError, type Log } from "../../log.ts";
import type { Gateway } from "../gateway.ts";
import { openNotifier } from "./notify.ts";
import { isAlive, Watchdog } from "./watchdog.ts";

/** What goes on beside the gateway until it stops. */
export interface Service {
  /** Says that the gateway stops, before it does. */
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
    log.warn("Not announced on the LAN", { error: describeError(error) })
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
  if (!mdns || isLoopback(services.config.host)) return null; // who can't reach it need not hear of it
  const { Mdns } = await import("../../machine/mdns.ts");
  return services.addresses.mdns = await Mdns.start({ name: mdns_name, site: name, port, log });
}

/** Where the gateway reaches itself. */
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
