// Work on the records of an older program, done in slices while chargers are served. After a power cut it goes on.
import { describeError, type Log } from "../log.ts";
import { exceptStorageErrors } from "../store/kv/commits.ts";
import type { Store, Upgrade } from "../store/store.ts";

/** The parts that the service works with. */
export interface UpgradesDeps {
  store: Store;
  log: Log;
}

/** The progress of unfinished work. */
export interface UpgradeProgress {
  name: Upgrade["name"];
  /** From 0 to 99. */
  percent: number;
}

/** Does a slice of the work behind a transaction id. Returns the id up to which it is done; null: all of it. */
type Slice = (done: number) => Promise<number | null>;

const REST_MS = 5;
const NOTE_EVERY = 20; // slices
const LOG_MS = 10_000;
const RETRY_MS = 60_000;

/** Finishes upgrades. */
export class Upgrades {
  readonly #deps: UpgradesDeps;
  readonly #slices: Record<Upgrade["name"], Slice>;
  readonly #done = new Map<Upgrade["name"], number>();
  #running: Promise<void> = Promise.resolve();
  #stopped = Promise.withResolvers<void>();

  constructor(deps: UpgradesDeps, slices: Record<Upgrade["name"], Slice>) {
    this.#deps = deps;
    this.#slices = slices;
  }

  start(): void {
    this.#stopped = Promise.withResolvers<void>();
    this.#running = this.#runAll();
  }

  /** Begins a work on all transactions, unless it is under way. */
  begin(name: Upgrade["name"]): void {
    const { upgrades, transactions } = this.#deps.store;
    if (upgrades.has(name)) return;
    upgrades.put({ name, done: 0, upto: transactions.lastId }).catch(() => {});
    this.#running = this.#running.then(() => this.#runAll());
  }

  /** Ends the work after the slice under way. */
  async stop(): Promise<void> {
    this.#stopped.resolve();
    await this.#running;
  }

  /** Resolves when the work is done, or was stopped. */
  get finished(): Promise<void> {
    return this.#running;
  }

  /** Returns the progress of each unfinished work. */
  progress(): UpgradeProgress[] {
    return this.#deps.store.upgrades.all().map((upgrade) => ({
      name: upgrade.name,
      percent: percentOf(upgrade, this.#done.get(upgrade.name)),
    }));
  }

  async #runAll(): Promise<void> {
    const { store, log } = this.#deps;
    for (const upgrade of store.upgrades.all()) {
      while (!await this.#isStopped(0) && store.upgrades.has(upgrade.name)) {
        try {
          await this.#run(store.upgrades.get(upgrade.name)!);
        } catch (error) {
          exceptStorageErrors(() => log.error("Cannot upgrade the records", { error: describeError(error) }))(
            error,
          );
          await this.#isStopped(RETRY_MS);
        }
      }
    }
  }

  async #run(upgrade: Upgrade): Promise<void> {
    const { store, log } = this.#deps;
    const { name, upto } = upgrade;
    let { done } = upgrade;
    let logged = -Infinity;
    for (let count = 1; done < upto; count++) {
      if (performance.now() - logged > LOG_MS) {
        log.info("Upgrading the records", { name, percent: percentOf(upgrade, done) });
        logged = performance.now();
      }
      done = await this.#slices[name](done) ?? upto;
      this.#done.set(name, done);
      if (count % NOTE_EVERY === 0) await store.upgrades.put({ ...upgrade, done }, { deferred: true });
      if (await this.#isStopped(REST_MS)) return await store.upgrades.put({ ...upgrade, done });
    }
    await store.upgrades.delete(name);
    if (name === "indexes") store.transactions.useIndexes();
    log.info("Upgraded the records", { name });
  }

  /** Waits; returns true as soon as the service is stopped. */
  async #isStopped(ms: number): Promise<boolean> {
    const timer = Promise.withResolvers<void>();
    const id = setTimeout(timer.resolve, ms);
    const stopped = await Promise.race([
      this.#stopped.promise.then(() => true),
      timer.promise.then(() => false),
    ]);
    clearTimeout(id);
    return stopped;
  }
}

function percentOf({ done, upto }: Upgrade, now_done = done): number {
  return Math.min(99, Math.floor(100 * now_done / upto));
}
