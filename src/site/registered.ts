// What a charger that is not admitted may not be asked.
import { type Context, Refusal } from "./context.ts";

/** RemoteStart and RemoteStop are forbidden while Pending or Rejected (OCPP 1.6 §4.2). */
export function refuseUnlessAccepted({ store, charger_id }: Context): void {
  const registration = store.chargers.get(charger_id)?.registration;
  if (registration !== "Accepted") {
    throw new Refusal("state", `Cannot send: the charger is ${registration ?? "unknown"}`);
  }
}

/** A charger that was rejected is sent nothing at all (OCPP 1.6 §4.2). */
export function refuseIfRejected({ store, charger_id }: Context): void {
  if (store.chargers.get(charger_id)?.registration === "Rejected") {
    throw new Refusal("state", "Cannot send: the charger is Rejected");
  }
}

/** For commands that keep something before they are sent. */
export function refuseUnlessConnected({ state, charger_id }: Context): void {
  if (state.connected_since === null) {
    throw new Refusal("state", `Cannot send: charger ${charger_id} is not connected`);
  }
}

/** A charger that has booted on this connection, and was accepted, need not boot again (errata 3.40). */
export function refuseSecondBoot({ store, charger_id, state }: Context): void {
  const charger = store.chargers.get(charger_id);
  const booted = Date.parse(charger?.booted_at ?? "") >= state.connectedAt();
  if (charger?.registration === "Accepted" && booted) {
    throw new Refusal(
      "state",
      "Cannot trigger BootNotification: the charger's last one was already accepted",
    );
  }
}
