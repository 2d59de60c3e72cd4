// A bridge from node:http to web requests and responses.
import type { IncomingMessage, ServerResponse } from "node:http";
import { HttpError } from "../http_error.ts";
import { pauseReading, resumeReading } from "./backpressure.ts";

const GOODBYE_MS = 500;

/** Answers a node request with the response of `app`. A client that disconnects ends the response's stream. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { secure, app }: { secure: boolean; app: (request: Request) => Response | Promise<Response> },
): Promise<void> {
  const asked = requestOf(request, secure ? "https" : "http");
  if (!asked) return void response.writeHead(400, { connection: "close" }).end();
  const answer = await app(asked);
  endUnread(request, response);
  response.writeHead(answer.status, headersOf(answer));
  if (!answer.body || request.method === "HEAD") {
    await answer.body?.cancel();
    return void response.end();
  }
  await pump(answer.body.getReader(), response);
}

/**
 * Ends the connection after the response if the app has not read the body to its end. The rest is not read either: the
 * client gets some time for reading the response, which it never sees when it is reset while it sends. A body that came
 * whole with its headers leaves nothing to read: the connection goes on.
 */
function endUnread(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  if (request.complete) {
    if (hasBody(request)) response.once("finish", () => resumeReading(socket));
    return;
  }
  pauseReading(socket);
  response.once("finish", () => {
    const timer = setTimeout(() => socket.destroy(), GOODBYE_MS);
    socket.once("close", () => clearTimeout(timer));
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
    const body = method === "GET" || method === "HEAD" ? null : bodyOf(request);
    return new Request(address, { method, headers: pairs, body });
  } catch {
    return null;
  }
}

/**
 * Stops reading from a client that sends a body, until the app reads it or the response is sent. Works only at once in the
 * event of the request: the runtime reads a socket until it is empty before it goes on with what was awaited.
 */
export function holdBody(request: IncomingMessage): void {
  if (hasBody(request)) pauseReading(request.socket);
}

/** Tells whether a request announces a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return Number(headers["content-length"] ?? 0) > 0 || headers["transfer-encoding"] !== undefined;
}

/** Returns the body as a stream that reads ahead nothing but what came with the headers. */
function bodyOf(request: IncomingMessage): ReadableStream<Uint8Array> {
  const { socket } = request;
  let reading = false;
  const read = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    reading = true;
    request.on("data", (chunk: Uint8Array) => {
      pauseReading(socket);
      controller.enqueue(new Uint8Array(chunk));
    });
    request.once("end", () => {
      resumeReading(socket);
      controller.close();
    });
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const incomplete = () => controller.error(new HttpError("body_too_slow", "The body is incomplete"));
      request.once("error", incomplete).once("aborted", incomplete);
    },
    pull(controller) {
      if (!reading) read(controller);
      resumeReading(socket);
    },
    cancel() {
      pauseReading(socket);
      request.removeAllListeners("data").removeAllListeners("end");
    },
  }, { highWaterMark: 0 });
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
