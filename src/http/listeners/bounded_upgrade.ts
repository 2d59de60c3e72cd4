// Upgrades to websocket on the bounded listeners, plain and TLS.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
// @ts-types="@types/ws"
import { type ServerOptions as WsOptions, WebSocketServer } from "ws";
import { describeError } from "../../log.ts";
import { clientAddress } from "../admission/address.ts";
import { admit, denialHeaders, denialResponse } from "../admission/admission.ts";
import type { Admission, UpgradeRequest } from "../admission/handshake.ts";
import { certificateOf } from "../admission/client_certificate.ts";
import { pauseReading, resumeReading } from "./backpressure.ts";
import { attachCharger } from "./bounded_charger.ts";
import type { ListenerDeps } from "./listener.ts";
import type { Liveness } from "./liveness.ts";

const MAX_FRAGMENTS = 64;

/** The parts that upgrade a request. */
export interface UpgradeParts {
  deps: ListenerDeps;
  sockets: WebSocketServer;
  liveness: Liveness;
  /** The listener speaks TLS. */
  secure: boolean;
}

/** Creates the server of websockets: no compression, messages of at most 64 fragments. */
export function createSocketServer(): WebSocketServer {
  const options = {
    noServer: true,
    perMessageDeflate: false,
    clientTracking: true,
    maxFragments: MAX_FRAGMENTS,
  };
  return new WebSocketServer({ ...options, handleProtocols: ([first]) => first ?? false } as WsOptions);
}

/** Upgrades an admitted charger's request, or refuses it and closes the connection. Never throws. */
export async function upgrade(
  request: IncomingMessage,
  socket: Duplex,
  { head, parts }: { head: Uint8Array; parts: UpgradeParts },
): Promise<void> {
  socket.on("error", () => {});
  pauseReading(socket);
  try {
    const asked = upgradeRequestOf(request, parts);
    const admission = /^websocket$/i.test(request.headers.upgrade?.trim() ?? "")
      ? await admit(asked, parts.deps)
      : { status: 400 as const, reason: "Only websocket is spoken here" };
    if ("status" in admission) return void refuse(socket, admission);
    accept(request, socket, { head, asked, admission, parts });
  } catch (error) {
    parts.deps.log.error("Cannot answer a handshake", { error: describeError(error) });
    socket.destroy();
  }
}

/** Returns the address of a client, behind the proxies that the settings name. */
export function addressOf({ socket, headers }: IncomingMessage, { store }: ListenerDeps): string {
  return clientAddress(socket.remoteAddress, headers["x-forwarded-for"]?.toString(), store.settings);
}

function upgradeRequestOf(request: IncomingMessage, { secure, deps }: UpgradeParts): UpgradeRequest {
  return {
    path: (request.url ?? "/").replace(/^\w+:\/\/[^/]*/, "").replace(/[?#].*$/, ""),
    header: (name) => request.headers[name]?.toString() ?? null,
    remote_address: addressOf(request, deps),
    secure,
    ...(secure ? { certificate: certificateOf(request.socket as TLSSocket) } : {}),
  };
}

async function refuse(socket: Duplex, denial: Parameters<typeof denialResponse>[0]): Promise<void> {
  const body = await denialResponse(denial).text();
  const headers = {
    ...denialHeaders(denial),
    "content-length": String(new TextEncoder().encode(body).length),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.end(`HTTP/1.1 ${denial.status} Refused\r\n${lines}\r\n${body}`, () => socket.destroy());
}

/** Upgrades a request with the current limit of a message's size. Only the chosen subprotocol is passed to ws. */
function accept(
  request: IncomingMessage,
  socket: Duplex,
  { head, asked, admission, parts }: {
    head: Uint8Array;
    asked: UpgradeRequest;
    admission: Admission;
    parts: UpgradeParts;
  },
): void {
  const { sockets, deps, liveness } = parts;
  sockets.options.maxPayload = deps.store.settings.max_message_bytes;
  if (admission.subprotocol === null) delete request.headers["sec-websocket-protocol"];
  else request.headers["sec-websocket-protocol"] = admission.subprotocol;
  sockets.handleUpgrade(request, socket, head as never, (ws) => {
    attachCharger(ws, { ...admission, asked, deps, liveness });
    resumeReading(socket);
  });
}
