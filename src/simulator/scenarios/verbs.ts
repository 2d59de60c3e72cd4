// The verbs of scenario steps with their arguments; steps.ts has their effects.
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

/** Makes the schema of a step: its verb with the main argument, and further arguments. */
function step<P extends TProperties>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

const maybe = Type.Optional;

/** The schemas of all steps, by verb. */
export const VERBS = {
  /** Plugs a car in at a connector. */
  plug: step({
    plug: Connector,
    kwh: maybe(Type.Number()),
    battery_kwh: maybe(Type.Number()),
    soc: maybe(Type.Number()),
    phases: maybe(Type.Integer()),
    max_current: maybe(Type.Number()),
  }),
  /** Unplugs the car. */
  unplug: step({ unplug: Connector }),
  /** Presents a tag. */
  tap: step({ tap: Tag, connector: maybe(Connector) }),
  /** Plugs a car in, presents a tag, and waits until the session is on. */
  start: step({ start: Connector, tag: maybe(Tag), kwh: maybe(Type.Number()) }),
  /** Ends the session; the plug stays in. */
  stop: step({ stop: Connector, reason: maybe(Reason) }),
  /** Waits, s. */
  wait: step({ wait: Seconds }),
  /** Waits for a connector's status, at most `within` s (60). */
  until: step({ until: ChargePointStatus, connector: maybe(Connector), within: maybe(Seconds) }),
  /** Closes the connection and redials after so many s; the next steps happen meanwhile. */
  disconnect: step({ disconnect: Seconds }),
  /** The same without a Close frame. */
  drop: step({ drop: Seconds }),
  /** Cuts the power for so many s: sessions end with PowerLoss, which is reported afterwards. */
  power_cut: step({ power_cut: Seconds }),
  /** Sends the last frame of an action again, with the same id unless `new_id`. */
  duplicate: step({ duplicate: Action, new_id: maybe(Type.Boolean()) }),
  /** Sends the next messages of an action `seconds` late. */
  delay: step({ delay: Action, seconds: Seconds, times: maybe(Times) }),
  /** Suppresses the next messages of an action. */
  hold_back: step({ hold_back: Action, times: maybe(Times) }),
  /** Changes messages of an action: `set` and `remove` name fields by path, such as `meterValue.0.timestamp`. */
  alter: step({
    alter: Action,
    set: maybe(Fields),
    remove: maybe(Type.Array(Type.String())),
    times: maybe(Times),
  }),
  /** Sets the meter of a connector to `to` Wh (0). */
  meter_reset: step({ meter_reset: Connector, to: maybe(Type.Number({ minimum: 0 })) }),
  /** Sets the charger's clock. */
  clock: step({ clock: Type.String({ format: "date-time" }) }),
  /** Sends a text frame as it is. */
  garbage: step({ garbage: Type.String() }),
  /** Sends a CALL as it is. `transaction_id` is the recorded answer to StartTransaction; later payloads get the new id in its place. */
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
  /** Sets the fault of a connector. */
  fault: step({
    fault: Connector,
    error_code: maybe(ChargePointErrorCode),
    info: maybe(Type.String({ maxLength: 50 })),
    vendor_error_code: maybe(Type.String({ maxLength: 50 })),
  }),
  /** Clears the fault of a connector. */
  mend: step({ mend: Connector }),
  /** Changes a configuration key of the charger. */
  configure: step({ configure: Type.String(), value: Type.String() }),
  /** Undoes alter, delay, hold_back, refuse, answer and answer_late for an action; `*`: for all. */
  restore: step({ restore: Action }),
  /** Repeats steps. */
  repeat: step({ repeat: Times, steps: Type.Array(Type.Unknown(), { minItems: 1 }) }),
} as const;

export type VerbName = keyof typeof VERBS;

/** A step by its verb. */
export type StepOf<V extends VerbName> = Static<(typeof VERBS)[V]>;
/** Any step. */
export type Step = { [V in VerbName]: StepOf<V> }[VerbName];

/** Returns the verb of a step; undefined if there is none, or more than one. */
export function verbOf(step: object): VerbName | undefined {
  const verbs = Object.keys(step).filter((key) => Object.hasOwn(VERBS, key)) as VerbName[];
  return verbs.length === 1 ? verbs[0] : undefined;
}
