// Filters of transactions, and their order: newest first, by start, then by id.
import type { Transaction } from "./records/transaction.ts";
import type { Position } from "./transaction_index.ts";

/** A filter of transactions; `from` (included) and `to` (excluded) are limits of the start, ms since 1970. */
export interface TransactionFilter {
  charger_id?: string;
  id_tag?: string;
  from?: number;
  to?: number;
  state?: "active" | "completed";
  simulated?: boolean;
  limit?: number;
  /** `next` of the previous page. */
  cursor?: number;
}

/** Returns true if a transaction meets a filter; the cursor is left out. */
export function matchesFilter(transaction: Transaction, filter: TransactionFilter): boolean {
  const { charger_id, id_tag, from, to, state, simulated } = filter;
  const start = Date.parse(transaction.start_time);
  if (charger_id !== undefined && transaction.charger_id !== charger_id) return false;
  if (simulated !== undefined && transaction.simulated !== simulated) return false;
  if (state !== undefined && transaction.state !== state) return false;
  if (id_tag !== undefined && transaction.id_tag.toUpperCase() !== id_tag.toUpperCase()) return false;
  return start >= (from ?? -Infinity) && start < (to ?? Infinity);
}

/** Compares two transactions for the order. */
export function newestFirst(a: Transaction, b: Transaction): number {
  return Date.parse(b.start_time) - Date.parse(a.start_time) || b.transaction_id - a.transaction_id;
}

/** Returns true for a transaction behind `position` in the order, newest first. */
export function isBehind({ start_time, transaction_id }: Transaction, position?: Position): boolean {
  const start = Date.parse(start_time);
  return !position || start < position.start ||
    (start === position.start && transaction_id < position.transaction_id);
}
