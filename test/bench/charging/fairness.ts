// Fairness: what cars got beside the max-min fair share, which is computed without the allocator.

/** A car that wants current. */
export interface Taker {
  /** The most that it takes, A a phase. */
  most: number;
  /** Phases that it loads, 0 to 2. */
  phases: readonly number[];
}

const EPSILON = 1e-9;

/** Returns the max-min fair currents of cars on a fuse that has `room` on each phase, A, as if currents could be any. */
export function fairShares(takers: readonly Taker[], room: readonly number[]): number[] {
  const shares = takers.map(() => 0);
  const left = [...room];
  let open = takers.map((_, index) => index).filter((index) => takers[index]!.most > 0);
  while (open.length > 0) {
    const on = [0, 1, 2].map((phase) => open.filter((index) => takers[index]!.phases.includes(phase)).length);
    const rises = [
      ...on.flatMap((cars, phase) => cars > 0 ? [Math.max(0, left[phase]!) / cars] : []),
      ...open.map((index) => takers[index]!.most - shares[index]!),
    ];
    const rise = Math.min(...rises);
    for (const index of open) shares[index]! += rise;
    for (let phase = 0; phase < 3; phase++) left[phase]! -= rise * on[phase]!;
    open = open.filter((index) =>
      shares[index]! < takers[index]!.most - EPSILON &&
      takers[index]!.phases.every((phase) => left[phase]! > EPSILON)
    );
  }
  return shares;
}

/** Returns Jain's index: 1 if all are equal, 1/n if one has all. */
export function jain(values: readonly number[]): number {
  const sum = values.reduce((all, value) => all + value, 0);
  const squares = values.reduce((all, value) => all + value * value, 0);
  return squares === 0 ? 1 : sum * sum / values.length / squares;
}
