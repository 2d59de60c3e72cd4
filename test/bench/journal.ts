// A database whose journal is as long as it gets before compaction.
import { Store } from "../../src/store/store.ts";

const JOURNAL_BYTES = 3_900_000; // it is folded at 4 MB
const CHARGERS = 200;
const BATCH = 200;

/** Creates a data directory with a journal, and returns its length. */
export async function writeJournal(data_dir: string): Promise<{ bytes: number; messages: number }> {
  await Deno.mkdir(data_dir, { recursive: true });
  const store = await Store.open({ path: `${data_dir}/gateway.db`, window_ms: 0 });
  const { readings } = store;
  for (let count = 0; readings.stats.journal_bytes < JOURNAL_BYTES; count += BATCH) {
    await Promise.all(Array.from({ length: BATCH }, (_, index) => readings.add(messageOf(count + index))));
  }
  const { journal_bytes: bytes, messages } = readings.stats;
  await store.close();
  return { bytes, messages };
}

function messageOf(number: number) {
  const received = Date.now();
  const energy = String(1000 + Math.floor(number / CHARGERS) * 7);
  const sample = (measurand: string, unit: string, value: string, phase?: string) => ({
    value,
    context: "Sample.Periodic",
    measurand,
    location: "Outlet",
    unit,
    ...(phase ? { phase } : {}),
  });
  const value = String(220 + number % 977 / 10);
  const sampledValue = [
    sample("Energy.Active.Import.Register", "Wh", energy),
    sample("Power.Active.Import", "W", value),
    ...["L1", "L2", "L3"].map((phase) => sample("Current.Import", "A", value, phase)),
    sample("Voltage", "V", value, "L1-N"),
  ];
  return {
    charger_id: `CP${String(number % CHARGERS + 1).padStart(5, "0")}`,
    connector_id: 1,
    transaction_id: null,
    received,
    at: [received],
    meter_value: [{ timestamp: new Date(received).toISOString(), sampledValue }],
    last: true,
  };
}
