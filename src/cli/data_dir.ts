// The data dir: made at the first start, and locked, since two gateways on one store would lose data.
import type { Config } from "../config.ts";

/** Makes and locks the data dir; returns what unlocks it. Throws an Error that says what stands in the way. */
export async function lockDataDir({ data_dir, kv }: Config): Promise<() => void> {
  if (kv === ":memory:") return () => {};
  await Deno.mkdir(data_dir, { recursive: true, mode: 0o700 });
  const file = await Deno.open(`${data_dir}/lock`, { write: true, create: true, mode: 0o600 });
  if (!file.tryLockSync(true)) {
    file.close();
    throw new Error(`Cannot start: another gateway uses the data dir ${data_dir}`);
  }
  return () => file.close();
}
