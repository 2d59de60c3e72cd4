// The listener `deno`: Deno.serve for REST, pages and ws:// chargers on the plain port.
import type { Connection } from "../../central/connection.ts";
import type { ChargerSocket, Handshake } from "../../central/socket.ts";
import { clientAddress } from "../admission/address.ts";
import { quirksOf } from "../../site/quirks.ts";
import { admit, denialResponse } from "../admission/admission.ts";
import type { Admission, UpgradeRequest } from "../admission/handshake.ts";
import { AddressCount, MAX_REQUESTS } from "./address_count.ts";
import { ByteRate } from "./byte_rate.ts";
import type { App, Listener, ListenerDeps } from "./listener.ts";

const REOPEN_MS = 250;
const CLOSE_TOO_BIG = 1009;
const CLOSE_TOO_FAST = 1008;
const BURST_S = 10; // nobody can be held back here: an end is for who sends too fast for long

/** Serves `app` and chargers on host and port. Throws Deno.errors.AddrInUse if the port is in use. */
export function serveDeno(deps: ListenerDeps, app: App): Listener {
  const { config, log } = deps;
  const handler = (request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>) => {
    const forwarded = request.headers.get("x-forwarded-for");
    const address = clientAddress(info.remoteAddr.hostname, forwarded, deps.store.settings);
    return isUpgrade(request) ? upgrade(request, address, deps) : answer(request, address);
  };
  const requests = new AddressCount();
  const answer = async (request: Request, address: string) => {
    if (requests.isFull(address, MAX_REQUESTS)) return tooManyRequests();
    const leave = requests.enter(address);
    try {
      return await app(request, { address, secure: false });
    } finally {
      leave();
    }
  };
  const serve = (port: number) =>
    Deno.serve({
      hostname: config.host,
      port,
      tcpBacklog: 4096,
      onListen: () => {},
      onError: (error) => {
        log.error("Cannot answer a request", { error: String(error) });
        return Response.json({ error: "Internal error: see the log of the gateway" }, { status: 500 });
      },
    }, handler as Deno.ServeHandler<Deno.NetAddr>);
  return keepServing(serve, deps);
}

/** Keeps a server open. It ends when file descriptors run out, while its sockets go on; it is retried until it opens. */
function keepServing(
  serve: (port: number) => Deno.HttpServer<Deno.NetAddr>,
  { config, log }: ListenerDeps,
): Listener {
  let server = serve(config.port);
  const { port } = server.addr;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = () => {
    if (stopped) return;
    try {
      server = serve(port);
      watch();
      log.info("The listener is open again");
    } catch {
      timer = setTimeout(again, REOPEN_MS);
    }
  };
  const watch = () => {
    server.finished.catch((error) => {
      if (!stopped) log.warn("The listener ended; reopening it", { error: String(error) });
      timer = setTimeout(again, REOPEN_MS);
    });
  };
  watch();
  const stop = async () => {
    stopped = true;
    clearTimeout(timer);
    await server.shutdown().catch(() => {}); // it may have ended
  };
  return { port, stop };
}

/** Answers without reading the body, which ends the connection. */
function tooManyRequests(): Response {
  return new Response(null, { status: 503, headers: { "retry-after": "1" } });
}

function isUpgrade(request: Request): boolean {
  return request.headers.get("upgrade")?.trim().toLowerCase() === "websocket";
}

async function upgrade(request: Request, remote_address: string, deps: ListenerDeps): Promise<Response> {
  const asked = upgradeRequestOf(request, remote_address);
  const admission = await admit(asked, deps);
  if ("status" in admission) return denialResponse(admission);
  return accept(request, asked, admission, deps);
}

function upgradeRequestOf(request: Request, remote_address: string): UpgradeRequest {
  const { headers, url } = request;
  const path = url.replace(/^\w+:\/\/[^/]*/, "").replace(/[?#].*$/, "");
  return { path, header: (name) => headers.get(name), remote_address, secure: false };
}

/** Upgrades a request. The subprotocol's header is set here, since Deno splits the offer at ", " only. */
function accept(
  request: Request,
  asked: UpgradeRequest,
  { charger_id, ...admission }: Admission,
  deps: ListenerDeps,
): Response {
  const { path, remote_address, secure } = asked;
  const handshake = { ...admission, path, remote_address, secure, host: asked.header("host") };
  const { subprotocol } = admission;
  let upgraded: { socket: WebSocket; response: Response };
  try {
    upgraded = Deno.upgradeWebSocket(request, {
      idleTimeout: pings(charger_id, deps) ? deps.config.tuning.idle_seconds : 0, // any frame counts
    });
  } catch {
    return denialResponse({ status: 400, reason: "This is not a valid websocket handshake" });
  }
  if (subprotocol) upgraded.response.headers.set("sec-websocket-protocol", subprotocol);
  attach(upgraded.socket, charger_id, handshake, deps);
  return upgraded.response;
}

/** Tells whether a charger is pinged: some disconnect when they are. */
function pings(charger_id: string, { store }: ListenerDeps): boolean {
  return quirksOf(store.chargers.get(charger_id)).ping;
}

function attach(socket: WebSocket, charger_id: string, handshake: Handshake, deps: ListenerDeps): void {
  const { central, connection_limits, store } = deps;
  const leave = connection_limits.enter(handshake.remote_address);
  const rate = new ByteRate(BURST_S);
  let connection: Connection | undefined;
  const gone = (code: number) => {
    if (connection) central.disconnect(charger_id, connection, code);
    connection = undefined;
  };
  socket.onopen = () => {
    if (central.isConnected(charger_id)) {
      connection_limits.countTakeover(charger_id, handshake.remote_address);
    }
    connection = central.connect(charger_id, wrap(socket, gone), handshake);
  };
  socket.onmessage = ({ data }) => {
    if (typeof data !== "string") return socket.close(1003, "Only text is spoken here");
    if (data.length > store.settings.max_message_bytes) {
      connection_limits.ban(handshake.remote_address);
      return socket.close(CLOSE_TOO_BIG, "The message is too big");
    }
    if (rate.count(data.length, store.settings.max_bytes_per_second) > 0) {
      return socket.close(CLOSE_TOO_FAST, "Too many bytes per second");
    }
    connection?.receive(data);
  };
  socket.onerror = (event) => event.preventDefault();
  socket.onclose = ({ code }) => { // called twice after an idle timeout
    leave();
    gone(code);
  };
}

/** Wraps a socket for the central system. Deno cannot drop a peer that does not read: `drop` counts it as gone, and the socket closes later. */
function wrap(socket: WebSocket, gone: (code: number) => void): ChargerSocket {
  const close = (code: number, reason: string) => {
    if (socket.readyState <= WebSocket.OPEN) socket.close(code, reason);
  };
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close,
    drop: () => {
      close(1008, "Too slow");
      gone(1006);
    },
    get buffered() {
      return socket.bufferedAmount;
    },
  };
}
