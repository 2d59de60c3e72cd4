// Notifications to systemd (sd_notify): READY, STATUS, WATCHDOG, STOPPING and a longer start, over a datagram socket.
import { describeError, type Log } from "../../log.ts";

const ASK_EVERY_MS = 20_000;

/** Sends notifications to the service manager; no call waits, and none fails. */
export interface Notifier {
  ready(status: string): void;
  status(text: string): void;
  /** Says what takes so long before READY, and asks for time until the next call: 60 s from now. */
  busy(text: string): void;
  alive(): void;
  stopping(): void;
  close(): void;
  /** Longest time between two calls of `alive`, ms; null if the service has no watchdog. */
  readonly watchdog_ms: number | null;
}

/** Opens the notifier; without systemd its calls do nothing. */
export function openNotifier(
  log: Log,
  env: (name: string) => string | undefined = (name) => Deno.env.get(name),
): Notifier {
  const to = env("NOTIFY_SOCKET");
  const folder = env("RUNTIME_DIRECTORY")?.split(":")[0];
  const usec = Number(env("WATCHDOG_USEC") ?? 0);
  const send = to && folder ? openSocket(to, `${folder}/notify-${Deno.pid}.sock`, log) : null;
  const tell = (text: string) => send?.send(text);
  return {
    ready: (status) => tell(`READY=1\nSTATUS=${status}`),
    status: (text) => tell(`STATUS=${text}`),
    busy: (text) => tell(`EXTEND_TIMEOUT_USEC=60000000\nSTATUS=${text}`),
    alive: () => tell("WATCHDOG=1"),
    stopping: () => tell("STOPPING=1\nSTATUS=stopping"),
    close: () => send?.close(),
    watchdog_ms: send && usec > 0 ? usec / 1000 : null,
  };
}

/** Asks the service manager for more time again and again until it is disposed of; nothing is asked before `begin`. */
export class LongStart implements Disposable {
  readonly #log: Log;
  readonly #open: typeof openNotifier;
  #notifier: Notifier | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(log: Log, open: typeof openNotifier = openNotifier) {
    this.#log = log;
    this.#open = open;
  }

  /** Begins to ask; `text` says what takes so long. */
  begin(text: string): void {
    const notifier = this.#notifier ??= this.#open(this.#log);
    clearInterval(this.#timer);
    notifier.busy(text);
    this.#timer = setInterval(() => notifier.busy(text), ASK_EVERY_MS);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#notifier?.close();
  }
}

interface Sender {
  send(text: string): void;
  close(): void;
}

/** Opens a datagram socket bound to `own`, whose file is deleted first if an earlier process has left it. */
function openSocket(to: string, own: string, log: Log): Sender | null {
  const address = { transport: "unixpacket" as const, path: to.startsWith("@") ? `\0${to.slice(1)}` : to };
  try {
    removeFile(own);
    const socket = Deno.listenDatagram({ transport: "unixpacket", path: own });
    const failed = (error: unknown) => log.warn("Cannot notify systemd", { error: describeError(error) });
    return {
      send: (text) => void socket.send(new TextEncoder().encode(text), address).catch(failed),
      close: () => {
        socket.close();
        removeFile(own);
      },
    };
  } catch (error) {
    log.warn("Cannot notify systemd", { error: describeError(error) });
    return null;
  }
}

function removeFile(path: string): void {
  try {
    Deno.removeSync(path);
  } catch { /* it does not exist */ }
}
