// The answers of a charger to the CALLs of its central system.
import { OcppError } from "../../ocpp/error.ts";
import { assertReply, checkCommand, type CommandName, type CommandOf } from "../messages.ts";
import { CHARGING } from "./charging.ts";
import { CORE } from "./core.ts";
import { MAINTENANCE } from "./maintenance.ts";
import type { AnswerFunction, AnsweringCharger, AnswerTable } from "./table.ts";

/** An answer set by a scenario or a test; undefined: the usual one. An OcppError becomes a CALLERROR. */
// deno-lint-ignore no-explicit-any
export type Answer = (request: any) => object | undefined | Promise<object | undefined>;

const TABLE: AnswerTable = { ...CORE, ...CHARGING, ...MAINTENANCE };

/** Answers CALLs: as a charger does, or as a scenario or a test has set. */
export class Answers {
  readonly #charger: AnsweringCharger;
  readonly #set = new Map<string, Answer>();

  constructor(charger: AnsweringCharger) {
    this.#charger = charger;
  }

  /** Sets the answer to an action until the returned function is called. */
  set(action: string, answer: Answer): () => void {
    this.#set.set(action, answer);
    return () => void (this.#set.get(action) === answer && this.#set.delete(action));
  }

  /** Answers one CALL. Throws OcppError when it is unknown, invalid, or the charger is not registered. */
  async serve(action: string, payload: unknown, afterwards: (run: () => void) => void): Promise<object> {
    const set = await this.#set.get(action)?.(payload);
    if (set !== undefined) return set;
    const answer = Object.hasOwn(TABLE, action) ? TABLE[action as CommandName] : undefined;
    if (!answer) throw new OcppError("NotImplemented", `This charger does not know ${action.slice(0, 50)}`);
    if (this.#charger.registration.status === "Rejected") {
      throw new OcppError("SecurityError", "Not registered");
    }
    checkCommand(action, payload);
    const runLater = (run: () => unknown) => afterwards(() => void this.#run(action, run));
    const reply = await (answer as AnswerFunction<"Reset">)(
      payload as CommandOf<"Reset">,
      this.#charger,
      runLater,
    );
    assertReply(action, reply);
    return reply;
  }

  async #run(action: string, run: () => unknown): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#charger.events.warn(`Cannot do what ${action} asks for`, error);
    }
  }
}
