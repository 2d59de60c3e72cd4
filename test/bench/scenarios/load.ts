// Load management: sites of cars on a shared fuse with and without faults, and the time of a decision.
import { circuit, TIMES } from "../../site/load/world.ts";
import { LoadControl } from "../../../src/site/load/load_control.ts";
import type { ConnectorFacts } from "../../../src/site/load/managed_connector.ts";
import type { Bench } from "../bench.ts";
import { jain } from "../charging/fairness.ts";
import { idealOf } from "../charging/ideal.ts";
import { type Life, live } from "../charging/life.ts";
import { optimumOf } from "../charging/optimum.ts";
import { type Site, SITES } from "../charging/sites.ts";
import { median, type Report } from "../report.ts";

const DAYS = 7;
const SEED = 16;
/** Time for which there was not enough, after which a car's share is compared, s. */
const CONTESTED_S = 1_800;
/** Time above a fuse that other loads are on as well, after a step of these: meter, messages, and cars that follow, s. */
const REACTION_S = 15;
/** The same where a message is lost: until that is noticed and it is sent again. */
const TIMEOUT_S = 60;
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
  for (const site of SITES) await oneSite(bench, site, days);
}

async function oneSite({ report }: Bench, site: Site, days: number): Promise<void> {
  const clean = live(site, days, { seed: SEED, faulty: false });
  const bounds = { optimum: await optimumOf(clean), ideal: idealOf(clean) };
  const wanted = clean.visits.reduce((sum, { want_wh }) => sum + want_wh, 0);
  report.note(
    `${site.name}: ${site.chargers} chargers on 3×${site.fuse_a} A, ${clean.visits.length} sessions want ` +
      `${kwh(wanted)} kWh; the optimum is ${kwh(bounds.optimum)}, ideal equal shares ${kwh(bounds.ideal)}`,
  );
  flows(report, clean, { name: `${site.name}, good wires`, at_most: site.base ? REACTION_S : 0 });
  energies(report, clean, { name: `${site.name}, good wires`, ...bounds });
  const faulty = live(site, days, { seed: SEED, faulty: true });
  flows(report, faulty, { name: `${site.name}, faults`, at_most: site.base ? TIMEOUT_S : 0 });
  const parts = [energyOf(faulty) / bounds.optimum, fairnessOf(faulty)].map((part) => part.toFixed(3));
  report.note(`${site.name}, faults: ${parts[0]} of the optimum's energy, fairness ${parts[1]}`);
}

function flows(
  report: Report,
  life: Life,
  { name, at_most }: { name: string; at_most: number },
): void {
  const { highest_a, above_s, longest_s, outcomes, orders, car_hours } = life;
  const most = `${highest_a < 0 ? "" : "+"}${highest_a.toFixed(1)} A at most, ${above_s} s in all`;
  report.figure(`${name}: longest time above the fuse (${most})`, longest_s, { at_most }, {
    unit: "s",
    decimals: 0,
  });
  const switchings = outcomes.reduce((sum, each) => sum + each.switchings, 0) / outcomes.length;
  report.figure(`${name}: switchings a session`, switchings, { at_most: 6 }, { unit: "", decimals: 2 });
  report.note(`${name}: ${(orders / car_hours).toFixed(1)} messages per car and hour`);
}

function energies(
  report: Report,
  life: Life,
  { name, optimum, ideal }: { name: string; optimum: number; ideal: number },
): void {
  const percent = { unit: "%", decimals: 2 };
  const energy = 100 * energyOf(life);
  if (ideal / optimum >= FAIR) {
    report.figure(`${name}: of the optimum's energy`, energy / optimum, { at_least: 97 }, percent);
  } else {
    const [part, most] = [energy, 100 * ideal].map((each) => (each / optimum).toFixed(2));
    report.note(`${name}: ${part} % of the optimum's energy, of which equal shares reach ${most} % at best`);
  }
  report.figure(`${name}: of ideal equal shares' energy`, energy / ideal, { at_least: 97 }, percent);
  report.figure(`${name}: fairness (Jain)`, fairnessOf(life), { at_least: 0.98 }, { unit: "", decimals: 4 });
}

function energyOf({ outcomes }: Life): number {
  return outcomes.reduce((sum, { energy_wh }) => sum + energy_wh, 0);
}

function fairnessOf({ outcomes }: Life): number {
  return jain(
    outcomes.filter(({ contested_s }) => contested_s >= CONTESTED_S).map(({ got, fair }) => got / fair),
  );
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
