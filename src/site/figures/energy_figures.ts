// Energy, sessions, times and peak power by hour, day or month, and by charger, connector, tag or holder.
import type { Calendar, CalendarUnit, Interval } from "../../calendar.ts";
import { ownTurn } from "../../event_loop.ts";
import { QUARTER, type SessionPart, UTC_DAY } from "../../store/sums/session_part.ts";
import type { DayParts } from "../../store/sums/sums.ts";

/** A question about some time. */
export interface FiguresQuestion {
  /** Full quarter-hours, ms since 1970, half-open. */
  interval: Interval;
  /** Left out: the whole interval is one bucket. */
  by?: CalendarUnit | undefined;
  calendar: Calendar;
  /** Returns the group of a part; null: it is left out. */
  groupOf(part: SessionPart): string | null;
}

/** Sums. Energy is Wh, exact to mWh; times are s, exact to ms. */
export interface Figures {
  energy_wh: number;
  /** Sessions that start in the bucket. */
  sessions: number;
  /** Those of them whose figures are doubtful: with flags. */
  doubtful_sessions: number;
  /** The number of sessions with each flag. */
  flags: Record<string, number>;
  /** The time in which energy flowed. */
  charging_s: number;
  connected_s: number;
  /** The highest mean power of a quarter-hour, as energy suppliers measure it; of a group: that of its connectors together. */
  peak_power_w: number;
}

/** The figures of one group in one bucket. */
export interface FiguresRow extends Figures, Interval {
  group: string;
}

/** An answer: rows by bucket, in each by energy, the highest first; and the figures of all of them together. */
export interface FiguresAnswer {
  rows: FiguresRow[];
  totals: Figures;
}

/** More rows than an answer may have. */
export class TooManyRows extends RangeError {
  override readonly name = "TooManyRows";
}

/** Whole numbers: mWh and ms. */
interface Sum {
  energy: number;
  sessions: number;
  doubtful: number;
  flags: Record<string, number>;
  charging: number;
  connected: number;
  /** The highest energy of a quarter-hour. */
  peak: number;
}

interface Bucket extends Interval {
  groups: Map<string, Sum>;
}

const DAY_QUARTERS = UTC_DAY / QUARTER;
const SLICE_MS = 3;
const MOST_ROWS = 100_000;

/** Adds up the parts of days, in slices that delay no charger. Rejects with TooManyRows. */
export async function energyFigures(
  days: AsyncIterable<DayParts>,
  question: FiguresQuestion,
): Promise<FiguresAnswer> {
  const adder = new Adder(question);
  await ownTurn();
  let began = performance.now();
  for await (const day of days) {
    adder.add(day);
    if (performance.now() - began < SLICE_MS) continue;
    await ownTurn();
    began = performance.now();
  }
  await ownTurn();
  return adder.answer();
}

/** Returns the days, UTC, that an interval touches, the first and the last. */
export function utcDaysOf({ from, to }: Interval): [first: number, last: number] {
  return [Math.floor(from / UTC_DAY), Math.ceil(to / UTC_DAY) - 1];
}

class Adder {
  readonly #question: FiguresQuestion;
  readonly #buckets: Bucket[];
  readonly #total = emptySum();
  #rows = 0;

  constructor(question: FiguresQuestion) {
    this.#question = question;
    this.#buckets = bucketsOf(question).map((interval) => ({ ...interval, groups: new Map() }));
  }

  add({ day, parts }: DayParts): void {
    const midnight = day * UTC_DAY;
    const all = new Float64Array(DAY_QUARTERS);
    const quarters = new Map<string, Float64Array>();
    const first = this.#bucketAt(midnight);
    for (const part of parts) {
      const group = this.#question.groupOf(part);
      if (group === null) continue;
      if (!quarters.has(group)) quarters.set(group, new Float64Array(DAY_QUARTERS));
      const own = quarters.get(group)!;
      part.energy.forEach((milli, index) => {
        own[part.first + index]! += milli;
        all[part.first + index]! += milli;
      });
      this.#addTimes(part, { group, midnight, first });
    }
    for (const [group, own] of quarters) this.#addEnergy(group, own, midnight);
    this.#addTotal(all, midnight);
  }

