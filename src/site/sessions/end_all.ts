// The end of all sessions of a charger whose device will not report it.
import type { Context } from "../context.ts";
import { endSession } from "./end_session.ts";

/** Ends a charger's running sessions with the energy known so far. `why`: is `closed_by` and a flag of each. */
export async function endAllSessions(
  why: "charger-deleted" | "charger-replaced",
  { charger_id, store, events, now }: Pick<Context, "charger_id" | "store" | "events" | "now">,
): Promise<void> {
  const ending = { stop_time: new Date(now()).toISOString(), closed_by: why, flags: [why] };
  for (const session of store.transactions.active(charger_id)) {
    await endSession(session, ending, { store, events }, (changes) => store.commits.put(changes));
  }
}
