// The messages of OCPP as a charger sees them: the schemas are those of the actions.
import type { Static } from "typebox";
import { FROM_CHARGER } from "../../v16/from_charger.ts";
import { FROM_GATEWAY } from "../../v16/from_gateway.ts";
import { codeOfKeyword, OcppError } from "../../ocpp/error.ts";
import { isRecord } from "../../ocpp/frame.ts";
import { type Checker, checkerOf, sentenceOf } from "../../ocpp/schema.ts";

type Calls = typeof FROM_CHARGER;
type Commands = typeof FROM_GATEWAY;

/** An action that a charger sends. */
export type CallName = keyof Calls;
/** What a charger sends with an action. */
export type CallOf<A extends CallName> = Static<Calls[A]["request"]>;
/** What it is answered. */
export type AnswerTo<A extends CallName> = Static<Calls[A]["response"]>;

/** An action that a charger is sent. */
export type CommandName = keyof Commands;
/** What comes with it. */
export type CommandOf<A extends CommandName> = Static<Commands[A]["request"]>;
/** What the charger answers. */
export type ReplyTo<A extends CommandName> = Static<Commands[A]["response"]>;

interface Checkers {
  request: Checker;
  response: Checker;
}

const calls = checkersOf(FROM_CHARGER);
const commands = checkersOf(FROM_GATEWAY);

function checkersOf(
  actions: Record<
    string,
    { request: Parameters<typeof checkerOf>[0]; response: Parameters<typeof checkerOf>[0] }
  >,
) {
  return new Map<string, Checkers>(
    Object.entries(actions).map((
      [name, { request, response }],
    ) => [name, { request: checkerOf(request), response: checkerOf(response) }]),
  );
}

/** Throws when a charger's own message is against the schema: a fault of the simulator. */
export function assertCall(action: CallName, payload: unknown): void {
  assertValid(calls.get(action)!.request, action, payload);
}

/** Whether the answer to a charger's message is as the schema has it. */
export function isAnswer(action: CallName, payload: unknown): boolean {
  return calls.get(action)!.response.check(payload);
}

/** Checks what a charger is sent. Throws OcppError, as strictly as the schema is. */
export function checkCommand(action: string, payload: unknown): void {
  if (!isRecord(payload)) throw new OcppError("TypeConstraintViolation", "The payload must be an object");
  const violation = commands.get(action)?.request.violations(payload)[0];
  if (violation) throw new OcppError(codeOfKeyword(violation.keyword), sentenceOf(violation));
}

/** Throws when a charger's own answer is against the schema: a fault of the simulator. */
export function assertReply(action: string, payload: unknown): void {
  const checkers = commands.get(action);
  if (checkers) assertValid(checkers.response, `${action}.conf`, payload);
}

function assertValid(checker: Checker, name: string, payload: unknown): void {
  if (checker.check(payload)) return;
  throw new Error(
    `The simulator made an invalid ${name}: ${checker.violations(payload).map(sentenceOf).join("; ")}`,
  );
}
