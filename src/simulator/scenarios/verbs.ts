// The verbs of scenarios: what each takes. What each does is in scenario_stage.ts.
import type { Static, TProperties } from "typebox";
import { Type } from "../../ocpp/schema_builder.ts";
import { ERROR_CODES } from "../../ocpp/error.ts";
import { ChargePointErrorCode, ChargePointStatus, Reason } from "../messages.ts";

const Connector = Type.Integer({ minimum: 0 });
const Seconds = Type.Number({ minimum: 0, maximum: 31_536_000 });
const Action = Type.String({ minLength: 1 });
const Tag = Type.String({ maxLength: 100 });
const Times = Type.Integer({ minimum: 1 });
const Fields = Type.Record(Type.String(), Type.Unknown());

/** A step: the verb with its main argument, and what may go with it. */
function step<P extends TProperties>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

const maybe = Type.Optional;

/** Every verb, by name. */
export const VERBS = {
  /** A car is plugged in at a connector. */
  plug: step({
    plug: Connector,
    kwh: maybe(Type.Number()),
    battery_kwh: maybe(Type.Number()),
    soc: maybe(Type.Number()),
    phases: maybe(Type.Integer()),
    max_current: maybe(Type.Number()),
  }),
  /** The car leaves. */
  unplug: step({ unplug: Connector }),
  /** A tag is shown. */
  tap: step({ tap: Tag, connector: maybe(Connector) }),
  /** Plug, tag, and wait until it charges. */
  start: step({ start: Connector, tag: maybe(Tag), kwh: maybe(Type.Number()) }),
  /** The session ends; the plug stays. */
  stop: step({ stop: Connector, reason: maybe(Reason) }),
  /** Time passes, s. */
  wait: step({ wait: Seconds }),
  /** Waits for a connector's status, `within` s (60). */
  until: step({ until: ChargePointStatus, connector: maybe(Connector), within: maybe(Seconds) }),
  /** Closes the connection and dials again after so many s; the next steps happen meanwhile. */
  disconnect: step({ disconnect: Seconds }),
  /** The same without a Close frame. */
  drop: step({ drop: Seconds }),
  /** No power for so many s: sessions end with PowerLoss, told when it is back. */
  power_cut: step({ power_cut: Seconds }),
  /** Sends the last frame of an action once more: the same id, unless `new_id`. */
  duplicate: step({ duplicate: Action, new_id: maybe(Type.Boolean()) }),
  /** The next messages of an action come `seconds` late. */
  delay: step({ delay: Action, seconds: Seconds, times: maybe(Times) }),
  /** The next messages of an action are never sent. */
  hold_back: step({ hold_back: Action, times: maybe(Times) }),
  /** Messages of an action are changed: fields `set` and `remove`d, by path: `meterValue.0.timestamp`. */
  alter: step({
    alter: Action,
    set: maybe(Fields),
    remove: maybe(Type.Array(Type.String())),
    times: maybe(Times),
  }),
  /** The meter of a connector begins at `to` Wh. */
  meter_reset: step({ meter_reset: Connector, to: maybe(Type.Number({ minimum: 0 })) }),
  /** The charger's clock is set. */
  clock: step({ clock: Type.String({ format: "date-time" }) }),
  /** Sends a text as it is. */
  garbage: step({ garbage: Type.String() }),
  /** Sends a CALL as it is. `transaction_id`: what a recorded StartTransaction was answered; in later payloads it becomes today's. */
  call: step({ call: Action, payload: maybe(Fields), transaction_id: maybe(Type.Integer()) }),
  /** Answers the next CALLs of an action with a CALLERROR. */
  refuse: step({
    refuse: Action,
    code: maybe(Type.Enum(ERROR_CODES)),
    text: maybe(Type.String()),
    times: maybe(Times),
  }),
  /** Answers the next CALLs of an action with a payload. */
  answer: step({ answer: Action, with: Fields, times: maybe(Times) }),
  /** Answers the next CALLs of an action `seconds` late. */
  answer_late: step({ answer_late: Action, seconds: Seconds, times: maybe(Times) }),
  /** A connector fails. */
  fault: step({
    fault: Connector,
    error_code: maybe(ChargePointErrorCode),
    info: maybe(Type.String({ maxLength: 50 })),
    vendor_error_code: maybe(Type.String({ maxLength: 50 })),
  }),
  /** It works again. */
  mend: step({ mend: Connector }),
  /** Sets a configuration key of its own. */
  configure: step({ configure: Type.String(), value: Type.String() }),
  /** Undoes what alter, delay, hold_back, refuse, answer and answer_late have set for an action; `*`: for all. */
  restore: step({ restore: Action }),
  /** Does steps again and again. */
  repeat: step({ repeat: Times, steps: Type.Array(Type.Unknown(), { minItems: 1 }) }),
} as const;

export type VerbName = keyof typeof VERBS;

/** A step by its verb. */
export type StepOf<V extends VerbName> = Static<(typeof VERBS)[V]>;
/** Any step. */
export type Step = { [V in VerbName]: StepOf<V> }[VerbName];

/** The verb of a step; undefined: there is none, or more than one. */
export function verbOf(step: object): VerbName | undefined {
  const verbs = Object.keys(step).filter((key) => Object.hasOwn(VERBS, key)) as VerbName[];
  return verbs.length === 1 ? verbs[0] : undefined;
}
