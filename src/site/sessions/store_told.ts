// Sessions that are stored together with what is told of them outside.
import type { Mutation } from "../../store/kv/mutation.ts";
import type { Store, Transaction } from "../../store/store.ts";
import { transactionView } from "../charger_state.ts";

/**
 * Stores a session by `commit`, which gets the messages to put into the same commit: after a kill neither is without the
 * other. `commit` has to store the session as it is now.
 */
export async function storeTold(
  transaction: Transaction,
  { outbox }: Pick<Store, "outbox">,
  commit: (messages: Mutation[]) => Promise<void>,
): Promise<void> {
  const { charger_id } = transaction;
  const telling = outbox.tellers.tellingOf({
    type: "transaction",
    charger_id,
    data: () => transactionView(transaction),
  });
  try {
    await commit(telling.mutations);
  } catch (error) {
    telling.failed();
    throw error;
  }
  telling.stored();
}
