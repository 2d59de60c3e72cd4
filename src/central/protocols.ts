// The supported protocol versions with the checkers of their messages.
import { FrameTemplates } from "../ocpp/frame_template.ts";
import type { Expected } from "../ocpp/lenient.ts";
import { type Call, type Command, restNamesOf } from "../ocpp/protocol.ts";
import { type Checker, checkerOf } from "../ocpp/schema.ts";
import type { SiteProtocol } from "../site/charger_port.ts";
import type { Context } from "../site/context.ts";

/** A message from chargers with its checkers. */
export interface ServedCall {
  call: Call<Context>;
  request: Expected;
  response: Checker;
}

/** A message from the gateway with its checkers. */
export interface SentCommand {
  command: Command<Context>;
  request: Checker;
  response: Expected;
}

/** A protocol version in use. Only own property names find a message (not `__proto__`). */
export class CheckedProtocol {
  readonly protocol: SiteProtocol;
  readonly calls: ReadonlyMap<string, ServedCall>;
  readonly commands: ReadonlyMap<string, SentCommand>;
  /** The names of the calls that are served before a charger is accepted, as text. */
  readonly first_calls: string;
  /** Templates of the frequent calls. */
  readonly templates = new FrameTemplates();
  /** The names of commands in REST with their OCPP names. */
  readonly rest_names: ReadonlyMap<string, string>;

  constructor(protocol: SiteProtocol) {
    this.protocol = protocol;
    this.rest_names = restNamesOf(protocol.commands);
    const { calls, commands, lenient_rules: rules } = protocol;
    this.first_calls = Object.keys(calls).filter((name) => calls[name]!.before_acceptance).join(", ");
    this.calls = new Map(
      Object.entries(calls).map(([action, call]) => {
        const request = { action, checker: checkerOf(call.request), rules };
        return [action, { call, request, response: checkerOf(call.response) }];
      }),
    );
    this.commands = new Map(
      Object.entries(commands).map(([action, command]) => {
        const response = { action, checker: checkerOf(command.response), rules };
        return [action, { command, request: checkerOf(command.request), response }];
      }),
    );
  }
}

/** Returns the first of the listed versions whose subprotocol is in an offer, wherever it stands there. */
export function chosenFrom(offer: string, protocols: readonly SiteProtocol[]): SiteProtocol | undefined {
  const offered = new Set(offer.split(",").map((name) => name.trim().toLowerCase()));
  return protocols.find(({ subprotocol }) => offered.has(subprotocol.toLowerCase()));
}
