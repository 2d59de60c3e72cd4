// Rendering of tiles in a worker, which is started when there is work and ended when it has been idle for a while.
import type { TileAnswer, TileRequest } from "./tile_worker.ts";

/** Longest time of a request, and idle time after which the worker is ended, ms. */
export interface TileWorkLimits {
  patience: number;
  idle: number;
}

interface Job {
  request: TileRequest;
  resolve(answer: TileAnswer): void;
}

const LIMITS: TileWorkLimits = { patience: 10_000, idle: 60_000 };
const MAX_WAITING = 100; // five windows full of tiles

/** Queue of requests to one worker, which handles one at a time. */
export class TileWork {
  readonly #folder: string;
  readonly #limits: TileWorkLimits;
  readonly #waiting: Job[] = [];
  #job: Job | null = null;
  #worker: Worker | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  /** `folder` is the only one that the worker may read. */
  constructor(folder: string, limits: Partial<TileWorkLimits> = {}) {
    this.#folder = folder;
    this.#limits = { ...LIMITS, ...limits };
  }

  get running(): boolean {
    return this.#worker !== null;
  }

  /** Handles the newest request first: a user who has moved the map no longer needs the earlier tiles. */
  ask(request: TileRequest): Promise<TileAnswer> {
    const { promise, resolve } = Promise.withResolvers<TileAnswer>();
    if (this.#stopped) return Promise.resolve({ failure: null });
    this.#waiting.push({ request, resolve });
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift()!.resolve({ failure: null });
    this.#next();
    return promise;
  }

  /** Ends the worker; waiting requests are answered with nothing. */
  stop(): void {
    this.#stopped = true;
    this.#end();
    for (const job of [this.#job, ...this.#waiting.splice(0)]) job?.resolve({ failure: null });
    this.#job = null;
  }

  #next(): void {
    if (this.#job) return;
    this.#job = this.#waiting.pop() ?? null;
    clearTimeout(this.#timer);
    if (!this.#job) return this.#later(this.#limits.idle, () => this.#end());
    this.#later(this.#limits.patience, () => this.#give(`takes more than ${this.#limits.patience} ms`));
    this.#worker ??= this.#start();
    this.#worker.postMessage(this.#job.request);
  }

  #start(): Worker {
    const worker = new Worker(new URL("./tile_worker.ts", import.meta.url), {
      type: "module",
      deno: { permissions: { read: [this.#folder] } },
    });
    worker.onmessage = ({ data }: MessageEvent<TileAnswer>) => {
      if (worker === this.#worker) this.#done(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#give(`cannot be read (${event.message})`);
    };
    return worker;
  }

  #done(answer: TileAnswer): void {
    this.#job?.resolve(answer);
    this.#job = null;
    this.#next();
  }

  /**
   * Abandons a worker, for instance if the card does not respond; the next request starts another. The worker bounds its
   * own computations, since `terminate` does not interrupt a loop (Deno 2.9).
   */
  #give(failure: string): void {
    this.#end();
    this.#done({ failure });
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
  }

  #later(ms: number, then: () => void): void {
    this.#timer = setTimeout(then, ms);
    Deno.unrefTimer(this.#timer);
  }
}
