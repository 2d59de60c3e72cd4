// Waiting for what comes about by itself.

/** Asks again until it is so. Throws an Error after ten seconds. */
export async function eventually(
  isSo: () => boolean | Promise<boolean>,
  what = "what was waited for",
): Promise<void> {
  const until = performance.now() + 10_000;
  while (!await isSo()) {
    if (performance.now() > until) throw new Error(`Did not come about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
