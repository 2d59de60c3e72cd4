// Code that is loaded when it is needed, also where the gateway was away at that moment.

const AGAIN_MS = 2000;
const RELOAD_AGAIN_MS = 60_000;

/**
 * Returns what `load` imports. Never rejects: while the gateway does not respond, it waits, and then loads the window anew,
 * since browsers remember that a module has failed, and an updated gateway has others. The address keeps what was shown.
 */
export function untilLoaded<T>(load: () => Promise<T>): Promise<T> {
  return load().catch(reloadLater);
}

async function reloadLater(): Promise<never> {
  do await new Promise((resolve) => setTimeout(resolve, AGAIN_MS)); while (
    wasJustReloaded() || !await gatewayResponds()
  );
  location.reload();
  return await new Promise(() => {});
}

function gatewayResponds(): Promise<boolean> {
  return fetch("/admin/", { cache: "no-store" }).then(({ ok }) => ok, () => false);
}

/** True while a reload has not helped, so that the window is not loaded anew without end. */
function wasJustReloaded(): boolean {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return navigation?.type === "reload" && performance.now() < RELOAD_AGAIN_MS;
}
