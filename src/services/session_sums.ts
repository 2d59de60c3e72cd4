// Keeps the sums of energy and time: files ended sessions, and adds those that run, or are not filed yet, to what is read.
import { describeError, type Log } from "../log.ts";
import { storedCurve } from "../site/energy/stored_curve.ts";
import { energyOptions } from "../site/sessions/session_energy.ts";
import { exceptStorageErrors } from "../store/kv/commits.ts";
import type { Store, Transaction } from "../store/store.ts";
import type { EnergyCurve } from "../store/sums/energy_curve.ts";
import type { SessionPart } from "../store/sums/session_part.ts";
import { partsOf } from "../store/sums/spread.ts";
import type { DayParts, Filing } from "../store/sums/sums.ts";
import type { Unfiled } from "../store/sums/unfiled.ts";

/** The parts that the service works with. */
export interface SessionSumsDeps {
  store: Store;
  log: Log;
  /** ms since 1970. */
  now: () => number;
  /** Milliseconds between two looks. */
  every_ms: number;
  /** Has all sessions filed again, since sums were damaged. */
  rebuild: () => void;
}

/** Ended sessions are filed together: after this time, or when there are this many. */
const FILE_MS = 15 * 60_000;
const FILE_AT = 100;
const AT_ONCE = 200;
const DAY = 86_400_000;

/** Files sessions and answers with their parts. */
export class SessionSums {
  readonly #deps: SessionSumsDeps;
  readonly #curves = new Map<number, Promise<EnergyCurve>>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #filed_at = performance.now();
  #filing: Promise<void> = Promise.resolve();

  constructor(deps: SessionSumsDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { store, every_ms } = this.#deps;
    store.sums.onDamage = () => this.#deps.rebuild();
    this.#timer = setInterval(() => this.#look(), every_ms);
    if (store.transactions.unfiled.size > 0) this.#look(true);
  }

  /** Files what is left. Without it the marks are read at the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.file().catch(() => {});
  }

  /** Files the sessions that have ended or were corrected. Rejects with StorageError. */
  file(): Promise<void> {
    const filed = this.#filing.then(() => this.#file());
    this.#filing = filed.catch(() => {});
    return filed;
  }

  /**
   * Yields the parts of all sessions in some days, UTC, in order, each as it is now: filed ones, those that are not filed
   * yet, and those that run, with the energy so far.
   */
  async *days(first: number, last: number): AsyncGenerator<DayParts> {
    const fresh = await this.#fresh();
    const by_day = Map.groupBy(
      [...fresh.values()].flatMap((parts) => [...parts]).filter(([day]) => day >= first && day <= last),
      ([day]) => day,
    );
    const waiting = [...by_day.keys()].sort((a, b) => a - b);
    const freshOf = (day: number) => (by_day.get(day) ?? []).map(([, part]) => part);
    for await (const { day, parts } of this.#deps.store.sums.days(first, last)) {
      while (waiting.length > 0 && waiting[0]! < day) {
        const before = waiting.shift()!;
        yield { day: before, parts: freshOf(before) };
      }
      if (waiting[0] === day) waiting.shift();
      const kept = fresh.size === 0
        ? parts
        : parts.filter(({ transaction_id }) => !fresh.has(transaction_id));
      yield { day, parts: [...kept, ...freshOf(day)] };
    }
    for (const day of waiting) yield { day, parts: freshOf(day) };
  }

  /** True once the sums hold the sessions of an older program too. */
  get isComplete(): boolean {
    return !this.#deps.store.upgrades.has("sums");
  }

