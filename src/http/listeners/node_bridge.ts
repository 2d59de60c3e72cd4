// A bridge from node:http to web requests and responses.
import type { IncomingMessage, ServerResponse } from "node:http";
import { pauseReading, resumeReading } from "./backpressure.ts";

const READ_AHEAD = 262_144; // bytes
const GOODBYE_MS = 500;
const GOODBYE_BYTES = 16_777_216;

/** Answers a node request with the response of `app`. A client that disconnects ends the response's stream. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { secure, app }: { secure: boolean; app: (request: Request) => Response | Promise<Response> },
): Promise<void> {
  const asked = requestOf(request, secure ? "https" : "http");
  if (!asked) return void response.writeHead(400, { connection: "close" }).end();
  const answer = await app(asked);
  discardUnread(request, response);
  response.writeHead(answer.status, headersOf(answer));
  if (!answer.body || request.method === "HEAD") {
    await answer.body?.cancel();
    return void response.end();
  }
  await pump(answer.body.getReader(), response);
}

/**
 * Discards the rest of a body that the app has not read, for a short time and up to a size, since a client that is
 * reset while it sends never sees the response. Then the connection is ended.
 */
function discardUnread(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return;
  const { socket } = request;
  response.once("finish", () => {
    let discarded = 0;
    const timer = setTimeout(() => socket.destroy(), GOODBYE_MS);
    socket.once("close", () => clearTimeout(timer));
    request.once("end", () => clearTimeout(timer));
    request.removeAllListeners("data").on("data", ({ length }: Uint8Array) => {
      if ((discarded += length) > GOODBYE_BYTES) socket.destroy();
    });
    resumeReading(socket);
  });
}

/** Returns the web request; null for a method or host that web requests do not allow. */
function requestOf(request: IncomingMessage, scheme: string): Request | null {
  const { method = "GET", headers, url = "/" } = request;
  try {
    const address = new URL(url.startsWith("/") ? `${scheme}://${headers.host ?? "localhost"}${url}` : url);
    const pairs = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined || name.startsWith(":") ? [] : [[name, [value].flat().join(", ")]]
    );
    if (method === "GET" || method === "HEAD") holdBody(request);
    const body = method === "GET" || method === "HEAD" ? null : bodyOf(request);
    return new Request(address, { method, headers: pairs, body });
  } catch {
    return null;
  }
}

/** Stops reading from a client that sends a body where none is expected, until the response is sent. */
function holdBody({ headers, socket }: IncomingMessage): void {
  if (Number(headers["content-length"] ?? 0) > 0 || headers["transfer-encoding"]) pauseReading(socket);
}

/** Returns the body as a stream that reads little ahead. */
function bodyOf(request: IncomingMessage): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      request.on("data", (chunk: Uint8Array) => {
        controller.enqueue(new Uint8Array(chunk));
        if ((controller.desiredSize ?? 0) <= 0) pauseReading(request.socket);
      });
      request.once("end", () => controller.close());
      request.once("error", (error) => controller.error(error));
      request.once("aborted", () => controller.error(new Error("The body is incomplete")));
    },
    pull() {
      resumeReading(request.socket);
    },
    cancel() {
      pauseReading(request.socket);
      request.removeAllListeners("data").removeAllListeners("end");
    },
  }, { highWaterMark: READ_AHEAD, size: (chunk) => chunk.length });
}

function headersOf(answer: Response): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = Object.fromEntries(answer.headers);
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) headers["set-cookie"] = cookies;
  return headers;
}

async function pump(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  response: ServerResponse,
): Promise<void> {
  const gone = new Promise<"gone">((resolve) => response.once("close", () => resolve("gone")));
  for (;;) {
    const next = await Promise.race([reader.read(), gone]);
    if (next === "gone") return void await reader.cancel();
    if (next.done) return void response.end();
    if (response.write(next.value)) continue;
    await Promise.race([new Promise<void>((resolve) => response.once("drain", () => resolve())), gone]);
  }
}
