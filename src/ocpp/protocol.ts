// The contract of a protocol version: its messages, its leniency rules, and its translation to and from the domain.
// `Context`, `Port` and `Report` are the domain's types; nothing in this room knows them.
import type { Static, TSchema } from "typebox";
import type { Gaps } from "./frame_template.ts";
import type { LenientRule } from "./lenient.ts";

/** A message of OCPP; the schemas of its request and response are its only definition. */
export interface Message<Request extends TSchema = TSchema, Response extends TSchema = TSchema> {
  request: Request;
  response: Response;
}

/** A message that chargers send. */
export interface Call<Context, Request extends TSchema = TSchema, Response extends TSchema = TSchema>
  extends Message<Request, Response> {
  /** True if it is served before the charger is accepted. */
  before_acceptance?: boolean;
  /** Words in which frequent messages differ from each other; without it each is parsed. */
  gaps?: Gaps;
  /** True if its payload may hold secrets, which are masked in the message log. */
  may_hold_secrets?: boolean;
  /** Answers it. Everything that it stores must be committed when it resolves. */
  handle(request: Static<Request>, context: Context): Static<Response> | Promise<Static<Response>>;
}

/** A message that the gateway sends. */
export interface Command<Context, Request extends TSchema = TSchema, Response extends TSchema = TSchema>
  extends Message<Request, Response> {
  /** A second name in REST. */
  short_name?: string;
  /** Fills in the fields that the operator left out. Throws Refusal. */
  fillDefaults?(
    payload: Record<string, unknown>,
    context: Context,
  ): Record<string, unknown> | Promise<Record<string, unknown>>;
  /** Checks a request beyond its schema. Throws Refusal; nothing is sent then. */
  validate?(request: Static<Request>, context: Context): void | Promise<void>;
  /** Stores the consequences of the charger's answer. */
  onResponse?(request: Static<Request>, response: Static<Response>, context: Context): void | Promise<void>;
  /** Returns true for the call that the charger sends because of this command, if there is one. */
  isTriggered?(request: Static<Request>, call: ReceivedCall): boolean;
}

/** A call of a charger as it was received. */
export interface ReceivedCall {
  action: string;
  payload: unknown;
}

/** A call of a charger together with its answer. */
export interface AnsweredCall {
  action: string;
  payload: Record<string, unknown>;
  answer: Record<string, unknown>;
}

/** Sends a command to one charger and resolves with the payload of its answer. */
export type Send = (command: string, payload: Record<string, unknown>) => Promise<Record<string, unknown>>;

/** A version of OCPP. */
export interface Protocol<Context, Port, Report> {
  /** The name in Sec-WebSocket-Protocol. */
  subprotocol: string;
  /** The messages that chargers send, by their OCPP name. */
  calls: Readonly<Record<string, Call<Context>>>;
  /** The messages that the gateway sends, by their OCPP name. */
  commands: Readonly<Record<string, Command<Context>>>;
  lenient_rules: readonly LenientRule[];
  /** Returns the commands of the domain for one charger. */
  port(send: Send, context: Context): Port;
  /** Translates an answered call into the domain's words; null if it has none. */
  report(call: AnsweredCall): Report | null;
}

/** Commands by their OCPP name, reduced to their description. */
export type NamedCommands = Readonly<Record<string, Message & { short_name?: string }>>;

/** The names of commands in REST with the OCPP names that they stand for: `reset` for `Reset`. */
export function restNamesOf(commands: NamedCommands): Map<string, string> {
  const names = new Map<string, string>();
  for (const name of Object.keys(commands)) names.set(toSnakeCase(name), name);
  for (const [name, { short_name }] of Object.entries(commands)) {
    if (short_name !== undefined) names.set(short_name, name);
  }
  return names;
}

function toSnakeCase(name: string): string {
  return name.replaceAll(/(?<!^)([A-Z])/g, "_$1").toLowerCase();
}
