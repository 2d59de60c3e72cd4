// The call that a charger sends because of a command, such as TriggerMessage (OCPP 1.6 §5.17). It is shown with the answer
// if it arrives soon.
import type { Command, ReceivedCall } from "../ocpp/protocol.ts";
import type { ChargerState } from "../site/charger_state.ts";
import type { Context } from "../site/context.ts";

const WAIT_MS = 2_000;

/** Waits for the call that a command triggers; starts before the command is sent, since the call may arrive before the answer. */
export class TriggerWatch {
  readonly #state: ChargerState;
  readonly #come = Promise.withResolvers<ReceivedCall | null>();
  readonly #onCall: ((action: string, payload: unknown) => void) | null = null;

  constructor(command: Command<Context>, request: Record<string, unknown>, state: ChargerState) {
    this.#state = state;
    if (!command.isTriggered) return;
    this.#onCall = (action, payload) => {
      const call = { action, payload };
      if (command.isTriggered!(request, call)) this.#come.resolve(call);
    };
    state.watchers.add(this.#onCall);
  }

  /** Resolves with the call, or null if none arrives within 2 s or none is expected. */
  async message(): Promise<ReceivedCall | null> {
    if (!this.#onCall) return null;
    const timer = setTimeout(() => this.#come.resolve(null), WAIT_MS);
    const message = await this.#come.promise;
    clearTimeout(timer);
    return message;
  }

  /** Stops waiting. */
  [Symbol.dispose](): void {
    if (this.#onCall) this.#state.watchers.delete(this.#onCall);
    this.#come.resolve(null);
  }
}
