// Checks of values against schemas, which are compiled at their first use: most are rare, and the start is faster.
import type { TSchema } from "typebox";
import Format from "typebox/format";
import { Compile, Errors } from "typebox/schema";
import { Settings } from "typebox/system";
import { isTimeZone } from "../calendar.ts";
import { messageOf, type SchemaError } from "./violation_message.ts";

/** A violated keyword. `path` is a JSON pointer to the value, or to the object that lacks a property or has one too many. */
export interface Violation {
  keyword: string;
  path: string;
  message: string;
  /** The missing properties for `required`, the unknown ones for `additionalProperties`. */
  properties: string[];
  /** The allowed JSON types for `type`. */
  types: string[];
}

/** A schema with its check. */
export interface Checker {
  readonly schema: TSchema;
  check(value: unknown): boolean;
  violations(value: unknown): Violation[];
}

Settings.Set({ maxErrors: 1000 });

const IsDateTime = Format.Get("date-time")!;
const PLAIN_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;

// One pattern accepts the usual spelling fast: every message holds at least one time.
Format.Set("date-time", (text) => PLAIN_TIME.test(text) || IsDateTime(text));

Format.Set("time-zone", (text) => text === "" || isTimeZone(text));

/** Returns the checker of a schema, which is compiled at its first use. */
export function checkerOf(schema: TSchema): Checker {
  let compiled: ReturnType<typeof Compile> | undefined;
  return {
    schema,
    check: (value) => (compiled ??= Compile(closedByLookup(schema) as TSchema)).Check(value),
    violations: (value) => Errors(schema, value)[1].flatMap((error) => toViolation(error, schema)),
  };
}

/** Returns an equivalent schema that is cheaper to check: for closed objects TypeBox would try a pattern on each property. */
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

/** Converts an error. `boolean` errors are dropped, since they repeat an `additionalProperties` error. */
function toViolation(error: SchemaError, schema: TSchema): Violation[] {
  const { keyword, instancePath, params } = error;
  if (keyword === "boolean") return [];
  const given = params as {
    requiredProperties?: string[];
    additionalProperties?: string[];
    type?: string | string[];
  };
  return [{
    keyword,
    path: instancePath,
    message: messageOf(error, schema),
    properties: given.requiredProperties ?? given.additionalProperties ?? [],
    types: keyword === "type" ? [given.type ?? []].flat() : [],
  }];
}

/** Returns the name of the field that a violation is about, such as `chargingSchedule.duration`. */
export function fieldOf({ path, properties }: Violation): string {
  return [...path.split("/").slice(1), ...properties.slice(0, 1)].join(".");
}

/** Returns a sentence that names the field, such as `idTag must not have more than 20 characters`. */
export function sentenceOf(violation: Violation): string {
  const field = fieldOf(violation) || "payload";
  if (violation.keyword === "required") return `${field} is missing`;
  if (violation.keyword === "additionalProperties") return `${field} is not a known field`;
  return `${field} ${violation.message}`;
}
