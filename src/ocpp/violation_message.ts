// Messages of schema violations in words. The messages of TypeBox name patterns, operators and JSON types.
import type { TSchema } from "typebox";

/** A violated keyword as TypeBox reports it. */
export interface SchemaError {
  keyword: string;
  /** JSON pointer to the value. */
  instancePath: string;
  /** JSON pointer to the part of the schema that holds the keyword. */
  schemaPath: string;
  message: string;
  params: object;
}

const TYPES: Record<string, string> = {
  string: "a string",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "an array",
  null: "null",
};

const MESSAGES: Record<string, (params: never) => string> = {
  enum: ({ allowedValues }: { allowedValues: unknown[] }) => `must be one of ${allowedValues.join(", ")}`,
  const: ({ allowedValue }: { allowedValue: unknown }) => `must be ${allowedValue}`,
  type: ({ type }: { type: string | string[] }) =>
    `must be ${[type].flat().map((name) => TYPES[name] ?? name).join(" or ")}`,
  minimum: ({ limit }: { limit: number }) => `must be at least ${limit}`,
  maximum: ({ limit }: { limit: number }) => `must be at most ${limit}`,
  exclusiveMinimum: ({ limit }: { limit: number }) => `must be greater than ${limit}`,
  exclusiveMaximum: ({ limit }: { limit: number }) => `must be less than ${limit}`,
  multipleOf: ({ multipleOf }: { multipleOf: number }) => `must be a multiple of ${multipleOf}`,
  minLength: ({ limit }: { limit: number }) => `must have at least ${counted(limit, "character")}`,
  maxLength: ({ limit }: { limit: number }) => `must not have more than ${counted(limit, "character")}`,
  minItems: ({ limit }: { limit: number }) => `must have at least ${counted(limit, "item")}`,
  maxItems: ({ limit }: { limit: number }) => `must not have more than ${counted(limit, "item")}`,
  minProperties: ({ limit }: { limit: number }) => `must have at least ${counted(limit, "field")}`,
  maxProperties: ({ limit }: { limit: number }) => `must not have more than ${counted(limit, "field")}`,
  format: ({ format }: { format: string }) => FORMATS[format] ?? `must be a valid ${format}`,
};

const FORMATS: Record<string, string> = {
  "date-time": "must be an ISO 8601 time",
  "time-zone": "must be the name of a time zone, such as Europe/Madrid, or empty",
};

/**
 * Returns the predicate of a sentence about the value, such as `must be one of A, B`. A pattern is described by the
 * keyword `x-expected` beside it, in words that follow "must be".
 */
export function messageOf({ keyword, schemaPath, message, params }: SchemaError, schema: TSchema): string {
  if (keyword !== "pattern") return MESSAGES[keyword]?.(params as never) ?? message;
  const expected = at(schema, schemaPath)?.["x-expected"];
  return typeof expected === "string" ? `must be ${expected}` : "has an invalid format";
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Returns the part of a schema at a JSON pointer of the form `#/properties/a`; undefined if there is none. */
function at(schema: TSchema, pointer: string): Record<string, unknown> | undefined {
  const names = pointer.split("/").slice(1).map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  return names.reduce<unknown>(
    (part, name) => (part as Record<string, unknown> | undefined)?.[name],
    schema,
  ) as
    | Record<string, unknown>
    | undefined;
}
