// Builder of schemas with the part of TypeBox's interface that is used here. Types and schemas are those of TypeBox, whose
// own builder loads 370 modules, which would take a third of the start time and 5 MB.
import type Words from "typebox";

type Schema = Record<string, unknown>;

const OPTIONAL = "~optional";

/** Marks a schema as that of an optional property; the mark is not enumerable and so not in the JSON. */
function optional(schema: Schema): Schema {
  return Object.defineProperty({ ...schema }, OPTIONAL, { value: true });
}

function object(properties: Record<string, Schema>, options: Schema = {}): Schema {
  const required = Object.keys(properties).filter((name) => !(OPTIONAL in properties[name]!));
  return { type: "object", ...(required.length > 0 ? { required } : {}), properties, ...options };
}

function partial({ properties }: { properties: Record<string, Schema> }): Schema {
  return object(
    Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, optional(schema)])),
  );
}

const words = {
  Array: (items: Schema, options?: Schema) => ({ type: "array", items, ...options }),
  Boolean: (options?: Schema) => ({ type: "boolean", ...options }),
  Enum: (values: string[], options?: Schema) => ({ enum: values, ...options }),
  Integer: (options?: Schema) => ({ type: "integer", ...options }),
  Literal: (value: unknown, options?: Schema) => ({ const: value, ...options }),
  Null: (options?: Schema) => ({ type: "null", ...options }),
  Number: (options?: Schema) => ({ type: "number", ...options }),
  Object: object,
  Optional: optional,
  Partial: partial,
  Record: (_: Schema, value: Schema, options?: Schema) => ({
    type: "object",
    patternProperties: { "^.*$": value },
    ...options,
  }),
  String: (options?: Schema) => ({ type: "string", ...options }),
  Tuple: (items: Schema[]) => ({ type: "array", additionalItems: false, items, minItems: items.length }),
  Union: (anyOf: Schema[], options?: Schema) => ({ anyOf, ...options }),
  Unknown: (options?: Schema) => ({ ...options }),
};

/** Builds schemas, as TypeBox's `Type` does. */
export const Type = words as unknown as Pick<typeof Words, keyof typeof words>;
