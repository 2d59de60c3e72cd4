// The questions of an operator at a site of some age: reports, lists of sessions, the overview. The same site, ten times as old.
import type { Bench } from "../bench.ts";
import { RawClient } from "../../../src/ocpp/client/raw_client.ts";
import { Store } from "../../../src/store/store.ts";
import { median } from "../report.ts";
import { using } from "../bench.ts";
import { startGateway } from "../server.ts";
import { writeReadings } from "../readings_data.ts";
import { writeHistory } from "../sessions_data.ts";
import { medianStart } from "./start_up.ts";

/** A tenth of 200 chargers, 20,000 tags, and a million sessions in five years. */
const SITE = { chargers: 20, tags: 2000, rate: 55 };
const OLD = 100_000;
const RUNS = 15;
const PASSWORD = "a password of the bench";

/** The times of the questions, ms, and the memory after them, MB. */
interface Times {
  report: number;
  three_days: number;
  last_page: number;
  first_page: number;
  overview: number;
  overview_kb: number;
  year: number;
  chart: number;
  memory: number;
}

/** Times of questions, start and memory. */
export async function figures(bench: Bench): Promise<void> {
  const { report, folder, quick } = bench;
  const sessions = quick ? 5000 : OLD;
  report.title(
    `figures: a tenth of the large site: 20 chargers, 2,000 tags, ${sessions} sessions at 55 a day`,
  );
  const [empty, young, old] = [`${folder}/no_sessions`, `${folder}/young`, `${folder}/old`];
  await writeHistory(empty, { ...SITE, sessions: 0 });
  await writeHistory(young, { ...SITE, sessions: sessions / 10 });
  await writeHistory(old, { ...SITE, sessions });
  const bytes = (sizeOf(old) - sizeOf(young)) / (sessions * 0.9);
  const days = quick ? 30 : 365;
  const built = await writeReadings(old, { charger_id: "CP3", days, per_hour: 60 });
  const none = await timesOf(bench, empty);
  const many = await timesOf(bench, old);
  const ms = { unit: "ms" };
  report.figure("month's report by holder", many.report, { at_most: 100 }, ms);
  report.figure("sessions of three days", many.three_days, { at_most: 20 }, ms);
  report.figure("overview's data", many.overview, { at_most: 50 }, ms);
  report.figure("overview's data", many.overview_kb, { at_most: 60 }, { unit: "kB" });
  report.figure("last page of a charger's sessions, times the first", many.last_page / many.first_page, {
    at_most: 1.3,
  }, { unit: "x", decimals: 2 });
  report.figure("a charger's year of readings, 600 points", many.chart, { at_most: 50 }, ms);
  report.note(`sums of ${days} days of readings (8 series a minute) built in ${(built / 1000).toFixed(1)} s`);
  report.note(`a year by month and charger: ${many.year.toFixed(1)} ms`);
  report.note(`a session with its indexes and its part of the sums takes ${bytes.toFixed(0)} bytes`);
  for (const [name, ratio] of await ratiosOf(bench, young, old)) {
    report.figure(`${name}: times ten times younger`, ratio, { at_most: 1.3 }, { unit: "x", decimals: 2 });
  }
  report.figure("Heartbeat while four people ask for reports, p99", await heartbeats(bench, old), {
    at_most: 50,
  }, ms);
  const indexed = await upgradeTime(bench, young);
  report.note(`indexes and sums of ${sessions / 10} older sessions made anew in ${indexed.toFixed(1)} s`);
  const memory = many.memory / none.memory;
  report.figure("memory, times an empty site's", memory, { at_most: 1.3 }, { unit: "x", decimals: 2 });
  const start = await medianStart(bench, empty);
  const allowed = { at_most: 1.2 * start + 100 };
  report.figure(`start (empty: ${start.toFixed(0)} ms)`, await medianStart(bench, old), allowed, ms);
}

