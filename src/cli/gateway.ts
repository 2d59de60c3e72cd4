// The whole program, put together: one readable start.
import { CentralSystem } from "../central/central_system.ts";
import { MessageLog } from "../central/message_log.ts";
import { Watch } from "../central/watch.ts";
import { Events } from "../actions/events.ts";
import type { Config } from "../config.ts";
import { createApp } from "../http/app.ts";
import { Auth } from "../http/auth.ts";
import { Doormen } from "../http/doormen.ts";
import { servePlain } from "../http/plain_listener.ts";
import type { Services } from "../http/services.ts";
import { describeError, type Log } from "../log.ts";
import { Store } from "../store/store.ts";
import { lockDataDir } from "./data_dir.ts";

/** A running gateway. */
export interface Gateway {
  services: Services;
  port: number;
  /** The admin's password where one had to be made up: shown once. */
  made_up_password: string | null;
  stop(): Promise<void>;
}

/** Starts a gateway. Throws Deno.errors.AddrInUse, or an Error that says what stands in the way; nothing runs then. */
export async function startGateway(config: Config, log: Log, now: () => number = Date.now): Promise<Gateway> {
  await using started = new AsyncDisposableStack();
  const unlock = await lockDataDir(config);
  started.defer(unlock);
  const store = await Store.open({ path: config.kv, window_ms: config.commit_window });
  started.defer(() => store.close());
  const services = servicesOf(config, store, log, now);
  started.defer(() => services.messages.close());
  services.central.start();
  store.readings.start();
  const made_up_password = await services.auth.firstStart(config.admin_password);
  const app = createApp(services);
  const listener = servePlain(services, (request) => app.fetch(request));
  const watch = new Watch(services.central);
  watch.start();
  started.defer(async () => {
    services.central.stop();
    await Promise.race([
      listener.stop(),
      new Promise((resolve) => Deno.unrefTimer(setTimeout(resolve, 2000))),
    ]);
    await watch.stop();
  });
  const running = started.move();
  return { services, port: listener.port, made_up_password, stop: () => running.disposeAsync() };
}

function servicesOf(config: Config, store: Store, log: Log, now: () => number): Services {
  const events = new Events((error) => log.error("A listener failed", { error: describeError(error) }));
  const messages = new MessageLog({
    directory: config.kv === ":memory:" ? null : `${config.data_dir}/log`,
    file_bytes: () => store.settings.log_file_bytes,
    files: () => store.settings.log_files,
    log,
    now,
  });
  const central = new CentralSystem({ store, events, messages, log, now });
  const doormen = new Doormen(() => store.settings);
  return { config, store, central, messages, events, auth: new Auth(store), doormen, log, now };
}
