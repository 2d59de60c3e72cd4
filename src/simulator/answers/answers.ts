// What a charger answers to the CALLs of the central system.
import { OcppError } from "../../ocpp/error.ts";
import { CHARGING } from "./answers_charging.ts";
import { CORE } from "./answers_core.ts";
import { MAINTENANCE } from "./answers_maintenance.ts";
import type { Charger } from "../charger/charger.ts";
import {
  assertReply,
  checkCommand,
  type CommandName,
  type CommandOf,
  type ReplyTo,
} from "../charger/messages.ts";

/** Runs what an answer sets in motion, once the answer is on the wire. */
export type Afterwards = (run: () => unknown) => void;

/** Answers one action. */
export type Answering<A extends CommandName> = (
  request: CommandOf<A>,
  charger: Charger,
  afterwards: Afterwards,
) => ReplyTo<A> | Promise<ReplyTo<A>>;

/** Answers to actions, by name. */
export type AnswerTable = { [A in CommandName]?: Answering<A> };

/** An answer of a test's own; undefined: the usual one. An OcppError becomes a CALLERROR. */
// deno-lint-ignore no-explicit-any
export type Answer = (request: any) => object | undefined | Promise<object | undefined>;

const TABLE: AnswerTable = { ...CORE, ...CHARGING, ...MAINTENANCE };

/** Answers CALLs: as a charger does, or as a test wants. */
export class Answers {
  readonly #charger: Charger;
  readonly #own = new Map<string, Answer>();

  constructor(charger: Charger) {
    this.#charger = charger;
  }

  /** Answers an action otherwise until the returned function is called. */
  set(action: string, answer: Answer): () => void {
    this.#own.set(action, answer);
    return () => void (this.#own.get(action) === answer && this.#own.delete(action));
  }

  /** Answers one CALL. */
  async serve(action: string, payload: unknown, afterwards: (run: () => void) => void): Promise<object> {
    const own = await this.#own.get(action)?.(payload);
    if (own !== undefined) return own;
    const answering = Object.hasOwn(TABLE, action) ? TABLE[action as CommandName] : undefined;
    if (!answering) {
      throw new OcppError("NotImplemented", `This charger does not know ${action.slice(0, 50)}`);
    }
    if (this.#charger.registration.status === "Rejected") {
      throw new OcppError("SecurityError", "Not registered");
    }
    checkCommand(action, payload);
    const start = (run: () => unknown) => afterwards(() => void this.#follow(action, run));
    const reply = await (answering as Answering<"Reset">)(
      payload as CommandOf<"Reset">,
      this.#charger,
      start,
    );
    assertReply(action, reply);
    return reply;
  }

  async #follow(action: string, run: () => unknown): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#charger.warn(`Cannot do what ${action} asks for`, error);
    }
  }
}
