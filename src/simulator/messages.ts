// The OCPP 1.6 messages as a charger sees them; the simulator takes everything of the protocol version from here.
import type { Static } from "typebox";
import { codeOfKeyword, OcppError } from "../ocpp/error.ts";
import { isRecord } from "../ocpp/frame.ts";
import { type Checker, checkerOf, sentenceOf } from "../ocpp/schema.ts";
import type * as Datatypes from "../v16/datatypes.ts";
import { FROM_CHARGER } from "../v16/from_charger.ts";
import { FROM_GATEWAY } from "../v16/from_gateway.ts";

export { ChargePointErrorCode, ChargePointStatus, Reason } from "../v16/datatypes.ts";
export type { ChargingProfile, IdTagInfo } from "../v16/datatypes.ts";
export type MeterValue = Static<typeof Datatypes.MeterValue>;
export type SampledValue = Static<typeof Datatypes.SampledValue>;
export type Status = Static<typeof Datatypes.ChargePointStatus>;
export type ErrorCode = Static<typeof Datatypes.ChargePointErrorCode>;
export type StopReason = Static<typeof Datatypes.Reason>;

type Calls = typeof FROM_CHARGER;
type Commands = typeof FROM_GATEWAY;

/** An action that a charger sends. */
export type CallName = keyof Calls;
/** The request of an action that a charger sends. */
export type CallOf<A extends CallName> = Static<Calls[A]["request"]>;
/** The central system's answer to a charger's request. */
export type AnswerTo<A extends CallName> = Static<Calls[A]["response"]>;

/** An action that a charger receives. */
export type CommandName = keyof Commands;
/** The request of an action that a charger receives. */
export type CommandOf<A extends CommandName> = Static<Commands[A]["request"]>;
/** The charger's answer to a request. */
export type ReplyTo<A extends CommandName> = Static<Commands[A]["response"]>;

type Schema = Parameters<typeof checkerOf>[0];

interface Checkers {
  request: Checker;
  response: Checker;
}

const calls = checkersOf(FROM_CHARGER);
const commands = checkersOf(FROM_GATEWAY);

function checkersOf(actions: Record<string, { request: Schema; response: Schema }>): Map<string, Checkers> {
  const entries = Object.entries(actions).map(([name, { request, response }]) =>
    [name, { request: checkerOf(request), response: checkerOf(response) }] as const
  );
  return new Map(entries);
}

/** Checks a charger's own request. Throws an Error when it violates its schema: a bug of the simulator. */
export function assertCall(action: CallName, payload: unknown): void {
  assertValid(calls.get(action)!.request, action, payload);
}

/** Returns true if the answer to a charger's request is valid. */
export function isAnswer(action: CallName, payload: unknown): boolean {
  return calls.get(action)!.response.check(payload);
}

/** Checks a request that a charger receives. Throws OcppError naming the field, as strictly as the schema is. */
export function checkCommand(action: string, payload: unknown): void {
  if (!isRecord(payload)) throw new OcppError("TypeConstraintViolation", "The payload must be an object");
  const violation = commands.get(action)?.request.violations(payload)[0];
  if (violation) throw new OcppError(codeOfKeyword(violation.keyword), sentenceOf(violation));
}

/** Checks a charger's own answer. Throws an Error when it violates its schema: a bug of the simulator. */
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
