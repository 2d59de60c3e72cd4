// RemoteStopTransaction (OCPP 1.6 §5.12): stops a session for the operator.
import { Type } from "../ocpp/schema_builder.ts";
import { Int, Payload } from "./datatypes.ts";
import { type Context, Refusal } from "../site/context.ts";
import { wireId } from "../site/sessions/recovered_session.ts";
import { refuseUnlessAccepted } from "../site/registration.ts";

export const short_name = "remote_stop";
export const request = Payload({ transactionId: Int });
export const response = Payload({ status: Type.Enum(["Accepted", "Rejected"]) });

/** Fills in the charger's running transaction if it has exactly one. Throws Refusal. */
export function fillDefaults(payload: Record<string, unknown>, context: Context): Record<string, unknown> {
  if (payload.transactionId !== undefined) {
    return { ...payload, transactionId: idAtCharger(payload.transactionId, context) };
  }
  const running = context.store.transactions.active(context.charger_id);
  if (running.length === 1) return { ...payload, transactionId: wireId(running[0]!) };
  const which = running.length === 0 ? "no transaction is active" : "more than one transaction is active";
  throw new Refusal("state", `Cannot stop: ${which}; name it in payload.transactionId`);
}

/** Throws Refusal while the charger is Pending (OCPP 1.6 §4.2). */
export function validate(_request: unknown, context: Context): void {
  refuseUnlessAccepted(context);
}

/** Replaces the id of a recovered session by the charger's own; any other id is passed on, known or not. */
function idAtCharger(id: unknown, { store, charger_id }: Context): unknown {
  const running = store.transactions.active(charger_id).find(({ transaction_id }) => transaction_id === id);
  return running ? wireId(running) : id;
}
