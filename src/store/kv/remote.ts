// A database on a server: its client asks again for ever and says nothing, so that each call here has a deadline.
import { noAnswer, StorageError } from "./commits.ts";

/** Figures of the reads since the start. */
export interface ReadStats {
  failures: number;
  /** The error of the last read; null: it succeeded, or there was none. */
  last_error: string | null;
}

/** A database whose calls throw StorageError when they fail, or when no answer came within the deadline. */
export interface BoundedKv {
  readonly kv: Deno.Kv;
  readonly stats: ReadStats;
}

/** Returns a database with a deadline for each call, ms. */
export function bounded(kv: Deno.Kv, deadline_ms: number): BoundedKv {
  const stats: ReadStats = { failures: 0, last_error: null };
  const inTime = <T>(work: Promise<T>) => counted(before(work, deadline_ms), stats);
  const calls: Pick<Deno.Kv, "get" | "getMany" | "list" | "atomic" | "set" | "delete" | "close"> = {
    get: (...args) => inTime(kv.get(...args)),
    getMany: (...args) => inTime(kv.getMany(...args)),
    set: (...args) => inTime(kv.set(...args)),
    delete: (...args) => inTime(kv.delete(...args)),
    list: (...args) => eachInTime(kv.list(...args), inTime),
    atomic: () => {
      const atomic = kv.atomic();
      const commit = atomic.commit.bind(atomic);
      atomic.commit = () => inTime(commit());
      return atomic;
    },
    close: () => kv.close(),
  };
  return { kv: calls as Deno.Kv, stats };
}

/** Returns the result of a call; throws StorageError if it fails or takes longer than `ms`. */
export async function before<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => timer = setTimeout(() => reject(noAnswer(ms)), ms));
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    throw error instanceof StorageError ? error : new StorageError(String(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function counted<T>(work: Promise<T>, stats: ReadStats): Promise<T> {
  try {
    const result = await work;
    stats.last_error = null;
    return result;
  } catch (error) {
    stats.failures++;
    stats.last_error = (error as Error).message;
    throw error;
  }
}

/** Returns an iterator whose steps are bounded. */
function eachInTime<T>(
  list: Deno.KvListIterator<T>,
  inTime: <R>(work: Promise<R>) => Promise<R>,
): Deno.KvListIterator<T> {
  const bounded = {
    get cursor() {
      return list.cursor;
    },
    next: () => inTime(list.next()),
    [Symbol.asyncIterator]: () => bounded,
  };
  return bounded as unknown as Deno.KvListIterator<T>;
}
