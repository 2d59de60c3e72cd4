// The most energy that cars could get, computed afterwards as a linear program: a bound without minimum currents, delays and faults.
// The solver has a lock file of its own: Deno downloads all packages of deno.lock, even to start the gateway.
import type { CarCharger } from "./car_charger.ts";
import { type OtherLoads, roomOf, type Site } from "./sites.ts";
import { TAPER_END, TAPER_FROM, type Visit } from "./visits.ts";

const SLOT_S = 900;
const WEEK_S = 7 * 86_400;
const VOLTS = 230;
/** Programs that are solved by one process, which takes a second to begin. */
const AT_ONCE = 9;
const SOLVER = `import highs from "npm:highs@1.15.3";
const solver = await highs();
const programs = JSON.parse(await new Response(Deno.stdin.readable).text());
console.log(JSON.stringify(programs.map((program) => {
  const { Status, ObjectiveValue } = solver.solve(program);
  return { Status, ObjectiveValue };
})));`;

interface Past {
  site: Site;
  chargers: readonly CarCharger[];
  loads: OtherLoads;
  visits: readonly Visit[];
  /** True: it keeps free what the site does. */
  kept?: boolean;
}

/** Returns the optimum, Wh: that of each week's arrivals, as if they had the fuse alone to the end of their stay. */
export async function optimumOf(past: Past): Promise<number> {
  const weeks = [...Map.groupBy(past.visits, ({ arrive }) => Math.floor(arrive / WEEK_S)).values()];
  let sum = 0;
  while (weeks.length > 0) {
    sum += await solve(weeks.splice(0, AT_ONCE).map((visits) => programOf({ ...past, visits })));
  }
  return sum;
}

/** Returns the sum of the programs' optima. */
async function solve(programs: string[]): Promise<number> {
  const lock = new URL("highs.lock", import.meta.url).pathname;
  const args = ["eval", "--no-config", "--frozen", `--lock=${lock}`, "--ext=ts", SOLVER];
  const solver = new Deno.Command(Deno.execPath(), { args, stdin: "piped", stdout: "piped" }).spawn();
  const writer = solver.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(programs)));
  await writer.close();
  const { success, stdout } = await solver.output();
  if (!success) throw new Error("The solver failed");
  const solved: { Status: string; ObjectiveValue: number }[] = JSON.parse(new TextDecoder().decode(stdout));
  const wrong = solved.find(({ Status }) => Status !== "Optimal");
  if (wrong) throw new Error(`A linear program has no optimum: ${wrong.Status}`);
  return solved.reduce((sum, { ObjectiveValue }) => sum + ObjectiveValue, 0);
}

/** Writes the program in CPLEX's LP format: `x` is a car's mean current in a quarter of an hour, `e` its energy behind it. */
function programOf(past: Past): string {
  const program = new Program();
  past.visits.forEach((visit, index) =>
    addVisit(program, visit, { index, charger: past.chargers[visit.charger]! })
  );
  for (const [slot, phases] of program.loads) {
    phases.forEach((names, phase) => {
      if (names.length === 0) return;
      program.rows.push(`${names.join(" + ")} <= ${number(meanRoom(past, slot, phase))}`);
    });
  }
  return program.text();
}

class Program {
  readonly objective: string[] = [];
  readonly rows: string[] = [];
  readonly bounds: string[] = [];
  /** The currents on each phase by slot. */
  readonly loads = new Map<number, [string[], string[], string[]]>();

  text(): string {
    const rows = this.rows.map((row, index) => ` r${index}: ${row}`);
    const lines = [
      "Maximize",
      ` obj: ${this.objective.join("\n + ")}`,
      "Subject To",
      ...rows,
      "Bounds",
      ...this.bounds,
    ];
    return [...lines, "End", ""].join("\n");
  }
}

function addVisit(
  program: Program,
  { arrive, leave, car, want_wh }: Visit,
  { index, charger: { facts } }: { index: number; charger: CarCharger },
): void {
  const count = Math.min(facts.phases, car.phases);
  const wh = VOLTS * count * SLOT_S / 3600;
  const most = Math.min(facts.max_a, car.max_current);
  const phases = [...facts.phase_rotation!].slice(0, count).map((phase) => "RST".indexOf(phase));
  let before: string | null = null;
  for (let slot = Math.floor(arrive / SLOT_S); slot * SLOT_S < leave; slot++) {
    const part = (Math.min(leave, (slot + 1) * SLOT_S) - Math.max(arrive, slot * SLOT_S)) / SLOT_S;
    const [x, e] = [`x${index}_${slot}`, `e${index}_${slot}`];
    const loads = program.loads.get(slot) ?? [[], [], []];
    program.loads.set(slot, loads);
    for (const phase of phases) loads[phase]!.push(x);
    program.objective.push(`${number(wh)} ${x}`);
    program.bounds.push(` 0 <= ${x} <= ${number(most * part)}`, ` 0 <= ${e} <= ${number(want_wh)}`);
    program.rows.push(`${e} ${before ? `- ${before} ` : ""}- ${number(wh)} ${x} = 0`);
    taper(program, { x, before, part, wh, most: car.max_power_w / VOLTS / count, car });
    before = e;
  }
}

/** A battery takes less from some state of charge on: a line, of which the middle of the slot counts. */
function taper(
  program: Program,
  { x, before, part, wh, most, car: { battery_wh, soc } }: {
    x: string;
    before: string | null;
    part: number;
    wh: number;
    most: number;
    car: Visit["car"];
  },
): void {
  const slope = (1 - TAPER_END) / (100 - TAPER_FROM);
  const fall = part * most * slope * 100 / battery_wh;
  const at_zero = part * most * (1 + slope * (TAPER_FROM - soc));
  const rest = before ? ` + ${number(fall)} ${before}` : "";
  program.rows.push(`${number(1 + fall * wh / 2)} ${x}${rest} <= ${number(at_zero)}`);
}

/** Returns the mean of what a phase has in a slot, A. */
function meanRoom({ site, loads, kept = false }: Past, slot: number, phase: number): number {
  let sum = 0, count = 0;
  for (let at = slot * SLOT_S; at < (slot + 1) * SLOT_S; at += loads.step_s, count++) {
    sum += roomOf(site, loads.at(at), kept)[phase]!;
  }
  return sum / count;
}

function number(value: number): string {
  return value.toFixed(9);
}
