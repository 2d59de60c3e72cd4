// Telling systemd how the gateway is (sd_notify): READY, STATUS, WATCHDOG and STOPPING over a datagram socket.
import { describeError, type Log } from "../../log.ts";

/** What the gateway tells its service manager; each call is heard or dropped, never waited for. */
export interface Notifier {
  ready(status: string): void;
  status(text: string): void;
  alive(): void;
  stopping(): void;
  close(): void;
  /** How often `alive` has to be told, ms; null: nobody waits for it. */
  readonly watchdog_ms: number | null;
}

/** Under systemd, a notifier; else one that tells nobody. */
export function openNotifier(
  log: Log,
  env: (name: string) => string | undefined = (name) => Deno.env.get(name),
): Notifier {
  const to = env("NOTIFY_SOCKET");
  const folder = env("RUNTIME_DIRECTORY")?.split(":")[0];
  const usec = Number(env("WATCHDOG_USEC") ?? 0);
  const send = to && folder ? openSocket(to, `${folder}/notify-${Deno.pid}.sock`, log) : null;
  const tell = (text: string) => send?.tell(text);
  return {
    ready: (status) => tell(`READY=1\nSTATUS=${status}`),
    status: (text) => tell(`STATUS=${text}`),
    alive: () => tell("WATCHDOG=1"),
    stopping: () => tell("STOPPING=1\nSTATUS=stopping"),
    close: () => send?.close(),
    watchdog_ms: send && usec > 0 ? usec / 1000 : null,
  };
}

interface Sender {
  tell(text: string): void;
  close(): void;
}

/** A datagram needs a bound socket of one's own; what is left of an earlier one is in the way. */
function openSocket(to: string, own: string, log: Log): Sender | null {
  const address = { transport: "unixpacket" as const, path: to.startsWith("@") ? `\0${to.slice(1)}` : to };
  try {
    removeFile(own);
    const socket = Deno.listenDatagram({ transport: "unixpacket", path: own });
    const failed = (error: unknown) => log.warn("Cannot tell systemd", { error: describeError(error) });
    return {
      tell: (text) => void socket.send(new TextEncoder().encode(text), address).catch(failed),
      close: () => {
        socket.close();
        removeFile(own);
      },
    };
  } catch (error) {
    log.warn("Cannot tell systemd", { error: describeError(error) });
    return null;
  }
}

function removeFile(path: string): void {
  try {
    Deno.removeSync(path);
  } catch { /* there is none */ }
}
