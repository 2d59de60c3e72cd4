// Downloads and uploads of a charger, by HTTP.
import { type Clock, sleep } from "../../ocpp/client/clock.ts";

/** The conditions of a transfer. */
export interface TransferOptions {
  clock: Clock;
  /** Attempts after the first. */
  retries?: number | undefined;
  /** s between attempts; default 60. */
  retryInterval?: number | undefined;
  /** Aborts the transfer. */
  signal: AbortSignal;
}

/** A location that is no URL, or not one of HTTP. */
export class BadLocation extends Error {
  override readonly name = "BadLocation";

  constructor(readonly reason: "malformed" | "protocol", location: string) {
    super(`Cannot transfer: ${location.slice(0, 100)} is no HTTP location`);
  }
}

const PAUSE = 60; // s

/** Downloads a file. Rejects when no attempt succeeds, or when `signal` is aborted. */
export function download(location: string, options: TransferOptions): Promise<Uint8Array> {
  return repeat(options, async () => {
    const { url, headers } = requestTo(location);
    const response = await fetch(url, { headers, signal: options.signal });
    const bytes = await response.bytes();
    if (!response.ok) throw new Error(`Cannot fetch the file: HTTP ${response.status}`);
    return bytes;
  });
}

/** Uploads a file by PUT; its name is appended to a location that ends with `/`. Rejects as download() does. */
export function upload(
  { location, name, text }: { location: string; name: string; text: string },
  options: TransferOptions,
): Promise<void> {
  return repeat(options, async () => {
    const { url, headers } = requestTo(location);
    if (url.pathname.endsWith("/")) url.pathname += encodeURIComponent(name);
    const response = await fetch(url, { method: "PUT", headers, body: text, signal: options.signal });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`Cannot deliver the file: HTTP ${response.status}`);
  });
}

async function repeat<T>(
  { clock, retries = 0, retryInterval, signal }: TransferOptions,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let left = retries;; left--) {
    try {
      return await clock.during(attempt());
    } catch (error) {
      if (left <= 0 || signal.aborted || error instanceof BadLocation) throw error;
    }
    await sleep(clock, (retryInterval || PAUSE) * 1000, signal);
  }
}

/** Moves the credentials of a URL, which fetch() refuses, to the Authorization header. */
function requestTo(location: string): { url: URL; headers: Record<string, string> } {
  if (!URL.canParse(location)) throw new BadLocation("malformed", location);
  const url = new URL(location);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new BadLocation("protocol", location);
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  url.username = url.password = "";
  return { url, headers: user || password ? { authorization: `Basic ${btoa(`${user}:${password}`)}` } : {} };
}
