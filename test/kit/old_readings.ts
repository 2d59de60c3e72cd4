// A site whose disk is full of old readings.
import { keysOf } from "../../src/store/tables.ts";
import { startTestGateway } from "./gateway.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Chunks of old readings. */
export const OLD_CHUNKS = 1500;
/** Bytes of each. */
export const CHUNK_BYTES = 12_000;

/** Starts a gateway in a folder of its own with 18 MB of chunks that are older than its retention of a year. */
export async function startWithOldReadings() {
  const data_dir = await Deno.makeTempDir();
  const config = { data_dir, kv: `${data_dir}/gateway.db` };
  const site = await startTestGateway({ config, settings: { retention_days: 365 } });
  const { store } = site.gateway.services;
  const { chunk } = keysOf(store.site.site_id);
  const old = Math.floor((Date.now() - 500 * DAY) / HOUR);
  const value = crypto.getRandomValues(new Uint8Array(CHUNK_BYTES));
  for (let index = 0; index < OLD_CHUNKS; index += 30) {
    const keys = Array.from({ length: 30 }, (_, more) => [...chunk, "OLD", old + index + more, 1, 0]);
    await store.commits.put(keys.map((key) => ({ key, value })));
  }
  return {
    ...site,
    store,
    file: config.kv,
    /** Counts the old chunks that are left. */
    async left(): Promise<number> {
      return (await Array.fromAsync(store.read.list({ prefix: [...chunk, "OLD"] }))).length;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await site[Symbol.asyncDispose]();
      await Deno.remove(data_dir, { recursive: true });
    },
  };
}
