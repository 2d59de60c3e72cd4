// Loads readings through the real store (8 series a minute and charger) and prints their cost, one JSON line a figure:
// bytes on disk, encoding, a charger's day. `deno run -A test/bench/readings.ts [millions] [chargers]`
import { cpuUsage } from "node:process";
import { DatabaseSync } from "node:sqlite";
import { createDatabase } from "../../src/store/file/database_file.ts";
import { Commits } from "../../src/store/kv/commits.ts";
import { Dictionary } from "../../src/store/readings/dictionary.ts";
import { ChargerMemtable, Journal } from "../../src/store/readings/journal.ts";
import { type MeterMessage, Readings } from "../../src/store/readings/readings.ts";
import { keysOf } from "../../src/store/tables.ts";

const SERIES = [
  ["Energy.Active.Import.Register", "Wh"],
  ["Power.Active.Import", "W"],
  ["Current.Import", "A", "L1"],
  ["Current.Import", "A", "L2"],
  ["Current.Import", "A", "L3"],
  ["Voltage", "V", "L1"],
  ["Voltage", "V", "L2"],
  ["Voltage", "V", "L3"],
] as const;
const START = Date.UTC(2024, 6, 25);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LEVELS = [0, 7400, 16, 16, 16, 230, 230, 230];
const NOISE = [0, 60, 0.8, 0.8, 0.8, 3, 3, 3];

/** A small generator of the same numbers each time (mulberry32). */
function randomFrom(seed: number): () => number {
  return () => {
    seed = seed + 0x6d2b79f5 | 0;
    let mixed = Math.imul(seed ^ seed >>> 15, 1 | seed);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}

/** Returns the messages of a charger in a minute: a rising energy register, and noisy figures with one decimal. */
function meterMessage(charger_id: string, minute: number, random: () => number): MeterMessage {
  const at = START + minute * MINUTE;
  const sampledValue = SERIES.map(([measurand, unit, phase], index) => ({
    value: index === 0
      ? String(1_000_000 + minute * 123 + Math.floor(random() * 3))
      : (LEVELS[index]! + NOISE[index]! * (random() - 0.5)).toFixed(1),
    context: "Sample.Periodic",
    measurand,
    unit,
    ...(phase ? { phase } : {}),
  }));
  return {
    charger_id,
    connector_id: 1,
    transaction_id: 1000 + Math.floor(minute / 300),
    received: at + Math.floor(random() * 400),
    at: [at],
    meter_value: [{ timestamp: new Date(at).toISOString(), sampledValue }],
    last: true,
  };
}

function print(figures: Record<string, number | string>): void {
  console.log(JSON.stringify({ bench: "readings", ...figures }));
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** Adds a quarter of an hour of all chargers at a time, and compacts it, as the timer would. Returns the cost. */
async function load(readings: Readings, commits: Commits, chargers: string[], minutes: number) {
  const random = randomFrom(1);
  const compaction = { ms: 0, cpu_us: 0 };
  for (let minute = 0; minute < minutes;) {
    const puts: Promise<void>[] = [];
    for (const end = minute + 15; minute < end; minute++) {
      for (const charger_id of chargers) puts.push(readings.add(meterMessage(charger_id, minute, random)));
    }
    await Promise.all([...puts, commits.flush()]);
    const before = cpuUsage();
    await readings.compact();
    const { user, system } = cpuUsage(before);
    compaction.cpu_us += user + system;
    compaction.ms += readings.stats.last_compaction_ms;
  }
  return compaction;
}

/** Measures the time to encode a message for the journal, µs. */
function encodeCost(): number {
  const journal = new Journal(new Dictionary(keysOf("bench")));
  const charger = new ChargerMemtable("CP00001");
  const random = randomFrom(2);
  const costs: number[] = [];
  for (let round = 0; round < 200; round++) {
    const messages = Array.from({ length: 100 }, (_, minute) => meterMessage("CP00001", minute, random));
    const began = performance.now();
    for (const message of messages) journal.rowsOf(message, charger);
    costs.push((performance.now() - began) * 10);
  }
  return median(costs);
}

/** Measures the time of a query for one day of a charger, ms. */
async function dayQueries(
  readings: Readings,
  chargers: string[],
  days: number,
): Promise<{ p50: number; p99: number; rows: number }> {
  const times: number[] = [];
  let rows = 0;
  for (let round = 0; round < 200; round++) {
    const from = START + (round % days) * DAY;
    const charger_id = chargers[round * 7 % chargers.length]!;
    const began = performance.now();
    const page = await readings.query({ charger_id, from, to: from + DAY, limit: 100_000 });
    times.push(performance.now() - began);
    rows = Math.max(rows, page.readings.length);
  }
  times.sort((a, b) => a - b);
  return { p50: median(times), p99: times[Math.floor(times.length * 0.99)]!, rows };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

/** Size of the file once all is in it. */
function sizeOf(path: string): number {
  const database = new DatabaseSync(path);
  database.exec("pragma wal_checkpoint(truncate)");
  database.close();
  return Deno.statSync(path).size;
}

/** Runs the benchmark with so many million readings of so many chargers. */
export async function benchReadings(millions = 1, charger_count = 20): Promise<void> {
  const chargers = Array.from(
    { length: charger_count },
    (_, index) => `CP${String(index + 1).padStart(5, "0")}`,
  );
  const minutes = Math.ceil(millions * 1e6 / SERIES.length / charger_count / 60) * 60;
  const count = minutes * charger_count * SERIES.length;
  const directory = await Deno.makeTempDir();
  const path = `${directory}/kv.db`;
  createDatabase(path);
  const write = await Deno.openKv(path);
  const read = await Deno.openKv(path);
  const commits = new Commits(write, { window_ms: 0 });
  const readings = new Readings({ commits, read }, keysOf("bench"));
  await readings.load();
  const { ms, cpu_us } = await load(readings, commits, chargers, minutes);
  const compaction = {
    us_per_reading: rounded(ms * 1000 / count),
    cpu_us_per_reading: rounded(cpu_us / count),
  };
  print({ figure: "fold", readings: count, ...compaction });
  const days = Math.max(1, Math.floor(minutes / 1440));
  const { p50, p99, rows } = await dayQueries(readings, chargers, days);
  print({ figure: "day query", readings: count, rows, p50_ms: rounded(p50), p99_ms: rounded(p99) });
  await commits.close();
  write.close();
  read.close();
  print({ figure: "disk", readings: count, bytes_per_reading: rounded(sizeOf(path) / count) });
  print({ figure: "encode", us_per_message: rounded(encodeCost()), samples: SERIES.length });
  await Deno.remove(directory, { recursive: true });
}

if (import.meta.main) await benchReadings(Number(Deno.args[0] ?? 1), Number(Deno.args[1] ?? 20));
