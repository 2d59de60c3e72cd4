// The figures of a site's life, in threads of their own: a year is lived in some minutes.
import { jain } from "./fairness.ts";
import { idealOf } from "./ideal.ts";
import { type Life, live } from "./life.ts";
import { optimumOf } from "./optimum.ts";
import { SITES } from "./sites.ts";

/** The life that a thread is asked for; `site` is an index of SITES. */
export interface Job {
  site: number;
  days: number;
  seed: number;
  faulty: boolean;
}

/** The figures of a site's life. Energy in Wh. */
export interface Figures
  extends Omit<Life, "site" | "chargers" | "visits" | "loads" | "outcomes" | "orders" | "car_hours"> {
  sessions: number;
  wanted: number;
  energy: number;
  switchings: number;
  /** Per car and hour. */
  messages: number;
  /** Jain's index of shares: of all cars, and of those that the gateway reached, while it knew the room. */
  fairness: Record<"all" | "reached", number>;
}

/** Bounds that nobody can exceed: the optimum, the same of what is not kept free, and ideal equal shares of that. */
export interface Bounds {
  optimum: number;
  kept: number;
  ideal: number;
}

/** The answer of a thread: bounds come with the life without faults. */
export interface Lived {
  figures: Figures;
  bounds: Bounds | null;
}

/** Time for which there was not enough, after which a car's share is compared, s. */
const CONTESTED_S = 1_800;

/** Lives a site's life. */
export async function livedBy({ site, days, seed, faulty }: Job): Promise<Lived> {
  const life = live(SITES[site]!, days, { seed, faulty });
  return { figures: figuresOf(life), bounds: faulty ? null : await boundsOf(life) };
}

/** Lives several, as many at once as the machine has processors; answers in order. */
export async function livedByAll(jobs: readonly Job[]): Promise<Lived[]> {
  const answers: Lived[] = [];
  let next = 0;
  const work = async () => {
    for (let job = next++; job < jobs.length; job = next++) answers[job] = await inThread(jobs[job]!);
  };
  await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, work));
  return answers;
}

async function inThread(job: Job): Promise<Lived> {
  const worker = new Worker(new URL("life_thread.ts", import.meta.url).href, { type: "module" });
  try {
    return await new Promise<Lived>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(job);
    });
  } finally {
    worker.terminate();
  }
}

async function boundsOf(life: Life): Promise<Bounds> {
  const optimum = await optimumOf(life);
  const kept = life.site.reserve_a ? await optimumOf({ ...life, kept: true }) : optimum;
  return { optimum, kept, ideal: idealOf(life) };
}

function figuresOf(
  { highest_a, above_s, longest_s, late_s, outcomes, orders, car_hours, visits }: Life,
): Figures {
  const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
  const fairness = (which: "all" | "reached") =>
    jain(
      outcomes.map(({ shares }) => shares[which]).filter(({ contested_s }) => contested_s >= CONTESTED_S)
        .map(({ got, fair }) => got / fair),
    );
  return {
    highest_a,
    above_s,
    longest_s,
    late_s,
    sessions: visits.length,
    wanted: sum(visits.map(({ want_wh }) => want_wh)),
    energy: sum(outcomes.map(({ energy_wh }) => energy_wh)),
    switchings: sum(outcomes.map(({ switchings }) => switchings)) / outcomes.length,
    messages: orders / car_hours,
    fairness: { all: fairness("all"), reached: fairness("reached") },
  };
}
