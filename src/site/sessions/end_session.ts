// The end of a session without StopTransaction.
import type { Mutation } from "../../store/kv/mutation.ts";
import type { Transaction } from "../../store/store.ts";
import type { Context } from "../context.ts";
import { transactionView } from "../charger_state.ts";
import { finishEnergy } from "../energy/energy_end.ts";
import { dropTxProfiles } from "../smart_charging/profiles.ts";
import { storeTold } from "./store_told.ts";
import { addFlags, energyOptions, setEnergyFlags } from "./session_energy.ts";

/** The end of a session. */
export interface Ending {
  stop_time: string;
  /** `next-start`, or the operator's reason. */
  closed_by: string;
  flags: string[];
}

/**
 * Ends a session with the energy of its last sample; a later StopTransaction still corrects it. `commit` stores the
 * changes; if it fails the session continues.
 */
export async function endSession(
  transaction: Transaction,
  ending: Ending,
  context: Pick<Context, "store" | "events">,
  commit: (changes: Mutation[]) => Promise<void>,
): Promise<void> {
  const { transactions } = context.store;
  const before = { ...transaction };
  const charger = context.store.chargers.get(transaction.charger_id);
  const { energy_wh, flags } = finishEnergy(transaction.energy, null, energyOptions(charger));
  Object.assign(transaction, {
    energy_wh,
    state: "completed",
    stop_time: ending.stop_time,
    closed_by: ending.closed_by,
  });
  setEnergyFlags(transaction, flags);
  addFlags(transaction, ending.flags);
  transactions.forget(transaction);
  try {
    const changes = transactions.mutations(transaction);
    await storeTold(transaction, context.store, (messages) => commit([...changes, ...messages]));
  } catch (error) {
    transactions.remember(Object.assign(transaction, before));
    throw error;
  }
  dropTxProfiles(transaction, context.store);
  context.events.emit("transaction", transaction.charger_id, () => transactionView(transaction));
}
