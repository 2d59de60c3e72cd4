// Commands that may not be sent to a charger that is not accepted.
import { type Context, Refusal } from "./context.ts";

/** Throws Refusal for a charger that is not Accepted: it may get no RemoteStart and no RemoteStop (OCPP 1.6 §4.2). */
export function refuseUnlessAccepted({ store, charger_id }: Context): void {
  const registration = store.chargers.get(charger_id)?.registration;
  if (registration !== "Accepted") {
    throw new Refusal("state", `Cannot send: the charger is ${registration ?? "unknown"}`);
  }
}

/** Throws Refusal for a Rejected charger, which may be sent nothing (OCPP 1.6 §4.2). */
export function refuseIfRejected({ store, charger_id }: Context): void {
  if (store.chargers.get(charger_id)?.registration === "Rejected") {
    throw new Refusal("state", "Cannot send: the charger is Rejected");
  }
}

/** Throws Refusal for a disconnected charger; for commands that store data before they are sent. */
export function refuseUnlessConnected({ state, charger_id }: Context): void {
  if (state.connected_since === null) {
    throw new Refusal("state", `Cannot send: charger ${charger_id} is not connected`);
  }
}

/** Throws Refusal if the charger was already accepted on this connection, so that it need not boot again (errata 3.40). */
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
