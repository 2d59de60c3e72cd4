// What Start-, StopTransaction and MeterValues share.
import type { Transaction } from "../../store/store.ts";
import type { Context } from "../context.ts";
import { transactionView } from "../charger_state.ts";
import { noteSecurity } from "../security/security_log.ts";
import { addFlags } from "./session_energy.ts";

/** Whether a number can be a transaction's id: chargers send 0, -1 and 2^63-1 for "none" (steve#1415, steve#740). */
export function isTransactionId(id: number | undefined): id is number {
  return id !== undefined && Number.isInteger(id) && id > 0 && id <= 2147483647;
}

/** A charger named another one's transaction: told to the operator, never acted upon (steve#1296). */
export function foreign(transaction_id: number, action: string, context: Context): void {
  noteSecurity(
    "ForeignTransaction",
    `${action} names transaction ${transaction_id}, which is another charger's`,
    context,
  );
}

/**
 * Sessions that the charger seems to have ended: it has rebooted, or says that the connector is Available. They run on,
 * since StopTransaction may be queued (OCPP 1.6 §4.10), and are marked until it, or a sample that names them, comes.
 */
export async function suspect(
  transactions: Transaction[],
  { store, events, charger_id }: Context,
): Promise<void> {
  const work = transactions.filter(({ flags }) => !flags.includes("suspect")).map((transaction) => {
    addFlags(transaction, ["suspect"]);
    events.emit("transaction", charger_id, () => transactionView(transaction));
    return store.transactions.put(transaction, { deferred: true });
  });
  await Promise.all(work);
}

/** The charger has named the session again: it runs. */
export function trust(transaction: Transaction): void {
  if (transaction.flags.includes("suspect")) {
    transaction.flags = transaction.flags.filter((flag) => flag !== "suspect");
  }
}
