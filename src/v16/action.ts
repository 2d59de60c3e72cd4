// What an action is: a message of OCPP with its schemas and, where it does something, what it does.
import type { Static, TSchema } from "typebox";
import type { Store } from "../store/store.ts";
import type { ChargerState } from "../site/charger_state.ts";
import type { Events } from "../site/events.ts";

/** What an action works with. */
export interface Context {
  charger_id: string;
  store: Store;
  /** The charger as it is now, in memory. */
  state: ChargerState;
  events: Events;
  /** Wall clock, ms since 1970. */
  now: () => number;
  /** False when there is evidence that our time is wrong; true where it is left out. */
  trusted?: () => boolean;
}

/** A message of OCPP: the schemas of its request and response are its only definition. */
export interface Action {
  request: TSchema;
  response: TSchema;
}

/** A message that chargers send. `handle` answers it; nothing it stores may be unfinished when it resolves. */
export interface ChargerAction<Request extends TSchema = TSchema, Response extends TSchema = TSchema>
  extends Action {
  request: Request;
  response: Response;
  handle(request: Static<Request>, context: Context): Static<Response> | Promise<Static<Response>>;
}

/** A message that the gateway sends. */
export interface GatewayAction<Request extends TSchema = TSchema, Response extends TSchema = TSchema>
  extends Action {
  request: Request;
  response: Response;
  /** Fills in what the operator left out. Throws Refusal. */
  fillDefaults?(
    payload: Record<string, unknown>,
    context: Context,
  ): Record<string, unknown> | Promise<Record<string, unknown>>;
  /** Checks what the schema can't. Throws Refusal; nothing is sent then. */
  validate?(request: Static<Request>, context: Context): void | Promise<void>;
  /** Keeps what follows from the charger's answer. */
  onResponse?(request: Static<Request>, response: Static<Response>, context: Context): void | Promise<void>;
}

/** Why a command is not sent: `input`: the payload is wrong; `state`: the charger's state forbids it. Public. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(readonly reason: "input" | "state", message: string) {
    super(message);
  }
}
