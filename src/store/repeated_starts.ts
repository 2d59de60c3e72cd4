// The last starts of each charger, by which a repeated StartTransaction.req is recognized.
import type { Transaction } from "./records/transaction.ts";

/** An answered StartTransaction.req: its identity, and the transaction's id. */
interface Started {
  start: string;
  transaction_id: number;
}

const REMEMBERED = 8;

/** The starts, read on demand. */
export class RepeatedStarts {
  readonly #starts = new Map<string, Promise<Started[]>>();
  readonly #recent: (charger_id: string, limit: number) => Promise<Transaction[]>;

  /** `recent` reads a charger's transactions that were added last, newest first. */
  constructor(recent: (charger_id: string, limit: number) => Promise<Transaction[]>) {
    this.#recent = recent;
  }

  /** Returns the transaction of an earlier StartTransaction.req with the identity `start`. */
  async find(charger_id: string, start: string): Promise<number | undefined> {
    const starts = await this.#of(charger_id);
    return starts.find((started) => started.start === start)?.transaction_id;
  }

  /** Adds a start. Returns a function that removes it. */
  async add(transaction: Transaction): Promise<() => void> {
    const starts = await this.#of(transaction.charger_id);
    const started = { start: startOf(transaction), transaction_id: transaction.transaction_id };
    starts.unshift(started);
    starts.length = Math.min(starts.length, REMEMBERED);
    return () => void (starts.includes(started) && starts.splice(starts.indexOf(started), 1));
  }

  #of(charger_id: string): Promise<Started[]> {
    let starts = this.#starts.get(charger_id);
    if (!starts) {
      this.#starts.set(charger_id, starts = this.#load(charger_id));
      starts.catch(() => this.#starts.delete(charger_id)); // the next call reads again
    }
    return starts;
  }

  async #load(charger_id: string): Promise<Started[]> {
    const transactions = await this.#recent(charger_id, REMEMBERED);
    return transactions.map((transaction) => ({
      start: startOf(transaction),
      transaction_id: transaction.transaction_id,
    }));
  }
}

/** Returns the identity of a StartTransaction.req: a charger that got no answer sends it again (SteVe issue 1294). */
export function startOf(transaction: {
  connector_id: number;
  id_tag: string;
  start_timestamp: string;
  meter_start: number | null;
}): string {
  const { connector_id, id_tag, start_timestamp, meter_start } = transaction;
  return JSON.stringify([connector_id, id_tag.toUpperCase(), start_timestamp, meter_start]);
}
