// Waiting for a condition that nothing announces.

const INTERVAL = 20; // ms

/** Calls `look` until its result is truthy, and resolves with that. Throws after `within` ms. */
export async function eventually<T>(
  look: () => Promise<T> | T,
  what = "the condition",
  within = 10_000,
): Promise<Exclude<T, undefined | null | false>> {
  const end = performance.now() + within;
  for (;;) {
    const found = await look();
    if (found) return found as Exclude<T, undefined | null | false>;
    if (performance.now() > end) throw new Error(`Not within ${within} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}
