// The demo's fuse: chargers at one place share what a building leaves them, by a meter that is simulated too.
import type { LoadManagement } from "../services/load/load_management.ts";
import type { PhaseCurrents } from "../site/load/phases.ts";
import type { Charger, Circuit } from "../store/store.ts";

const NAME = "Macroplaza";
/** The wirings of the chargers on it. */
const ROTATIONS: Readonly<Record<string, string>> = { "MACRO-1": "RST", "MACRO-2": "STR", "MACRO-3": "T" };
const READ_MS = 2_000;
const SWING_MS = 600_000;
/** The least that the building takes on L1, L2 and L3, A, and how much more at times. */
const BASE_A: PhaseCurrents = [9, 12, 6];
const MORE_A = 8;

/** Returns the circuit. */
export function fuse(now: number): Circuit {
  return {
    name: NAME,
    parent: null,
    max_current_a: 63,
    max_power_w: null,
    policy: "equal",
    meter: { kind: "push" },
    meter_timeout_s: 30,
    without_meter_a: null,
    max_imbalance_a: null,
    enabled: true,
    created_at: new Date(now).toISOString(),
  };
}

/** Returns a charger's place on it; nothing for one that is elsewhere. */
export function placeOn(
  { id, simulator }: { id: string; simulator: { phases?: number; max_current?: number } },
): Pick<Charger, "load"> {
  const phase_rotation = ROTATIONS[id];
  if (phase_rotation === undefined) return {};
  const { phases = 3, max_current = 32 } = simulator;
  return { load: { circuit: NAME, phases, phase_rotation, max_current_a: max_current } };
}

/** Measures the flow through the fuse every two seconds; returns what ends it. */
export function measure(load: LoadManagement, now: () => number): () => void {
  const read = () => {
    const current_a = flow(load, now());
    load.take({
      circuit_id: NAME,
      at: now(),
      current_a,
      net_a: current_a.reduce((sum, amperes) => sum + amperes, 0),
    });
  };
  read();
  const timer = setInterval(read, READ_MS);
  return () => clearInterval(timer);
}

function flow(load: LoadManagement, now: number): PhaseCurrents {
  const more = MORE_A * (1 + Math.sin(2 * Math.PI * now / SWING_MS)) / 2;
  const sums = BASE_A.map((base) => base + more) as PhaseCurrents;
  for (const { charger_id, drawn_a } of load.connectors()) {
    [...ROTATIONS[charger_id] ?? ""].forEach((phase, conductor) => {
      sums["RST".indexOf(phase)]! += drawn_a?.[conductor] ?? 0;
    });
  }
  return sums.map((amperes) => Math.round(amperes * 10) / 10) as PhaseCurrents;
}
