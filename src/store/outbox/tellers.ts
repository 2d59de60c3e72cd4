// Those who tell of records outside: what they tell is stored in the commit of the record.
import type { Mutation } from "../kv/mutation.ts";

/** A change of a record that is told outside. */
export interface Told {
  type: string;
  charger_id?: string;
  data: () => object;
}

/** Mutations that are put into another commit: its caller says how that ended. */
export interface Telling {
  mutations: Mutation[];
  stored(): void;
  failed(): void;
}

/** Returns what is stored to tell of a change; null: nothing is. */
export type Teller = (told: Told) => Telling | null;

/** All who tell. */
export class Tellers {
  readonly #tellers = new Set<Teller>();

  /** Adds one; returns the function that removes it. */
  add(teller: Teller): () => void {
    this.#tellers.add(teller);
    return () => void this.#tellers.delete(teller);
  }

  /** Returns what all of them store for the commit of a change. */
  tellingOf(told: Told): Telling {
    const tellings = [...this.#tellers].flatMap((teller) => teller(told) ?? []);
    return {
      mutations: tellings.flatMap(({ mutations }) => mutations),
      stored: () => tellings.forEach((telling) => telling.stored()),
      failed: () => tellings.forEach((telling) => telling.failed()),
    };
  }
}
