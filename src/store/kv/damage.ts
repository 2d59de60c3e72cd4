// Stored values that cannot be read: whoever finds one reports it and goes on without it.

/** A value in the database and its key. */
export interface StoredValue {
  readonly key: Deno.KvKey;
  readonly value: Uint8Array;
}

/** Receives a value that cannot be read, with the reason. */
export type DamageReport = (entry: StoredValue, error: unknown) => void;

/** Returns what `read` makes of a value; `fallback` where the value cannot be read, which is reported. */
export function readOr<T, F>(entry: StoredValue, { read, fallback, damaged }: {
  read: (value: Uint8Array) => T;
  fallback: F;
  damaged: DamageReport | undefined;
}): T | F {
  try {
    return read(entry.value);
  } catch (error) {
    damaged?.(entry, error);
    return fallback;
  }
}
