// A command to a charger: its request is completed and checked, its answer read.
import { CallFailed, OcppError } from "../ocpp/error.ts";
import { readLeniently } from "../ocpp/lenient.ts";
import type { ReceivedCall } from "../ocpp/protocol.ts";
import { sentenceOf } from "../ocpp/schema.ts";
import { type Context, Refusal } from "../site/context.ts";
import { refuseIfRejected } from "../site/registration.ts";
import type { Connection } from "./connection.ts";
import type { SentCommand } from "./protocols.ts";
import { TriggerWatch } from "./triggered.ts";

/** A charger's answer to a command. */
export interface CommandResult {
  action: string;
  message_id: string;
  response: Record<string, unknown>;
  /** The tolerated violations of the schema in the answer, as sentences. */
  warnings: string[];
  /** The triggered call, if it arrived soon. */
  followed_by?: ReceivedCall;
}

/** The charger that a command is sent to. */
export interface Receiver {
  /** The name of the command. */
  name: string;
  context: Context;
  /** Returns its connection at the time of the call; undefined: it is not connected. */
  connection: () => Connection | undefined;
}

/**
 * Sends a command and waits for the answer. Throws Refusal (nothing was sent), OcppError (the charger answered
 * CALLERROR) or CallFailed (no answer, no connection, or an invalid answer).
 */
export async function sendCommand(
  sent: SentCommand,
  payload: Record<string, unknown>,
  { name, context, connection: connectionNow }: Receiver,
): Promise<CommandResult> {
  refuseIfRejected(context);
  const request = await prepare(sent, payload, context);
  const connection = connectionNow();
  if (!connection) {
    throw new Refusal("state", `Cannot send ${name}: charger ${context.charger_id} is not connected`);
  }
  using watch = new TriggerWatch(sent.command, request, context.state);
  const answer = await connection.call(name, request);
  const { response, warnings } = readAnswer(sent, answer.payload);
  await sent.command.onResponse?.(request, response, context);
  const followed_by = response.status === "Accepted" ? await watch.message() : null;
  const { message_id } = answer;
  return { action: name, message_id, response, warnings, ...(followed_by ? { followed_by } : {}) };
}

async function prepare(
  { command, request: checker }: SentCommand,
  payload: Record<string, unknown>,
  context: Context,
): Promise<Record<string, unknown>> {
  const request = await command.fillDefaults?.(payload, context) ?? payload;
  const violation = checker.check(request) ? undefined : checker.violations(request)[0];
  if (violation) throw new Refusal("input", sentenceOf(violation));
  await command.validate?.(request, context);
  return request;
}

/**
 * Checks an answer; whatever OCA's schema allows passes, with a warning where it is odd. An invalid answer counts as none,
 * and no error is sent back (OCPP-J 1.6 §4.2.3).
 */
function readAnswer(
  { response }: SentCommand,
  payload: unknown,
): Pick<CommandResult, "response" | "warnings"> {
  try {
    const { payload: read, forgiven } = readLeniently(payload, response);
    return { response: read as Record<string, unknown>, warnings: forgiven };
  } catch (error) {
    if (!(error instanceof OcppError)) throw error;
    throw new CallFailed(
      "invalid",
      `The answer to ${response.action} is not valid: ${error.message}`,
      payload,
    );
  }
}