function day(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

/** The questions by what they are for. */
function questions() {
  return {
    report: [`/ocpp/report/?month=${day(40).slice(0, 7)}&group=holder`],
    three_days: [`/ocpp/transactions/?from=${day(10)}&to=${day(7)}&limit=1000`],
    overview: ["/ocpp/energy/", `/ocpp/energy/?from=${day(0)}&to=${day(-1)}&by=hour`, "/ocpp/power/"],
  };
}

/** Serves a site while `work` asks it. */
function served<T>(
  bench: Bench,
  data_dir: string,
  work: (base: string, url: string) => Promise<T>,
): Promise<T> {
  const start = () => startGateway({ data_dir, env: { OCPP_ADMIN_PASSWORD: PASSWORD } });
  return using(bench, start, ({ url }) => work(url.replace("ws", "http").replace(/\/$/, ""), url));
}

async function timesOf(bench: Bench, data_dir: string): Promise<Times> {
  return await served(bench, data_dir, async (base) => {
    const ask = await asker(base);
    const first = await ask("/ocpp/transactions/?charger_id=CP3&limit=100");
    const cursor = await lastCursor(base);
    const last = cursor === null
      ? first
      : await ask(`/ocpp/transactions/?charger_id=CP3&limit=100&cursor=${cursor}`);
    const { report: [report], three_days: [three_days], overview } = questions();
    const parts = [];
    for (const path of overview) parts.push(await ask(path));
    return {
      report: (await ask(report!)).ms,
      three_days: (await ask(three_days!)).ms,
      first_page: first.ms,
      last_page: last.ms,
      overview: parts.reduce((sum, { ms }) => sum + ms, 0),
      overview_kb: parts.reduce((sum, { bytes }) => sum + bytes, 0) / 1000,
      year: (await ask(`/ocpp/energy/?from=${day(365)}&to=${day(0)}&by=month&group=charger`)).ms,
      chart: (await ask(`/ocpp/chargers/CP3/readings/?from=${day(365)}&to=${day(-1)}&points=600`)).ms,
      memory: (await json(`${base}/ocpp/system/`)).memory_bytes! / 1e6,
    };
  });
}

/**
 * Returns the time of each question at the older site as a multiple of that at the younger. They are asked in turn, so that
 * other work on the machine slows both.
 */
function ratiosOf(bench: Bench, young: string, old: string): Promise<[string, number][]> {
  return served(bench, young, (young_base) =>
    served(bench, old, async (old_base) => {
      const [few, many] = [await asker(young_base, 1), await asker(old_base, 1)];
      const ratios: [string, number][] = [];
      for (const [name, paths] of Object.entries(questions())) {
        const times: [number[], number[]] = [[], []];
        for (let run = 0; run < 3 * RUNS; run++) {
          for (const [index, ask] of [few, many].entries()) {
            let ms = 0;
            for (const path of paths) ms += (await ask(path)).ms;
            times[index]!.push(ms);
          }
        }
        ratios.push([name, median(times[1].slice(RUNS)) / median(times[0].slice(RUNS))]); // the first ones warm up
      }
      return ratios;
    }));
}

/** Returns the 99th percentile of Heartbeats of 20 chargers, ms, while four people ask for a report again and again. */
function heartbeats(bench: Bench, data_dir: string): Promise<number> {
  return served(bench, data_dir, async (base, url) => {
    const clients = await Promise.all(
      Array.from({ length: SITE.chargers }, (_, n) => RawClient.connect(url, { path: `CP${n}` })),
    );
    const ask = await asker(base, 1);
    const end = performance.now() + (bench.quick ? 2 : 15) * 1000;
    const people = Array.from({ length: 4 }, async () => {
      while (performance.now() < end) for (const paths of Object.values(questions())) await ask(paths[0]!);
    });
    const times: number[] = [];
    const chargers = clients.map(async (client) => {
      while (performance.now() < end) {
        const began = performance.now();
        await client.call("Heartbeat");
        times.push(performance.now() - began);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    });
    await Promise.all([...people, ...chargers]);
    await Promise.all(clients.map((client) => client.close()));
    return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)]!;
  });
}

/** Returns the seconds in which the indexes and the sums of all sessions are made anew, as after an update. */
async function upgradeTime(bench: Bench, data_dir: string): Promise<number> {
  const store = await Store.open({ path: `${data_dir}/gateway.db`, window_ms: 0 });
  const upto = store.transactions.lastId;
  for (const name of ["indexes", "sums"] as const) await store.upgrades.put({ name, done: 0, upto });
  await store.close();
  return await served(bench, data_dir, async (base) => {
    const began = performance.now();
    while ((await (await fetch(`${base}/healthz`)).json()).upgrades?.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return (performance.now() - began) / 1000;
  });
}

function sizeOf(folder: string): number {
  return Deno.statSync(`${folder}/gateway.db`).size;
}

const HEADERS = { authorization: `Basic ${btoa(`admin:${PASSWORD}`)}` };

async function json(url: string): Promise<Record<string, number>> {
  return await (await fetch(url, { headers: HEADERS })).json();
}

/** Returns a function that asks a path several times: the median time, and the size of the answer. */
async function asker(base: string, runs = RUNS) {
  const answer = await fetch(`${base}/ocpp/tokens/`, {
    method: "POST",
    headers: { ...HEADERS, "content-type": "application/json" },
    body: JSON.stringify({ label: "bench", role: "viewer" }),
  });
  const { token } = await answer.json();
  const headers = { authorization: `Bearer ${token}` };
  return async (path: string): Promise<{ ms: number; bytes: number }> => {
    const times: number[] = [];
    let bytes = 0;
    for (let run = 0; run < runs; run++) {
      const began = performance.now();
      const response = await fetch(base + path, { headers });
      bytes = (await response.arrayBuffer()).byteLength;
      times.push(performance.now() - began);
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
    }
    return { ms: median(times), bytes };
  };
}

/** Returns the cursor of the last full page but one of a charger's sessions. */
async function lastCursor(base: string): Promise<string | null> {
  const headers = HEADERS;
  let cursor: string | null = null;
  for (;;) {
    const path = `/ocpp/transactions/?charger_id=CP3&limit=100${cursor === null ? "" : `&cursor=${cursor}`}`;
    const page: { transactions: unknown[]; next: string | null } =
      await (await fetch(base + path, { headers })).json();
    if (page.next === null) return cursor;
    const following =
      await (await fetch(`${base}/ocpp/transactions/?charger_id=CP3&limit=100&cursor=${page.next}`, {
        headers,
      })).json();
    if (following.transactions.length < 100) return cursor;
    cursor = page.next;
  }
}