  /** Files the ended ones of the next transactions after `id`. Returns the last one's id; null: there are no more. */
  async fileAfter(id: number): Promise<number | null> {
    const { store } = this.#deps;
    const { transactions, last } = await store.transactions.after(id, AT_ONCE);
    const filings: Filing[] = [];
    for (const transaction of transactions) {
      if (transaction.state !== "completed") continue;
      const { transaction_id } = transaction;
      filings.push({ transaction_id, days: null, parts: await this.#partsOf(transaction) });
    }
    await store.sums.file(filings);
    return last;
  }

  #look(now = false): void {
    const { log, store } = this.#deps;
    const isDue = now || performance.now() - this.#filed_at > FILE_MS;
    if (store.transactions.unfiled.size === 0 || !(isDue || store.transactions.unfiled.size >= FILE_AT)) {
      return;
    }
    this.file().catch(
      exceptStorageErrors((error) => log.error("Cannot file sessions", { error: describeError(error) })),
    );
  }

  async #file(): Promise<void> {
    this.#filed_at = performance.now();
    const { store } = this.#deps;
    const all = store.transactions.unfiled.all();
    await store.commits.put([]); // the marks and their records are durable now, or their commit has failed
    for (let index = 0; index < all.length; index += AT_ONCE) {
      await this.#fileSome(all.slice(index, index + AT_ONCE));
    }
  }

  async #fileSome(entries: readonly Unfiled[]): Promise<void> {
    const { sums, transactions } = this.#deps.store;
    const filings: Filing[] = [];
    for (const entry of entries) {
      const parts = await this.#partsOfEnded(entry);
      if (parts) filings.push({ transaction_id: entry.transaction_id, days: entry.days, parts });
    }
    await sums.file(filings, () => transactions.unfiled.deletions(entries));
    transactions.unfiled.drop(entries);
    for (const { transaction_id } of entries) {
      if (!transactions.activeById(transaction_id)) transactions.curves.delete(transaction_id);
    }
  }

  /** Returns the parts of the sessions that are not filed as they are, by id. */
  async #fresh(): Promise<Map<number, Map<number, SessionPart>>> {
    const { store, now } = this.#deps;
    const fresh = new Map<number, Map<number, SessionPart>>();
    const active = store.transactions.active().map(async (transaction) => {
      fresh.set(transaction.transaction_id, partsOf(transaction, await this.#curveOf(transaction), now()));
    });
    const ended = store.transactions.unfiled.all().map(async (entry) => {
      const parts = await this.#partsOfEnded(entry);
      if (parts) fresh.set(entry.transaction_id, parts);
    });
    await Promise.all([...active, ...ended]);
    return fresh;
  }

  /** Returns the parts of a marked session; undefined if it runs, since its end could not be stored. */
  async #partsOfEnded(entry: Unfiled): Promise<Map<number, SessionPart> | undefined> {
    if (entry.parts) return entry.parts;
    const transaction = await this.#deps.store.transactions.get(entry.transaction_id);
    if (transaction?.state !== "completed") return;
    return entry.parts = await this.#partsOf(transaction);
  }

  async #partsOf(transaction: Transaction): Promise<Map<number, SessionPart>> {
    return partsOf(transaction, await this.#curveOf(transaction), this.#deps.now());
  }

  /** Returns the energy of a session over time; null where its readings are no longer kept. */
  async #curveOf(transaction: Transaction): Promise<EnergyCurve | null> {
    const { store, now } = this.#deps;
    const { transaction_id, energy_wh, stop_time } = transaction;
    const known = store.transactions.curves.get(transaction_id);
    if (known) return known;
    const isOld = stop_time !== null && Date.parse(stop_time) < now() - store.settings.retention_days * DAY;
    if (isOld || !energy_wh) return null;
    if (transaction.state === "completed") return await storedCurve(transaction, this.#curveDeps());
    const found = this.#curves.get(transaction_id) ?? this.#read(transaction);
    this.#curves.set(transaction_id, found);
    return await found.finally(() => this.#curves.delete(transaction_id));
  }

  /** Reads the curve of a running session and keeps it; again if samples have come meanwhile. */
  async #read(transaction: Transaction): Promise<EnergyCurve> {
    const { transactions } = this.#deps.store;
    for (;;) {
      const { energy_seq } = transaction;
      const curve = await storedCurve(transaction, this.#curveDeps());
      if (transaction.energy_seq !== energy_seq) continue;
      if (transaction.state === "active") transactions.curves.set(transaction.transaction_id, curve);
      return curve;
    }
  }

  #curveDeps() {
    return { store: this.#deps.store, optionsOf: energyOptions };
  }
}
