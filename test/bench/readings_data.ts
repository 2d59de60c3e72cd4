// A charger's readings for benchmarks, written as chunks: eight series a minute, as compaction would have left them.
import { type ChunkRow, encodeChunk } from "../../src/store/readings/chunk.ts";
import { putMutation } from "../../src/store/kv/mutation.ts";
import { keysOf } from "../../src/store/tables.ts";
import { Store } from "../../src/store/store.ts";

const HOUR = 3_600_000;
const SERIES = [
  ["Energy.Active.Import.Register", "Wh"],
  ["Power.Active.Import", "W"],
  ["Current.Import", "A", "L1"],
  ["Current.Import", "A", "L2"],
  ["Current.Import", "A", "L3"],
  ["Voltage", "V", "L1"],
  ["Voltage", "V", "L2"],
  ["Voltage", "V", "L3"],
].map(([measurand, unit, phase]) => [measurand!, unit!, phase ?? null, null, null, null]);
const NUMBERS = SERIES.map((_, number) => number);
const LEVELS = [0, 7400, 16, 16, 16, 230, 230, 230];
const NOISE = [0, 60, 0.8, 0.8, 0.8, 3, 3, 3];
const AT_ONCE = 100;

/** Writes the chunks of a charger's last days into a closed site's database. Returns the milliseconds that their sums take. */
export async function writeReadings(
  folder: string,
  { charger_id, days, per_hour }: { charger_id: string; days: number; per_hour: number },
): Promise<number> {
  const store = await Store.open({ path: `${folder}/gateway.db`, window_ms: 0 });
  const keys = keysOf(store.site.site_id);
  const end = Math.floor(Date.now() / HOUR);
  await store.commits.put(SERIES.map((labels, number) => putMutation([...keys.series, number], labels)));
  for (let hour = end - days * 24; hour < end; hour += AT_ONCE) {
    const hours = Array.from({ length: Math.min(AT_ONCE, end - hour) }, (_, index) => hour + index);
    await store.commits.put(hours.map((hour) => ({
      key: [...keys.chunk, charger_id, hour, 1, 0],
      value: encodeChunk(rowsOf(hour, per_hour), 1),
    })));
  }
  await store.close();
  const loaded = await Store.open({ path: `${folder}/gateway.db`, window_ms: 0 });
  const began = performance.now();
  await loaded.readings.buildDays();
  const took = performance.now() - began;
  await loaded.close();
  return took;
}

function rowsOf(hour: number, per_hour: number): ChunkRow[] {
  return Array.from({ length: per_hour }, (_, index) => ({
    at: hour * HOUR + index * HOUR / per_hour,
    transaction_id: Math.floor(hour / 5),
    series: NUMBERS,
    values: SERIES.map((_, series) => valueOf(series, hour * per_hour + index)),
  }));
}

/** Returns a value: a rising register, or a noisy figure with one decimal. */
function valueOf(series: number, index: number): string {
  if (series === 0) return String(1_000_000 + index * 123 - Math.floor(index / 1e6) * 123_000_000);
  const noise = (Math.imul(index + 1, 0x9e3779b1) ^ series * 7919) >>> 8 & 1023;
  return (LEVELS[series]! + NOISE[series]! * (noise / 1023 - 0.5)).toFixed(1);
}
