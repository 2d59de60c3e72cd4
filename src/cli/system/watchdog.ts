// Keep-alive messages to systemd's watchdog, sent only while the event loop, the database and the listener respond.
import { type HealthDeps, healthOf } from "../../http/api/health.ts";
import { FILE_SITE_KEY } from "../../store/site.ts";
import type { Store } from "../../store/store.ts";
import type { Notifier } from "./notify.ts";

const STUCK_MS = 10_000;
const ANSWER_MS = 5_000;

/** Checks the gateway periodically and notifies the watchdog if all of it responds in time. */
export class Watchdog {
  readonly #deps: HealthDeps;
  readonly #notifier: Notifier;
  readonly #alive: () => Promise<boolean>;
  #timer: ReturnType<typeof setInterval> | undefined;
  #checking: Promise<void> | null = null;
  #status = "";

  constructor(deps: HealthDeps, notifier: Notifier, alive: () => Promise<boolean>) {
    this.#deps = deps;
    this.#notifier = notifier;
    this.#alive = alive;
  }

  start(): void {
    const ms = this.#notifier.watchdog_ms;
    if (ms !== null) this.#timer = setInterval(() => this.#checking ??= this.#check(), ms / 3);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#checking;
  }

  async #check(): Promise<void> {
    if (await this.#alive()) this.#notifier.alive();
    const { status, connected, problem } = healthOf(this.#deps);
    const text = `${status}, ${connected} chargers connected${problem ? `: ${problem}` : ""}`;
    if (text !== this.#status) this.#notifier.status(this.#status = text);
    this.#checking = null;
  }
}

/**
 * Returns true if no commit is stuck, the database answers a read and the listener a request. A full disk does not count
 * as failure, nor does a database server that is away: a restart would close the chargers' sockets and mend nothing.
 */
export async function isAlive({ store }: { store: Store }, url: string): Promise<boolean> {
  if (store.lease) return await inTime(answers(url));
  const { under_way_since } = store.commits.stats;
  if (under_way_since !== null && performance.now() - under_way_since > STUCK_MS) return false;
  return await inTime(store.read.get(FILE_SITE_KEY)) && await inTime(answers(url));
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
