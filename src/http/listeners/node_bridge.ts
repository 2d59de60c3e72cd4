// A bridge from node:http to web requests and responses.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Goodbyes } from "./goodbyes.ts";
import { pauseReading, resumeReading } from "./backpressure.ts";

/** The surroundings of a request. */
export interface BridgeOptions {
  /** True: it came over TLS. */
  secure: boolean;
  goodbyes: Goodbyes;
  app: (request: Request) => Response | Promise<Response>;
}

/** Answers a node request with the response of `app`. A client that disconnects ends the response's stream. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { secure, goodbyes, app }: BridgeOptions,
): Promise<void> {
  if (hasBody(request)) pauseReading(request.socket);
  const asked = requestOf(request, secure ? "https" : "http");
  if (!asked) return void response.writeHead(400, { connection: "close" }).end();
  const answer = await app(asked);
  goodbyes.after(request, response);
  response.writeHead(answer.status, headersOf(answer));
  if (!answer.body || request.method === "HEAD") {
    await answer.body?.cancel();
    return void response.end();
  }
  await pump(answer.body.getReader(), response);
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

function hasBody({ headers }: IncomingMessage): boolean {
  return Number(headers["content-length"] ?? 0) > 0 || headers["transfer-encoding"] !== undefined;
}

/** Returns the body as a stream that reads nothing ahead: who does not get an answer must not cost memory either. */
function bodyOf(request: IncomingMessage): ReadableStream<Uint8Array> {
  const { socket } = request;
  let wanted = false;
  const listen = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    request.on("data", (chunk: Uint8Array) => {
      controller.enqueue(new Uint8Array(chunk));
      pauseReading(socket);
    });
    request.once("end", () => {
      controller.close();
      resumeReading(socket); // the next request
    });
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      request.once("error", (error) => controller.error(error));
      request.once("aborted", () => controller.error(new Error("The body is incomplete")));
    },
    pull(controller) {
      if (!wanted) listen(controller);
      wanted = true;
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
