// The supply's phases that a charger's current flows on.

/** Currents on L1, L2 and L3 of the supply, A. */
export type PhaseCurrents = [number, number, number];

/** Volts between a phase and neutral, by which watts are converted. */
export const VOLTS = 230;

/** Phases of the supply as bits: 1 is L1, 2 is L2, 4 is L3. */
export const ALL_PHASES = 7;

const BITS: Record<string, number> = { R: 1, S: 2, T: 4 };

/** Returns the supply's phase behind a charger's conductor (0 to 2) as a bit; all of them if that is not known. */
export function phaseBit(rotation: string | null, conductor: number): number {
  return BITS[rotation?.[conductor] ?? ""] ?? ALL_PHASES;
}

/** Returns the supply's phases that a charger of a wiring may load, as bits. */
export function wiredPhases(phases: number, rotation: string | null): number {
  return phases === 1 ? phaseBit(rotation, 0) : ALL_PHASES;
}

/** Returns the number of phases among bits. */
export function phaseCount(bits: number): number {
  return (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1);
}
