// Relation of transaction messages to sessions, for StartTransaction, StopTransaction and MeterValues.
import type { Transaction } from "../../store/store.ts";
import type { Context } from "../context.ts";
import { transactionView } from "../charger_state.ts";
import { noteSecurity } from "../security/security_log.ts";
import { storeTold } from "./store_told.ts";
import { addFlags } from "./session_energy.ts";

/** Returns true if a number can be a transaction's id: chargers send 0, -1 and 2^63-1 for "none" (steve#1415, steve#740). */
export function isTransactionId(id: number | undefined): id is number {
  return id !== undefined && Number.isInteger(id) && id > 0 && id <= 2147483647;
}

/** Reports a message about another charger's transaction to the operator; it has no effect (steve#1296). */
export function foreign(transaction_id: number, action: string, context: Context): void {
  noteSecurity(
    "ForeignTransaction",
    `${action} names transaction ${transaction_id}, which is another charger's`,
    context,
  );
}

/** Reports a message whose tag or time are not those of the session that it names; it has no effect on that session. */
export function misfit(transaction_id: number, action: string, context: Context): void {
  noteSecurity(
    "ForeignTransaction",
    `${action} names transaction ${transaction_id}, with the tag or time of another one`,
    context,
  );
}

/**
 * Marks sessions that the charger seems to have ended, since it has rebooted or reported the connector Available. They
 * continue, since a StopTransaction may be queued (OCPP 1.6 §4.10), and stay marked until it, or a sample of them, arrives.
 */
export async function suspect(
  transactions: Transaction[],
  { store, events, charger_id }: Context,
): Promise<void> {
  const work = transactions.filter(({ flags }) => !flags.includes("suspect")).map((transaction) => {
    addFlags(transaction, ["suspect"]);
    events.emit("transaction", charger_id, () => transactionView(transaction));
    return storeTold(
      transaction,
      store,
      (more) => store.transactions.put(transaction, { deferred: true, more }),
    );
  });
  await Promise.all(work);
}

/** Removes the mark of a session that the charger has mentioned again, so that it is running. */
export function trust(transaction: Transaction): void {
  if (transaction.flags.includes("suspect")) {
    transaction.flags = transaction.flags.filter((flag) => flag !== "suspect");
  }
}
