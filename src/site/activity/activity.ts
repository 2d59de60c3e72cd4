// The writing end of the event log: entries of what happened, bounded where it repeats itself or strangers cause it.
import { StorageError } from "../../store/kv/commits.ts";
import type {
  ActivityEntry,
  ActivityKind,
  ActivitySeverity,
  ActivityValues,
  Store,
} from "../../store/store.ts";
import { Budget } from "./budget.ts";

/** A thing that happened. */
export interface Occurrence {
  kind: ActivityKind;
  severity?: ActivitySeverity;
  charger_id?: string | undefined;
  connector_id?: number | undefined;
  user?: string | undefined;
  values?: ActivityValues;
  /** True: anybody on the network can cause it. */
  by_stranger?: boolean;
  /** Tells events of the same kind and charger apart that are not to share an entry. */
  subject?: string;
}

/** The parts that the log is written with. */
export interface ActivityDeps {
  store: Store;
  /** ms since 1970. */
  now: () => number;
  /** Monotonic ms. */
  clock?: () => number;
}

/** Kinds that always get an entry of their own: each is the act of a user, or refers to a record. */
const SINGLE: ReadonlySet<ActivityKind> = new Set([
  "session_started",
  "session_ended",
  "command",
  "change",
  "login",
  "gateway_started",
  "gateway_stopped",
  "backup",
]);
const MAX_TEXT = 100;
const MAX_NEWEST = 4_000;
/** A shared entry is stored at most so often; a crash may lose the count since. */
const STORE_MS = 60_000;

/** The newest entry of a subject. */
interface Newest {
  sequence: number;
  count: number;
  stored_at: number;
}

/** Writes the event log. */
export class Activity {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #clock: () => number;
  readonly #newest = new Map<string, Newest>();
  /** Five entries of a subject at once, then one each 20 minutes. */
  readonly #repeated = new Budget({ burst: 5, refill_ms: 20 * 60_000 });
  /** Sixty entries that strangers cause at once, then one a minute, whatever their number. */
  readonly #strangers = new Budget({ burst: 60, refill_ms: 60_000 });

  constructor({ store, now, clock = () => performance.now() }: ActivityDeps) {
    this.#store = store;
    this.#now = now;
    this.#clock = clock;
  }

  /** Notes something that happened. Where the budget is spent, it is counted in the newest entry of the same subject. */
  note(occurrence: Occurrence): void {
    this.#note(occurrence, true).catch(() => {}); // the disk's alarm tells
  }

  /** Notes something that happened, and resolves when it is stored; a disk that fails has its own alarm. */
  async noteNow(occurrence: Occurrence): Promise<void> {
    await this.#note(occurrence, false).catch((error) => {
      if (!(error instanceof StorageError)) throw error;
    });
  }

  #note(occurrence: Occurrence, deferred: boolean): Promise<void> {
    const at = this.#clock();
    const key = keyOf(occurrence);
    if (!SINGLE.has(occurrence.kind) && !this.#repeated.take(key, at)) {
      if (this.#merge(key, occurrence)) return Promise.resolve();
    }
    if (occurrence.by_stranger && !this.#strangers.take("", at)) {
      const common = `strangers ${occurrence.kind}`;
      if (this.#merge(common, occurrence)) return Promise.resolve();
      const { charger_id: _id, values: _values, ...rest } = occurrence;
      return this.#add(common, rest, deferred);
    }
    return this.#add(key, occurrence, deferred);
  }

  #add(key: string, occurrence: Occurrence, deferred: boolean): Promise<void> {
    const { sequence, written } = this.#store.activity.add(entryOf(occurrence, this.#now()), { deferred });
    this.#newest.delete(key);
    if (this.#newest.size >= MAX_NEWEST) this.#newest.delete(this.#newest.keys().next().value!);
    this.#newest.set(key, { sequence, count: 1, stored_at: this.#clock() });
    return written;
  }

  /** Counts an event in the newest entry of its subject; returns false where there is none that can be changed. */
  #merge(key: string, { values, charger_id }: Occurrence): boolean {
    const newest = this.#newest.get(key);
    if (!newest) return false;
    const due = this.#clock() - newest.stored_at >= STORE_MS;
    const change: Partial<ActivityEntry> = {
      count: newest.count + 1,
      until: new Date(this.#now()).toISOString(),
      ...(values && charger_id !== undefined && !key.startsWith("strangers ")
        ? { values: shortened(values) }
        : {}),
    };
    if (!this.#store.activity.change(newest.sequence, change, due)) return false;
    newest.count++;
    if (due) newest.stored_at = this.#clock();
    return true;
  }
}

function keyOf({ kind, charger_id, connector_id, subject }: Occurrence): string {
  return [kind, charger_id, connector_id, subject].join("\0");
}

function entryOf(
  { kind, severity = "info", charger_id, connector_id, user, values = {} }: Occurrence,
  now: number,
): Omit<ActivityEntry, "sequence"> {
  return {
    at: new Date(now).toISOString(),
    kind,
    severity,
    charger_id: charger_id?.slice(0, MAX_TEXT) ?? null,
    connector_id: connector_id ?? null,
    user: user ? user.slice(0, MAX_TEXT) : null,
    values: shortened(values),
    count: 1,
    until: null,
  };
}

function shortened(values: ActivityValues): ActivityValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "string" ? value.slice(0, MAX_TEXT) : value,
    ]),
  );
}
