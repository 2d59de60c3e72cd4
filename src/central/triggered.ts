// The message that follows a TriggerMessage (OCPP 1.6 §5.17): shown with the answer where it comes soon.
import type { ChargerState } from "../site/charger_state.ts";

/** A message of the charger. */
export interface Triggered {
  action: string;
  payload: unknown;
}

const WAIT_MS = 2_000;

/** Watches for the message that a trigger asks for; begun before the trigger is sent, since the two may cross. */
export class TriggerWatch {
  readonly #state: ChargerState;
  readonly #come = Promise.withResolvers<Triggered | null>();
  readonly #onCall: ((action: string, payload: unknown) => void) | null = null;

  constructor(name: string, request: Record<string, unknown>, state: ChargerState) {
    this.#state = state;
    if (!/^(Extended)?TriggerMessage$/.test(name)) return;
    const { requestedMessage, connectorId } = request;
    const wanted = requestedMessage === "SignChargePointCertificate" ? "SignCertificate" : requestedMessage;
    this.#onCall = (action, payload) => {
      if (action === wanted && concerns(payload, connectorId)) this.#come.resolve({ action, payload });
    };
    state.watchers.add(this.#onCall);
  }

  /** The message, or null when it does not come within 2 s, or none is watched for. */
  async message(): Promise<Triggered | null> {
    if (!this.#onCall) return null;
    const timer = setTimeout(() => this.#come.resolve(null), WAIT_MS);
    const message = await this.#come.promise;
    clearTimeout(timer);
    return message;
  }

  /** Watches no more. */
  [Symbol.dispose](): void {
    if (this.#onCall) this.#state.watchers.delete(this.#onCall);
    this.#come.resolve(null);
  }
}

function concerns(payload: unknown, connectorId: unknown): boolean {
  return connectorId === undefined || (payload as { connectorId?: unknown }).connectorId === connectorId;
}
