// Load management: sites of cars on a shared fuse with and without faults, and the time of a decision.
import { circuit, TIMES } from "../../site/load/world.ts";
import { LoadControl } from "../../../src/site/load/load_control.ts";
import type { ConnectorFacts } from "../../../src/site/load/managed_connector.ts";
import type { Bench } from "../bench.ts";
import { type Bounds, type Figures, type Lived, livedByAll } from "../charging/figures.ts";
import { type Site, SITES } from "../charging/sites.ts";
import { median, type Report } from "../report.ts";

const DAYS = 7;
const SEED = 16;
/** Time above a fuse that other loads are on as well, after a rise of these: meter, messages, and cars that follow, s. */
const REACTION_S = 10;
/** The same where messages are lost: the others give way. */
const LOST_S = 20;
/** The optimum serves some cars before others; where equal shares get less than this of its energy, they cannot be near it. */
const FAIR = 0.985;
const WIRINGS = ["RST", "STR", "TRS"];

/** Times of decisions, and what the cars of each site get. */
export async function load(bench: Bench): Promise<void> {
  const { report, quick, days = quick ? 2 : DAYS } = bench;
  report.title(`load: load management, ${days} days of sessions by a seed (--days 365: a year)`);
  for (const connectors of [60, 1000]) {
    report.figure(`a decision at ${connectors} connectors on 11 circuits`, decisionMs(connectors), {
      at_most: 5,
    }, {
      unit: "ms",
      decimals: 3,
    });
  }
  const jobs = SITES.flatMap((_, site) =>
    [false, true].map((faulty) => ({ site, days, seed: SEED, faulty }))
  );
  const lived = await livedByAll(jobs);
  SITES.forEach((site, index) => oneSite(report, site, lived.slice(2 * index, 2 * index + 2)));
}

function oneSite(report: Report, site: Site, [clean, faulty]: Lived[]): void {
  const { figures, bounds } = clean!;
  const { sessions, wanted } = figures;
  const { optimum, kept, ideal } = bounds!;
  report.note(
    `${site.name}: ${site.chargers} chargers on 3×${site.fuse_a} A, ${sessions} sessions want ` +
      `${kwh(wanted)} kWh; the optimum is ${kwh(optimum)}, of what is not kept free ${kwh(kept)}, ` +
      `ideal equal shares of that ${kwh(ideal)}`,
  );
  flows(report, figures, { site, name: `${site.name}, good wires`, reaction_s: REACTION_S });
  energies(report, figures, { name: `${site.name}, good wires`, ...bounds! });
  fairness(report, figures, `${site.name}, good wires`);
  const name = `${site.name}, faults`;
  flows(report, faulty!.figures, { site, name, reaction_s: LOST_S });
  report.note(`${name}: ${(100 * faulty!.figures.energy / kept).toFixed(2)} % of the optimum's energy`);
  fairness(report, faulty!.figures, name);
}

/** Other loads that rise exceed a fuse until cars have followed, unless room is kept free for them. */
function flows(
  report: Report,
  { highest_a, above_s, longest_s, late_s, switchings, messages }: Figures,
  { site, name, reaction_s }: { site: Site; name: string; reaction_s: number },
): void {
  const at_most = site.base && !site.reserve_a ? reaction_s : 0;
  const most = `${highest_a < 0 ? "" : "+"}${highest_a.toFixed(1)} A at most, ${above_s} s in all, ` +
    `${late_s} s of them avoidable`;
  report.figure(`${name}: longest time above the fuse (${most})`, longest_s, { at_most }, {
    unit: "s",
    decimals: 0,
  });
  report.figure(`${name}: switchings a session`, switchings, { at_most: 6 }, { unit: "", decimals: 2 });
  report.note(`${name}: ${messages.toFixed(1)} messages per car and hour`);
}

function energies(
  report: Report,
  { energy }: Figures,
  { name, optimum, kept, ideal }: Bounds & { name: string },
): void {
  const percent = { unit: "%", decimals: 2 };
  if (kept < optimum) {
    report.note(`${name}: ${(100 * energy / optimum).toFixed(2)} % of the optimum that keeps nothing free`);
  }
  if (ideal / kept >= FAIR) {
    report.figure(`${name}: of the optimum's energy`, 100 * energy / kept, { at_least: 97 }, percent);
  } else {
    const [part, most] = [energy, ideal].map((each) => (100 * each / kept).toFixed(2));
    report.note(`${name}: ${part} % of the optimum's energy, of which equal shares reach ${most} % at best`);
  }
  report.figure(`${name}: of ideal equal shares' energy`, 100 * energy / ideal, { at_least: 97 }, percent);
}

function fairness(report: Report, { fairness: { all, reached } }: Figures, name: string): void {
  report.figure(`${name}: fairness (Jain) among cars that are reached`, reached, { at_least: 0.98 }, {
    unit: "",
    decimals: 4,
  });
  report.note(`${name}: fairness among all cars, those of chargers that are away too: ${all.toFixed(4)}`);
}

function kwh(wh: number): string {
  return Math.round(wh / 1000).toString();
}

function factsOf(index: number): ConnectorFacts {
  return {
    circuit: `hall ${index % 10}`,
    phases: index % 3 === 0 ? 1 : 3,
    phase_rotation: index % 3 === 0 ? "RST"[index % 9 / 3]! : WIRINGS[index % 3]!,
    min_a: 6,
    max_a: index % 4 === 0 ? 16 : 32,
    failsafe_a: 0,
    failsafe_holds: true,
    takes_limits: true,
    blocked: false,
    priority: index % 10,
    step_a: 0.1,
    connected: true,
    session: index + 1,
    sleeping: false,
    cap_a: index % 7 === 0 ? 6 + index % 20 : null,
    cap_reason: null,
  };
}

/** Returns the median time of a decision while limits move, ms. */
function decisionMs(connectors: number): number {
  const control = new LoadControl(() => TIMES);
  const halls = Array.from(
    { length: 10 },
    (_, hall) => circuit({ name: `hall ${hall}`, parent: "site", max_current_a: connectors / 2 }),
  );
  control.setCircuits([circuit({ max_current_a: connectors * 4 }), ...halls]);
  for (let index = 0; index < connectors; index++) control.setConnector(`CP${index}/1`, factsOf(index), 0);
  const times: number[] = [];
  for (let second = 1; second <= 300; second++) {
    const began = performance.now();
    const orders = control.decide(second * 1000, second * 1000);
    times.push(performance.now() - began);
    for (const order of orders) {
      if ("number" in order) control.answered(order.id, order.number, "accepted", second * 1000);
    }
    control.supply("site")!.limit({
      kind: "outside",
      source: "bench",
      limit_a: connectors * (2 + second % 3),
      limit_w: null,
      until: null,
      ends: Infinity,
    });
  }
  return median(times.slice(50));
}
