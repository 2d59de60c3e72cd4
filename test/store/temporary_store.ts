// The test kit of the store: a KV file of its own, commits that fail on demand, messages.
import { Commits } from "../../src/store/kv/commits.ts";
import { CurrentValues } from "../../src/store/kv/current_values.ts";
import { RedoLog } from "../../src/store/kv/redo_log.ts";
import { type MeterMessage, type Reading, Readings } from "../../src/store/readings/readings.ts";
import { keysOf, loggedTables } from "../../src/store/tables.ts";

/** Hour 0 of the tests: 2024-07-25T09:00:00Z. */
export const NINE = Date.UTC(2024, 6, 25, 9);

/** A commit that fails: "lost" is not stored; "cut" is stored, but reported as failed. */
export interface Failure {
  /** The number of the commit from now on, 1 for the next. */
  at: number;
  kind: "lost" | "cut";
  /** True: all later ones fail too, as after a crash. */
  forever: boolean;
}

/** A KV file with the readings of one site; it can be crashed and reopened. */
export class TemporaryStore {
  readonly keys = keysOf("site1");
  readonly #path: string;
  readonly #window_ms: number;
  #failure: Failure | null = null;
  #commit_count = 0;
  write!: Deno.Kv;
  read!: Deno.Kv;
  commits!: Commits;
  readings!: Readings;
  redo_log!: RedoLog;
  current!: CurrentValues;
  damages: string[] = [];

  private constructor(path: string, window_ms: number) {
    this.#path = path;
    this.#window_ms = window_ms;
  }

  static async open(options: { path?: string; window_ms?: number } = {}): Promise<TemporaryStore> {
    const path = options.path ?? `${await Deno.makeTempDir()}/kv.db`;
    const store = new TemporaryStore(path, options.window_ms ?? 0);
    await store.#open();
    return store;
  }

  async #open(): Promise<void> {
    this.write = await Deno.openKv(this.#path);
    this.read = this.#path === ":memory:" ? this.write : await Deno.openKv(this.#path);
    this.#failure = null;
    this.#commit_count = 0;
    const atomic = () => this.#atomic();
    this.commits = new Commits({ atomic }, { window_ms: this.#window_ms });
    await this.#openLog();
    this.readings = new Readings({ commits: this.commits, read: this.read }, this.keys);
    this.readings.onDamage = (what) => this.damages.push(what);
    await this.readings.load();
  }

  async #openLog(): Promise<void> {
    this.current = new CurrentValues(this.read);
    const damaged = ({ key }: { key: Deno.KvKey }) => void this.damages.push(key.join("/"));
    this.redo_log = new RedoLog(
      { commits: this.commits, read: this.read, current: this.current, damaged },
      this.keys.redo,
    );
    await this.redo_log.load();
    this.redo_log.begin(loggedTables());
  }

  #atomic(): Deno.AtomicOperation {
    const atomic = this.write.atomic();
    const commit = atomic.commit.bind(atomic);
    atomic.commit = async () => {
      const count = ++this.#commit_count;
      const failure = this.#failure;
      if (!failure || count < failure.at || (count > failure.at && !failure.forever)) return await commit();
      if (failure.kind === "cut" && count === failure.at) await commit();
      throw new TypeError("disk I/O error");
    };
    return atomic;
  }

  /** Lets a commit fail. */
  fail(failure: Failure): void {
    this.#failure = failure;
    this.#commit_count = 0;
  }

  /** The number of commits since `fail` was called. */
  get commitCount(): number {
    return this.#commit_count;
  }

  #close(): void {
    this.write.close();
    if (this.read !== this.write) this.read.close();
  }

  /** Drops uncommitted writes and opens the file again. */
  async reopen(): Promise<void> {
    await this.readings.stop();
    await this.commits.close();
    this.#close();
    await this.#open();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.readings.stop();
    await this.commits.close();
    this.#close();
    if (this.#path !== ":memory:") await Deno.remove(this.#path.replace(/\/[^/]*$/, ""), { recursive: true });
  }

  /** Returns all readings of a charger. */
  all(charger_id: string): Promise<Reading[]> {
    return Array.fromAsync(this.readings.scan({ charger_id }));
  }
}

/** Returns a message of one MeterValue: energy, and the voltage of one phase. */
export function message(
  changes: Partial<MeterMessage> & { minute: number; energy: string | number },
): MeterMessage {
  const { minute, energy, ...rest } = changes;
  const at = NINE + minute * 60_000;
  const sampledValue = [
    { value: String(energy), context: "Sample.Periodic", unit: "Wh" },
    { value: "230.5", measurand: "Voltage", phase: "L1", unit: "V" },
  ];
  return {
    charger_id: "CP1",
    connector_id: 1,
    transaction_id: 7,
    received: at + 120,
    at: [at],
    meter_value: [{ timestamp: new Date(at).toISOString(), sampledValue }],
    last: true,
    ...rest,
  };
}

/** Returns the energy values among readings, in their order. */
export function energies(readings: readonly Reading[]): (number | string)[] {
  return readings.filter(({ measurand }) => measurand === "Energy.Active.Import.Register").map(({ value }) =>
    value
  );
}

/** Returns the numbers from 0 to `count` - 1. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
