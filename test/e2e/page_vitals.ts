// Figures of a page as a phone with a slow processor loads it: paints, long tasks, layout shifts, bytes.
import type { TestGateway } from "../kit/gateway.ts";
import { logIn } from "./admin_page.ts";
import type { Browser, Page } from "./browser.ts";
import type { RawClient } from "../../src/ocpp/client/raw_client.ts";

/** The figures; times in ms, the layout shift as browsers sum it. */
export interface PageVitals {
  lcp: number;
  /** Time of tasks beyond 50 ms each, from the first paint. */
  tbt: number;
  cls: number;
  /** The elements that moved, for messages. */
  moved: string[];
  /** Bytes of REST and events, as they came over the network. */
  data: number;
  /** Bytes of everything. */
  all: number;
}

interface Conditions {
  /** Path below /admin/. */
  path: string;
  /** CSS pixels; left out: a phone's. */
  width?: number;
  /** The processor is so many times slower. */
  slowdown: number;
  /** The time for which the page is watched. */
  ms: number;
}

/** Starts a session at each charger, and a second one at the first `more`. */
export async function startSessions(clients: readonly RawClient[], more: number): Promise<void> {
  await Promise.all(clients.map((client, index) => charge(client, index < more ? [1, 2] : [1])));
}

async function charge(client: RawClient, connectors: number[]): Promise<void> {
  for (const connectorId of connectors) {
    const timestamp = new Date().toISOString();
    await client.call("StatusNotification", { connectorId, errorCode: "NoError", status: "Charging" });
    await client.call("StartTransaction", { connectorId, idTag: "04A1B2C3D4", meterStart: 0, timestamp });
  }
}

/** Loads a page in a phone's window and watches it. */
export async function vitalsOf(
  browser: Browser,
  { url }: TestGateway,
  { path, width = 390, slowdown, ms }: Conditions,
): Promise<PageVitals> {
  const context = await browser.newContext({
    viewport: { width, height: width < 800 ? 844 : 900 },
    locale: "en",
  });
  try {
    const first = await context.newPage();
    await logIn(first, url);
    await first.close();
    const page = await context.newPage();
    const bytes = await countBytes(page, slowdown);
    await page.addInitScript(watch);
    await page.goto(`${url}/admin/${path}`);
    await page.waitForTimeout(ms);
    const seen = await page.evaluate(() => (globalThis as unknown as { vitals: Seen }).vitals);
    return { ...seen, ...bytes };
  } finally {
    await context.close();
  }
}

type Seen = Omit<PageVitals, "data" | "all">;

async function countBytes(page: Page, slowdown: number): Promise<{ data: number; all: number }> {
  const bytes = { data: 0, all: 0 };
  const urls = new Map<string, string>();
  const cdp = await page.context().newCDPSession(page);
  cdp.on("Network.requestWillBeSent", ({ requestId, request }) => urls.set(requestId, request.url));
  cdp.on("Network.dataReceived", ({ requestId, encodedDataLength }) => {
    bytes.all += encodedDataLength;
    if (urls.get(requestId)?.includes("/ocpp/")) bytes.data += encodedDataLength;
  });
  await cdp.send("Network.enable");
  if (slowdown > 1) await cdp.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  return bytes;
}

/** Runs in the page, before its own scripts. */
function watch(): void {
  const seen: Seen = { lcp: 0, tbt: 0, cls: 0, moved: [] };
  (globalThis as unknown as { vitals: Seen }).vitals = seen;
  let painted = Infinity;
  const observe = (type: string, each: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
  observe("paint", ({ name, startTime }) => name === "first-contentful-paint" && (painted = startTime));
  observe("largest-contentful-paint", ({ startTime }) => seen.lcp = startTime);
  observe("longtask", ({ startTime, duration }) => {
    if (startTime + duration > painted) seen.tbt += Math.max(0, duration - 50);
  });
  observe("layout-shift", (entry) => {
    const { value, hadRecentInput, sources } = entry as PerformanceEntry & Shift;
    if (hadRecentInput) return;
    seen.cls += value;
    const names = sources.map(({ node }) => {
      const element = node instanceof Element ? node : node?.parentElement;
      return element ? `${element.tagName.toLowerCase()}.${element.className}` : "?";
    });
    seen.moved.push(`${value.toFixed(3)} at ${Math.round(entry.startTime)}: ${names.join(", ")}`);
  });
}

interface Shift {
  value: number;
  hadRecentInput: boolean;
  sources: { node: Node | null }[];
}
