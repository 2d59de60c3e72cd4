// Many chargers against one OCPP 1.6-J server, from a process of its own: node test/bench/load.mjs --url ws://… --pid …
// Node.js 20 or Deno, no dependencies. Checks every answer; prints one line of JSON; exit code 1 when any was wrong.
import process from "node:process";
import { Charger } from "./load/charger.mjs";
import { measure, usageOf } from "./load/machine.mjs";
import { options } from "./load/options.mjs";
import { answers, example, fail, faults, percentiles, rounded, tally } from "./load/tally.mjs";

const MAX_ATTEMPTS = 20;
const SETTLE_MS = 100; // a server that is slow to listen to a new socket loses what comes at once
const lag = { sum: 0, max: 0, count: 0 };

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const script = options.mode === "closed" ? "sessions" : "meter";
const chargers = Array.from({ length: options.chargers }, (_, index) => new Charger(index, script));
const others = Array.from(
  { length: options.others },
  (_, index) => new Charger(options.chargers + index, "others"),
);
const everyone = [...chargers, ...others];

/** Connects a charger and boots it, trying again while the server refuses. */
async function bring(charger) {
  for (let attempt = 0;; attempt++) {
    try {
      await charger.connect();
      if (options.mode !== "storm") await sleep(SETTLE_MS);
      return await charger.boot();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) return fail("connect", error);
      tally.retries++;
      example(`tried again: ${error.message}`);
      await sleep(250 + Math.random() * 500);
    }
  }
}

/** Brings all chargers; returns when each was accepted, ms. */
async function bringAll(rate) {
  const start = performance.now();
  const times = [];
  await Promise.all(everyone.map(async (charger, index) => {
    if (rate > 0) await sleep(index / rate * 1000);
    if (await bring(charger)) times.push(performance.now() - start);
  }));
  return times;
}

async function storm() {
  const rounds = [];
  for (let round = 0; round < options.rounds; round++) {
    const times = await bringAll(0);
    rounds.push({
      accepted: times.length,
      all_s: rounded(Math.max(...times) / 1000, 3),
      ...percentiles(times),
    });
    tally.stopping = true;
    for (const { socket } of everyone) socket.destroy();
    await sleep(1000);
    tally.stopping = false;
  }
  return { rounds, peak_mb: rounded(usageOf(options.pid).peak, 1) };
}

async function idle() {
  const before = usageOf(options.pid).rss;
  await bringAll(options.rate);
  await sleep(options.hold);
  const after = usageOf(options.pid).rss;
  const per_1000 = (after - before) / options.chargers * 1000;
  return {
    rss_before_mb: rounded(before, 1),
    rss_after_mb: rounded(after, 1),
    mb_per_1000: rounded(per_1000, 2),
  };
}

/** Charger k of n is due at k/n of the period; until `ends`, ms. */
async function openLoop(list, period, ends) {
  const start = performance.now();
  for (let k = 0; list.length > 0; k++) {
    const due = start + k / list.length * period;
    for (let wait; (wait = due - performance.now()) > 0;) {
      await (wait > 3 ? sleep(wait - 2) : new Promise((resolve) => setImmediate(resolve)));
    }
    if (due > ends) return;
    noteLag(performance.now() - due);
    list[k % list.length].due(due);
  }
}

/** The generator's own delay, which is in every latency of the open loop. */
function noteLag(ms) {
  if (!tally.measuring) return;
  lag.sum += ms;
  lag.count++;
  lag.max = Math.max(lag.max, ms);
}

async function answered() {
  for (let left = options.timeout / 20; left > 0 && everyone.some(({ pending }) => pending); left--) {
    await sleep(20);
  }
}

/** Open and closed loop: warm up, measure, stop. */
async function loops() {
  await bringAll(options.rate);
  const ends = performance.now() + options.warmup + options.duration;
  const open = options.mode === "open";
  const loops = open
    ? [openLoop(chargers, options.period, ends), openLoop(others, options.other_period, ends)]
    : chargers.map((charger) => charger.open && charger.loop());
  await sleep(options.warmup);
  tally.measuring = true;
  const start = performance.now();
  const measured = measure(options.pid);
  await sleep(options.duration);
  const seconds = (performance.now() - start) / 1000;
  await Promise.all(loops);
  if (open) await answered();
  tally.measuring = false;
  tally.stopping = true;
  const { readings } = tally;
  const all = answers();
  const rates = {
    msgs_s: rounded(all.msgs / seconds, 1),
    readings,
    readings_s: rounded(readings / seconds, 1),
  };
  const lags = open
    ? { lag_avg_ms: rounded(lag.sum / Math.max(1, lag.count), 3), lag_max_ms: rounded(lag.max, 3) }
    : {};
  return { seconds: rounded(seconds, 2), ...all, ...rates, ...lags, ...measured(all.msgs) };
}

const MODES = { closed: loops, open: loops, storm, idle };

setInterval(() => {
  const now = performance.now();
  for (const charger of everyone) charger.giveUp(now);
}, 500).unref();

const result = await MODES[options.mode]();
tally.stopping = true;
console.log(JSON.stringify({ mode: options.mode, chargers: options.chargers, ...result, ...faults() }));
for (const { socket } of everyone) socket?.destroy();
process.exit(faults().errors ? 1 : 0);
