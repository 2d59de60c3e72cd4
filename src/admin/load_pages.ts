// The pages other than the first.
import { untilLoaded } from "./load_code.ts";

const LATER_MS = 2000;

/** Loads all pages but the first, in one file: it compresses better than several, and the second page needs no loading. */
export const loadPages = () => untilLoaded(() => import("./pages/mod.ts"));

/** Loads them once the browser has nothing else to do. */
export function preloadPages(): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(() => void loadPages(), { timeout: LATER_MS });
  else setTimeout(loadPages, LATER_MS); // Safari
}
