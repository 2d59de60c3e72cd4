// The messages to one destination, as memory knows them, and those that go where there is no room.

/** The bounds of one destination. */
export interface OutboxBounds {
  /** Messages that wait. */
  waiting: number;
  /** Bytes of those. */
  bytes: number;
  /** Age of those, ms: nobody acts on what is older. */
  age_ms: number;
  /** Messages that are kept after the last attempt on them. */
  done: number;
}

/** The bounds unless a test has others. */
export const OUTBOX_BOUNDS: OutboxBounds = {
  waiting: 10_000,
  bytes: 8_000_000,
  age_ms: 30 * 86_400_000,
  done: 200,
};

/** Events that say little beside those that follow them: they go first where there is no room. */
const EXPENDABLE = ["meter", "charger", "connector", "configuration", "settings"];

/** Returns true for a type of messages that go first where there is no room. */
export function isExpendable(type: string): boolean {
  return EXPENDABLE.includes(type);
}

/** A stored message as memory knows it. */
export interface Outline {
  sequence: number;
  type: string;
  bytes: number;
  at: string;
}

/** Figures of a destination. */
export interface OutboxState {
  waiting: number;
  bytes: number;
  /** The time of the oldest message that waits; null: none does. */
  oldest: string | null;
  /** Messages that were given up for want of room since the start. */
  dropped: number;
}

/** The messages of one destination, oldest first. */
export class DestinationQueue {
  readonly #waiting = new Map<number, Outline>();
  /** Sequences of those whose commit is under way. */
  readonly #uncommitted = new Set<number>();
  /** Sequences of those that no longer wait. */
  readonly #done: number[] = [];
  #bytes = 0;
  #dropped = 0;

  /** Adds a message whose commit is under way. */
  stage(outline: Outline): void {
    this.add(outline);
    this.#uncommitted.add(outline.sequence);
  }

  /** Takes the outcome of a commit. */
  settle(sequence: number, is_stored: boolean): void {
    this.#uncommitted.delete(sequence);
    if (!is_stored) this.remove(sequence);
  }

  /** Adds a message that waits. */
  add(outline: Outline): void {
    this.#waiting.set(outline.sequence, outline);
    this.#bytes += outline.bytes;
  }

  /** Adds a message that no longer waits. */
  addDone(sequence: number): void {
    this.#done.push(sequence);
  }

  /** Removes a message that waits. */
  remove(sequence: number): void {
    this.#bytes -= this.#waiting.get(sequence)?.bytes ?? 0;
    this.#waiting.delete(sequence);
  }

  /** Ends the wait of a message; returns the sequences of the finished ones that are too many. */
  finish(sequence: number, kept: number): number[] {
    if (!this.#waiting.has(sequence)) return [];
    this.remove(sequence);
    this.#done.push(sequence);
    return this.#done.splice(0, Math.max(0, this.#done.length - kept));
  }

  /** Removes messages until the bounds hold; returns their sequences. `now`: ms since 1970. */
  makeRoom({ waiting, bytes, age_ms }: OutboxBounds, now: number): number[] {
    const removed: number[] = [];
    for (;;) {
      const oldest = this.#oldest();
      const is_old = oldest !== undefined && now - Date.parse(oldest.at) > age_ms;
      if (!is_old && this.#waiting.size <= waiting && this.#bytes <= bytes) return removed;
      const { sequence } = is_old ? oldest : this.#leastWanted();
      this.remove(sequence);
      this.#dropped++;
      removed.push(sequence);
    }
  }

  /** Returns true for a message that waits. */
  has(sequence: number): boolean {
    return this.#waiting.has(sequence);
  }

  /** Iterates over the sequences of those that wait, up to the first whose commit is under way. */
  *committed(): Generator<number> {
    for (const sequence of this.#waiting.keys()) {
      if (this.#uncommitted.has(sequence)) return;
      yield sequence;
    }
  }

  /** Returns the sequences of all messages. */
  sequences(): number[] {
    return [...this.#waiting.keys(), ...this.#done];
  }

  get state(): OutboxState {
    const oldest = this.#oldest()?.at ?? null;
    return { waiting: this.#waiting.size, bytes: this.#bytes, oldest, dropped: this.#dropped };
  }

  #oldest(): Outline | undefined {
    return this.#waiting.values().next().value;
  }

  /** The least informative of the oldest messages. */
  #leastWanted(): Outline {
    const outlines = [...this.#waiting.values()];
    for (const type of EXPENDABLE) {
      const found = outlines.find((outline) => outline.type === type);
      if (found) return found;
    }
    return outlines[0]!;
  }
}
