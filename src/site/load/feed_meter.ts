// Meters at a circuit's feed: where their values are found.
import { Type } from "../../ocpp/schema_builder.ts";

/** A JSON pointer (RFC 6901); "": the whole document. */
const Pointer = Type.String({ maxLength: 200, pattern: "^(/[^/]*)*$" });

const Pointers = Type.Array(Pointer, {
  minItems: 1,
  maxItems: 3,
  description: "JSON pointers to L1, L2 and L3; a single one counts on each phase",
});

/** Places of values in a JSON document. */
const VALUES = {
  current_a: Type.Optional(Pointers),
  power_w: Type.Optional({
    ...Pointers,
    description: "As current_a; the sign of a current is that of its power",
  }),
  power_scale: Type.Optional(
    Type.Number({ minimum: 0.001, maximum: 1000, description: "W per unit of power: 1000 for kW" }),
  ),
  inverted: Type.Optional(Type.Boolean({ description: "True: the meter counts export as positive" })),
};

const Register = Type.Integer({ minimum: 0, maximum: 65_535 });
const Registers = Type.Array(Register, { minItems: 1, maxItems: 3 });

/** The registers of a Modbus meter that is not known by its model. */
const RegisterTable = Type.Object({
  function: Type.Enum([3, 4], {
    description: "3: holding registers, 4: input registers",
  }),
  type: Type.Enum(["int16", "uint16", "int32", "uint32", "float32"]),
  low_word_first: Type.Optional(Type.Boolean()),
  current: Type.Optional({
    ...Registers,
    description: "Addresses, from 0, of L1, L2, L3; a single one counts on each phase",
  }),
  current_scale: Type.Optional(Type.Number({ description: "A per unit" })),
  power: Type.Optional({
    ...Registers,
    description: "As current; the sign of a current is that of its power",
  }),
  power_scale: Type.Optional(Type.Number({ description: "W per unit" })),
}, { additionalProperties: false });

/** The models of Modbus meters whose registers are known. */
export const MODBUS_MODELS = ["sunspec", "eastron_sdm630", "carlo_gavazzi_em24", "shelly_3em"] as const;

const ModbusMeter = Type.Object({
  kind: Type.Enum(["modbus"]),
  host: Type.String({ minLength: 1, maxLength: 253, pattern: "^[A-Za-z0-9.:_-]+$" }),
  port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, description: "502 if it is not given" })),
  unit_id: Type.Optional(Type.Integer({ minimum: 0, maximum: 255, description: "1 if it is not given" })),
  model: Type.Enum([...MODBUS_MODELS, "table"]),
  table: Type.Optional(RegisterTable),
  inverted: VALUES.inverted,
}, { additionalProperties: false });

const HttpMeter = Type.Object({
  kind: Type.Enum(["http"]),
  url: Type.String({ minLength: 1, maxLength: 500 }),
  ...VALUES,
}, { additionalProperties: false });

const MqttMeter = Type.Object({
  kind: Type.Enum(["mqtt"]),
  topic: Type.String({ minLength: 1, maxLength: 300, pattern: "^[^#+$\\u0000][^#+\\u0000]*$" }),
  ...VALUES,
}, { additionalProperties: false });

const PushMeter = Type.Object({ kind: Type.Enum(["push"]) }, { additionalProperties: false });

/** The kinds of meters at a circuit's feed. */
export const MeterSchema = Type.Union([PushMeter, ModbusMeter, HttpMeter, MqttMeter]);

/** A register table in a circuit's meter. */
export interface RegisterTable {
  function: 3 | 4;
  type: "int16" | "uint16" | "int32" | "uint32" | "float32";
  low_word_first?: boolean;
  current?: number[];
  current_scale?: number;
  power?: number[];
  power_scale?: number;
}

/** Places of values in a JSON document. */
export interface JsonValues {
  current_a?: string[];
  power_w?: string[];
  power_scale?: number;
  inverted?: boolean;
}

/** A meter that is read by Modbus TCP. */
export interface ModbusMeter {
  kind: "modbus";
  host: string;
  port?: number;
  unit_id?: number;
  model: typeof MODBUS_MODELS[number] | "table";
  table?: RegisterTable;
  inverted?: boolean;
}

/** A meter at a circuit's feed. */
export type FeedMeter =
  | { kind: "push" }
  | ModbusMeter
  | JsonValues & { kind: "http"; url: string }
  | JsonValues & { kind: "mqtt"; topic: string };

/** Returns the first contradiction in a meter as its field and a reason; undefined: there is none. */
export function contradictionInMeter(meter: FeedMeter): { field: string; reason: string } | undefined {
  switch (meter.kind) {
    case "push":
      return;
    case "modbus":
      if (meter.model !== "table") return;
      if (!meter.table) return { field: "meter.table", reason: "is needed with the model table" };
      return countsOf(meter.table.current, meter.table.power, ["meter.table.current", "meter.table.power"]);
    default:
      return countsOf(meter.current_a, meter.power_w, ["meter.current_a", "meter.power_w"]);
  }
}

function countsOf(
  currents: unknown[] | undefined,
  powers: unknown[] | undefined,
  [current, power]: [string, string],
): { field: string; reason: string } | undefined {
  if (!currents && !powers) return { field: current, reason: `is needed, or ${power}` };
  const wrong = [[current, currents], [power, powers]].find(([, each]) => each?.length === 2);
  if (wrong) return { field: wrong[0] as string, reason: "must have one value, or three" };
}
