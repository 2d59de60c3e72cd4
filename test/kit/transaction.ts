// Transactions for tests.
import { beginEnergy } from "../../src/site/energy/energy.ts";
import type { Transaction } from "../../src/store/store.ts";

/** Returns a completed session of 1 h and 7,000 Wh. */
export function transactionWith(changes: Partial<Transaction> & { transaction_id: number }): Transaction {
  const start_time = changes.start_time ?? "2026-03-01T08:00:00.000Z";
  const stop_time = new Date(Date.parse(start_time) + 3_600_000).toISOString();
  return {
    charger_id: "CP1",
    connector_id: 1,
    id_tag: "04A1",
    start_time,
    meter_start: 0,
    stop_time,
    meter_stop: 7000,
    stop_reason: "Local",
    energy_wh: 7000,
    state: "completed",
    simulated: false,
    flags: [],
    start_received: start_time,
    stop_received: stop_time,
    id_tag_status: "Accepted",
    reservation_id: null,
    start_timestamp: start_time,
    energy: beginEnergy(0, Date.parse(start_time)),
    energy_seq: 0,
    ...changes,
  };
}
