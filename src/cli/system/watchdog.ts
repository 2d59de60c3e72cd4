// Feeding systemd's watchdog, only while the event loop, the database and the listener are alive.
import type { Services } from "../../http/services.ts";
import { healthOf } from "../../http/api/health.ts";
import type { Notifier } from "./notify.ts";

const STUCK_MS = 10_000;
const ANSWER_MS = 5_000;

/** Feeds the watchdog from one loop that looks at all three; what does not answer in time is not fed. */
export class Watchdog {
  readonly #services: Services;
  readonly #notifier: Notifier;
  readonly #alive: () => Promise<boolean>;
  #timer: ReturnType<typeof setInterval> | undefined;
  #looking: Promise<void> | null = null;
  #status = "";

  constructor(services: Services, notifier: Notifier, alive: () => Promise<boolean>) {
    this.#services = services;
    this.#notifier = notifier;
    this.#alive = alive;
  }

  start(): void {
    const ms = this.#notifier.watchdog_ms;
    if (ms !== null) this.#timer = setInterval(() => this.#looking ??= this.#look(), ms / 3);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    if (await this.#alive()) this.#notifier.alive();
    const { status, connected, problem } = healthOf(this.#services);
    const text = `${status}, ${connected} chargers connected${problem ? `: ${problem}` : ""}`;
    if (text !== this.#status) this.#notifier.status(this.#status = text);
    this.#looking = null;
  }
}

/** Whether commits come through, the database answers a read and the listener a request. A full disk is no reason. */
export async function isAlive({ store }: Services, url: string): Promise<boolean> {
  const { under_way_since } = store.commits.stats;
  if (under_way_since !== null && performance.now() - under_way_since > STUCK_MS) return false;
  return await inTime(store.read.get(["site"])) && await inTime(answers(url));
}

async function answers(url: string): Promise<void> {
  const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(ANSWER_MS) });
  await response.body?.cancel();
}

async function inTime(work: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), ANSWER_MS));
  try {
    return await Promise.race([work.then(() => true, () => false), late]);
  } finally {
    clearTimeout(timer);
  }
}
