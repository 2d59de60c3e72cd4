// Checking values against schemas: compiled at first use, since start-up counts and most actions are rare.
import type { TSchema } from "typebox";
import Format from "typebox/format";
import { Compile, Errors } from "typebox/schema";
import { Settings } from "typebox/system";

/** One violated keyword. `path` is a JSON pointer to the value, or to the object that lacks or exceeds something. */
export interface Violation {
  keyword: string;
  path: string;
  message: string;
  /** The properties that are missing or too many, for `required` and `additionalProperties`. */
  properties: string[];
}

/** A schema that can check. */
export interface Checker {
  readonly schema: TSchema;
  check(value: unknown): boolean;
  violations(value: unknown): Violation[];
}

Settings.Set({ maxErrors: 1000 });

const IsDateTime = Format.Get("date-time")!;
const PLAIN_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;

// The usual spelling is told by one pattern; every message holds a time or several.
Format.Set("date-time", (text) => PLAIN_TIME.test(text) || IsDateTime(text));

/** A checker for a schema; it is compiled when it is first asked. */
export function checkerOf(schema: TSchema): Checker {
  let compiled: ReturnType<typeof Compile> | undefined;
  return {
    schema,
    check: (value) => (compiled ??= Compile(closedByLookup(schema) as TSchema)).Check(value),
    violations: (value) => Errors(schema, value)[1].flatMap(toViolation),
  };
}

/** The same schema, cheaper to check: where no more properties are allowed, the compiler would try a pattern on each. */
function closedByLookup(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closedByLookup);
  if (typeof schema !== "object" || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closedByLookup(part)]));
  if (copy.additionalProperties !== false || !copy.properties || copy.patternProperties) return copy;
  const known = new Set(Object.keys(copy.properties));
  const { additionalProperties: _, ...open } = copy;
  const refinement = { check: (value: object) => hasOnly(value, known), error: () => "" };
  return { ...open, "~refine": [refinement] };
}

function hasOnly(value: object, known: ReadonlySet<string>): boolean {
  for (const name in value) if (!known.has(name)) return false;
  return true;
}

interface SchemaError {
  keyword: string;
  instancePath: string;
  message: string;
  params: object;
}

/** `boolean` errors only repeat an `additionalProperties` one. */
function toViolation({ keyword, instancePath, message, params }: SchemaError): Violation[] {
  if (keyword === "boolean") return [];
  const lists = params as { requiredProperties?: string[]; additionalProperties?: string[] };
  const properties = lists.requiredProperties ?? lists.additionalProperties ?? [];
  return [{ keyword, path: instancePath, message, properties }];
}

/** Names the field that a violation is about, as in `chargingSchedule.duration`. */
export function fieldOf({ path, properties }: Violation): string {
  return [...path.split("/").slice(1), ...properties.slice(0, 1)].join(".");
}

/** A sentence about a violation that names the field: `idTag must not have more than 20 characters`. */
export function sentenceOf(violation: Violation): string {
  const field = fieldOf(violation) || "payload";
  if (violation.keyword === "required") return `${field} is missing`;
  if (violation.keyword === "additionalProperties") return `${field} is not a known field`;
  return `${field} ${violation.message}`;
}
