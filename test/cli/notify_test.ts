// sd_notify: the messages to systemd, and the keep-alive messages to its watchdog.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { LongStart, openNotifier } from "../../src/cli/system/notify.ts";
import { isAlive, Watchdog } from "../../src/cli/system/watchdog.ts";
import { SILENT } from "../../src/log.ts";
import { startTestGateway } from "../kit/gateway.ts";

/** Listens on a socket as systemd does. */
async function listen(watchdog_ms?: number) {
  const folder = await Deno.makeTempDir();
  const socket = Deno.listenDatagram({ transport: "unixpacket", path: `${folder}/systemd` });
  const variables: Record<string, string> = {
    NOTIFY_SOCKET: `${folder}/systemd`,
    RUNTIME_DIRECTORY: folder,
    ...(watchdog_ms === undefined ? {} : { WATCHDOG_USEC: String(watchdog_ms * 1000) }),
  };
  return {
    env: (name: string) => variables[name],
    hear: async () => new TextDecoder().decode((await socket.receive())[0]),
    [Symbol.asyncDispose]: async () => {
      socket.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test("the notifier sends READY, STATUS, WATCHDOG and STOPPING", async () => {
  await using systemd = await listen();
  const notifier = openNotifier(SILENT, systemd.env);
  notifier.ready("serving on port 8000");
  assertEquals(await systemd.hear(), "READY=1\nSTATUS=serving on port 8000");
  notifier.status("ok");
  assertEquals(await systemd.hear(), "STATUS=ok");
  notifier.alive();
  assertEquals(await systemd.hear(), "WATCHDOG=1");
  notifier.stopping();
  assertMatch(await systemd.hear(), /^STOPPING=1\n/);
  assertEquals(notifier.watchdog_ms, null);
  notifier.close();
});

Deno.test("LongStart asks systemd for more time once it has begun", async () => {
  await using systemd = await listen();
  using long_start = new LongStart(SILENT, (log) => openNotifier(log, systemd.env));
  long_start.begin("changing the database");
  assertEquals(await systemd.hear(), "EXTEND_TIMEOUT_USEC=60000000\nSTATUS=changing the database");
});

Deno.test("without a service manager the notifier does nothing", () => {
  const notifier = openNotifier(SILENT, () => undefined);
  notifier.ready("serving");
  notifier.close();
  assertEquals(notifier.watchdog_ms, null);
});

Deno.test("the watchdog is notified while the gateway is alive, and the status with it", async () => {
  await using systemd = await listen(60);
  await using site = await startTestGateway();
  const notifier = openNotifier(SILENT, systemd.env);
  const watchdog = new Watchdog(
    site.gateway.services,
    notifier,
    () => isAlive(site.gateway.services, site.url),
  );
  watchdog.start();
  assertEquals(await systemd.hear(), "WATCHDOG=1");
  assertEquals(await systemd.hear(), "STATUS=ok, 0 chargers connected");
  assertEquals(await systemd.hear(), "WATCHDOG=1");
  await watchdog.stop();
  notifier.close();
});

Deno.test("isAlive is false if a commit is stuck, the listener does not accept, or the database does not answer", async () => {
  await using site = await startTestGateway();
  const { services } = site.gateway;
  assert(await isAlive(services, site.url));
  assert(!await isAlive(services, "http://127.0.0.1:1"));
  services.store.commits.stats.under_way_since = performance.now() - 11_000;
  assert(!await isAlive(services, site.url));
  services.store.commits.stats.under_way_since = null;
  const closed = {
    ...services,
    store: { commits: services.store.commits, read: { get: () => Promise.reject(new Error("closed")) } },
  };
  assert(!await isAlive(closed as unknown as typeof services, site.url));
});
