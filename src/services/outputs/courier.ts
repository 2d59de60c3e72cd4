// One receiver's messages, delivered in order, one at a time, again and again until it takes them.
import type { Outbox } from "../../store/outbox/outbox.ts";
import type { Delivery } from "../../store/store.ts";

/** The outcome of an attempt. */
export interface Outcome {
  ok: boolean;
  /** The HTTP status of the answer; null: there was none. */
  status: number | null;
  /** The reason of a failure. */
  error: string | null;
}

/** The parts of a courier. */
export interface CourierDeps {
  destination: string;
  outbox: Outbox;
  /** Attempts a delivery; never throws. */
  attempt(delivery: Delivery, signal: AbortSignal): Promise<Outcome>;
  /** Called after each attempt, when it is stored. */
  onOutcome(outcome: Outcome): void;
  now: () => number;
  /** Waits before the attempts after a failure, ms; the last holds for all further ones. */
  retry_ms: readonly number[];
}

const JITTER = 0.2;
/** Rest between two deliveries of a backlog, ms: a receiver that comes back is not flooded. */
const REST_MS = 20;
const BACKLOG = 50;

/** Delivers the messages of one destination. */
export class Courier {
  readonly #deps: CourierDeps;
  readonly #stopped = new AbortController();
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  /** True if it was woken while it ran. */
  #again = false;

  constructor(deps: CourierDeps) {
    this.#deps = deps;
  }

  /** Delivers what waits, unless it does so already, or rests after a failure. */
  wake(): void {
    if (this.#timer !== undefined || this.#stopped.signal.aborted) return;
    if (this.#running) return void (this.#again = true);
    this.#again = false;
    this.#running = this.#deliverAll().finally(() => {
      this.#running = null;
      if (this.#again) this.wake();
    });
  }

  /** Ends; what waits stays stored. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #deliverAll(): Promise<void> {
    const { outbox, destination } = this.#deps;
    const { signal } = this.#stopped;
    for (;;) {
      const delivery = await outbox.next(destination);
      if (!delivery || signal.aborted) return;
      const outcome = await this.#deps.attempt(delivery, signal);
      if (signal.aborted) return; // not known to have arrived: it is sent again
      await outbox.update(this.#after(delivery, outcome)).catch(() => {}); // sent again after a restart
      this.#deps.onOutcome(outcome);
      if (!outcome.ok) return this.#rest(this.#pause());
      this.#failures = 0;
      if (outbox.state(destination).waiting > BACKLOG) return this.#rest(REST_MS);
    }
  }

  #after(delivery: Delivery, { ok, status, error }: Outcome): Delivery {
    return {
      ...delivery,
      state: ok ? "delivered" : "waiting",
      attempts: delivery.attempts + 1,
      last_attempt_at: new Date(this.#deps.now()).toISOString(),
      last_status: status,
      last_error: error,
    };
  }

  #pause(): number {
    const { retry_ms } = this.#deps;
    const pause = retry_ms[Math.min(this.#failures++, retry_ms.length - 1)]!;
    return pause * (1 + JITTER * (2 * Math.random() - 1));
  }

  #rest(ms: number): void {
    if (this.#stopped.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.wake();
    }, ms);
  }
}
