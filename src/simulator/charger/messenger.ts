// The messages that a charger sends by itself.
import { CallFailed } from "../../ocpp/error.ts";
import type { Link } from "../../ocpp/client/link.ts";
import { Suppressed } from "../../ocpp/client/outbox.ts";
import type { Events } from "../events.ts";
import { type AnswerTo, assertCall, type CallName, type CallOf, isAnswer } from "../messages.ts";

/** Changes a message before it is sent; null: it is not sent. */
export type Filter = (payload: object) => object | null;

/** The surroundings of a messenger. */
export interface MessengerDeps {
  link: Pick<Link, "up" | "call">;
  events: Pick<Events, "warn">;
  /** Returns true once BootNotification has been accepted. */
  registered(): boolean;
}

/** Sends CALLs, and checks requests and answers against their schemas. */
export class Messenger {
  /** By action. */
  readonly filters = new Map<string, Filter>();
  readonly #deps: MessengerDeps;

  constructor(deps: MessengerDeps) {
    this.#deps = deps;
  }

  /** True while messages other than BootNotification may be sent. */
  get online(): boolean {
    return this.#deps.link.up && this.#deps.registered();
  }

  /** Sends a message and resolves with its answer. Rejects as Peer.call does, with `invalid` for an answer against its schema. */
  async send<A extends CallName>(action: A, payload: CallOf<A>): Promise<AnswerTo<A>> {
    assertCall(action, payload);
    const filter = this.filters.get(action);
    const filtered = filter ? filter(payload as object) : payload as object;
    if (filtered === null) throw new Suppressed(`${action} is held back`);
    const { payload: answer } = await this.#deps.link.call(action, filtered);
    if (!isAnswer(action, answer)) {
      throw new CallFailed("invalid", `The answer to ${action} is not valid`, answer);
    }
    return answer as AnswerTo<A>;
  }

  /** Sends a message that nothing depends on; resolves with undefined when it could not be sent or was refused. */
  async trySend<A extends CallName>(action: A, payload: CallOf<A>): Promise<AnswerTo<A> | undefined> {
    if (!this.online) return undefined;
    try {
      return await this.send(action, payload);
    } catch (error) {
      this.#deps.events.warn(`Cannot send ${action}`, error);
    }
  }
}
