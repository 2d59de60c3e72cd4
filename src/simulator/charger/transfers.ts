// Files that a charger fetches and delivers: real HTTP, tried again as the request says.
import type { Charger } from "./charger.ts";
import { sleep } from "../clock.ts";

/** How often and after what pause a transfer is tried again. */
export interface Retries {
  retries?: number;
  /** s */
  retryInterval?: number;
}

/** A location that no transfer can reach: no URL, or not by HTTP. */
export class BadLocation extends Error {
  override readonly name = "BadLocation";

  constructor(readonly reason: "malformed" | "protocol", location: string) {
    super(`Cannot transfer: ${location.slice(0, 100)} is no HTTP location`);
  }
}

const PAUSE = 60; // s between attempts when the request names none

/** Fetches a file. Rejects when no attempt succeeds, or when `signal` is aborted. */
export function download(
  charger: Charger,
  location: string,
  retries: Retries,
  signal: AbortSignal,
): Promise<Uint8Array> {
  return attempts(charger, retries, signal, async () => {
    const { url, headers } = requestTo(location);
    const response = await fetch(url, { headers, signal });
    const bytes = await response.bytes();
    if (!response.ok) throw new Error(`Cannot fetch the file: HTTP ${response.status}`);
    return bytes;
  });
}

/** Delivers a file by PUT; below the location when that ends with `/`. Rejects as download() does. */
export function upload(
  charger: Charger,
  { location, name, text }: { location: string; name: string; text: string },
  retries: Retries,
  signal: AbortSignal,
): Promise<void> {
  return attempts(charger, retries, signal, async () => {
    const { url, headers } = requestTo(location);
    if (url.pathname.endsWith("/")) url.pathname += encodeURIComponent(name);
    const response = await fetch(url, { method: "PUT", headers, body: text, signal });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`Cannot deliver the file: HTTP ${response.status}`);
  });
}

async function attempts<T>(
  charger: Charger,
  { retries = 0, retryInterval }: Retries,
  signal: AbortSignal,
  once: () => Promise<T>,
): Promise<T> {
  for (let left = retries;; left--) {
    try {
      return await charger.clock.during(once());
    } catch (error) {
      if (left <= 0 || signal.aborted || error instanceof BadLocation) throw error;
    }
    await sleep(charger.clock, (retryInterval || PAUSE) * 1000, signal);
  }
}

/** fetch() takes no credentials in a URL: they go where HTTP has them. */
function requestTo(location: string): { url: URL; headers: Record<string, string> } {
  if (!URL.canParse(location)) throw new BadLocation("malformed", location);
  const url = new URL(location);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new BadLocation("protocol", location);
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  url.username = url.password = "";
  return { url, headers: user || password ? { authorization: `Basic ${btoa(`${user}:${password}`)}` } : {} };
}
