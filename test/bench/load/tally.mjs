// The counts of a run: latencies by action, readings, and wrong answers.

/** The counts so far. `measuring`: within the measured time. */
export const tally = { measuring: false, stopping: false, readings: 0, retries: 0, server_calls: 0 };

const MAX_EXAMPLES = 3;
const latencies = new Map(); // action → { times, count }
const errors = {};
const examples = [];

/** Counts something wrong. */
export function fail(kind, detail) {
  errors[kind] = (errors[kind] ?? 0) + 1;
  example(`${kind}: ${String(detail).slice(0, 200)}`);
}

/** Keeps a text for people to look at. */
export function example(text) {
  if (examples.length < MAX_EXAMPLES) examples.push(text);
}

/** Keeps the time that an answer took. */
export function record(action, ms) {
  let kept = latencies.get(action);
  if (!kept) latencies.set(action, kept = { times: new Float64Array(4096), count: 0 });
  if (kept.count === kept.times.length) {
    const more = new Float64Array(kept.count * 2);
    more.set(kept.times);
    kept.times = more;
  }
  kept.times[kept.count++] = ms;
}

/** All answers' percentiles, those of each action, and those of some together. */
export function answers() {
  const kept = [...latencies].map(([action, { times, count }]) => [action, times.subarray(0, count)]);
  const all = joined(kept.map(([, times]) => times));
  const without = (...actions) =>
    joined(kept.flatMap(([action, times]) => actions.includes(action) ? [] : [times]));
  const by_action = Object.fromEntries(kept.map(([action, times]) => [action, summed(times)]));
  const others = summed(without("MeterValues"));
  const at_once = summed(without("MeterValues", "StatusNotification"));
  return { msgs: all.length, ...percentiles(all), others, at_once, by_action };
}

function summed(times) {
  return { count: times.length, ...percentiles(times) };
}

function joined(lists) {
  const whole = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    whole.set(list, at);
    at += list.length;
  }
  return whole;
}

/** p50, p99, p99.9 and maximum. */
export function percentiles(list) {
  const sorted = Float64Array.from(list).sort();
  const at = (q) => rounded(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0, 3);
  return { p50_ms: at(0.5), p99_ms: at(0.99), p999_ms: at(0.999), max_ms: at(1) };
}

/** The wrong answers. */
export function faults() {
  const { retries, server_calls } = tally;
  const count = Object.values(errors).reduce((sum, number) => sum + number, 0);
  return { errors: count, error_kinds: errors, retries, server_calls, examples };
}

/** A number with so many decimals. */
export function rounded(value, decimals) {
  return Number(value.toFixed(decimals));
}
