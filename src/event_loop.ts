// Turns of the event loop for long work, one at a time: chargers' messages are answered between any two.

const waiting: (() => void)[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Resolves in a turn of the event loop in which no other caller's promise does, in the order of the calls. Long work asks
 * for one every few milliseconds: however many answers are made at once, a message waits for one piece of one of them.
 */
export function ownTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    timer ??= setTimeout(release, 0);
  });
}

/** Lets one caller go on; the next one's turn is behind all that this one has set off. */
async function release(): Promise<void> {
  timer = undefined;
  waiting.shift()?.();
  await Promise.resolve();
  if (waiting.length > 0) timer ??= setTimeout(release, 0);
}