  answer(): FiguresAnswer {
    const rows = this.#buckets.flatMap(({ from, to, groups }) =>
      [...groups].map(([group, sum]) => ({ from, to, group, ...figuresOf(sum) }))
        .sort((a, b) => b.energy_wh - a.energy_wh || (a.group < b.group ? -1 : 1))
    );
    return { rows, totals: figuresOf(this.#total) };
  }

  #addTimes(
    part: SessionPart,
    { group, midnight, first }: { group: string; midnight: number; first: number },
  ): void {
    const [start, stop] = [midnight + part.from, midnight + part.to];
    for (let index = first; index < this.#buckets.length; index++) {
      const bucket = this.#buckets[index]!;
      if (bucket.from > stop) break;
      const starts = part.starts && start >= bucket.from && start < bucket.to;
      const connected = overlap(start, stop, bucket);
      if (!starts && connected === 0) continue;
      let charging = 0;
      for (let span = 0; span < part.charging.length; span += 2) {
        charging += overlap(midnight + part.charging[span]!, midnight + part.charging[span + 1]!, bucket);
      }
      for (const sum of [this.#sumOf(bucket, group), this.#total]) {
        sum.connected += connected;
        sum.charging += charging;
        if (starts) countSession(sum, part.flags);
      }
    }
  }

  #addEnergy(group: string, quarters: Float64Array, midnight: number): void {
    let index = this.#bucketAt(midnight);
    for (let quarter = 0; quarter < DAY_QUARTERS; quarter++) {
      const energy = quarters[quarter]!;
      if (energy === 0) continue;
      const at = midnight + quarter * QUARTER;
      while (index < this.#buckets.length && this.#buckets[index]!.to <= at) index++;
      const bucket = this.#buckets[index];
      if (!bucket || bucket.from > at) continue;
      const sum = this.#sumOf(bucket, group);
      sum.energy += energy;
      sum.peak = Math.max(sum.peak, energy);
    }
  }

  #addTotal(quarters: Float64Array, midnight: number): void {
    const { from, to } = this.#question.interval;
    quarters.forEach((energy, quarter) => {
      const at = midnight + quarter * QUARTER;
      if (at < from || at >= to) return;
      this.#total.energy += energy;
      this.#total.peak = Math.max(this.#total.peak, energy);
    });
  }

  #sumOf({ groups }: Bucket, group: string): Sum {
    let sum = groups.get(group);
    if (!sum) {
      if (++this.#rows > MOST_ROWS) throw new TooManyRows(`There are more than ${MOST_ROWS} rows`);
      groups.set(group, sum = emptySum());
    }
    return sum;
  }

  /** Returns the index of the first bucket that ends after `at`. */
  #bucketAt(at: number): number {
    let [low, high] = [0, this.#buckets.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#buckets[middle]!.to > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Returns the buckets of an interval; the first and the last may be cut. */
function bucketsOf({ interval, by, calendar }: FiguresQuestion): Interval[] {
  if (!by) return [interval];
  return [...calendar.intervalsOf(by, interval)].map(({ from, to }) => ({
    from: Math.max(from, interval.from),
    to: Math.min(to, interval.to),
  }));
}

function overlap(from: number, to: number, interval: Interval): number {
  return Math.max(0, Math.min(to, interval.to) - Math.max(from, interval.from));
}

function emptySum(): Sum {
  return { energy: 0, sessions: 0, doubtful: 0, flags: {}, charging: 0, connected: 0, peak: 0 };
}

function countSession(sum: Sum, flags: readonly string[]): void {
  sum.sessions++;
  if (flags.length > 0) sum.doubtful++;
  for (const flag of flags) sum.flags[flag] = (sum.flags[flag] ?? 0) + 1;
}

function figuresOf({ energy, sessions, doubtful, flags, charging, connected, peak }: Sum): Figures {
  return {
    energy_wh: energy / 1000,
    sessions,
    doubtful_sessions: doubtful,
    flags,
    charging_s: charging / 1000,
    connected_s: connected / 1000,
    peak_power_w: peak * 4 / 1000,
  };
}
