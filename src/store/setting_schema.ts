// Builders for the schema of the settings.
import type { TSchema } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";

/** Bounds and unit of a number. */
interface NumberOptions {
  min: number;
  max: number;
  unit?: "s" | "minutes" | "days" | "bytes";
}

/** Limits of a text; `pattern` is a regular expression, which `expected` describes after "must be". A write-only text is never shown. */
interface TextOptions {
  maxLength?: number;
  pattern?: string;
  expected?: string;
  writeOnly?: boolean;
}

/** Returns the schema of a whole number. */
export function integer(value: number, description: string, { min, max, unit }: NumberOptions) {
  return Type.Integer({
    default: value,
    description,
    minimum: min,
    maximum: max,
    ...(unit && { "x-unit": unit }),
  });
}

/** Returns the schema of a latitude or longitude; null: not set. */
export function coordinate(description: string, limit: number) {
  return Type.Union([Type.Number({ minimum: -limit, maximum: limit }), Type.Null()], {
    default: null,
    description,
  });
}

/** Returns the schema of a setting that is on or off. */
export function flag(value: boolean, description: string) {
  return Type.Boolean({ default: value, description });
}

/** Returns the schema of a text. */
export function text(value: string, description: string, { expected, ...options }: TextOptions) {
  return Type.String({
    default: value,
    description,
    ...options,
    ...(expected && { "x-expected": expected }),
  });
}

/** Returns the schema of a time zone's name; empty: the machine's zone. */
export function timeZone(description: string) {
  return Type.String({ default: "", description, maxLength: 64, format: "time-zone" });
}

/** Returns the schema of one of several words. */
export function choice<const Word extends string>(value: NoInfer<Word>, description: string, words: Word[]) {
  return Type.Enum(words, { default: value, description });
}

/** Puts settings into a group of the form. */
export function grouped<Properties extends Record<string, TSchema>>(
  group: string,
  properties: Properties,
): Properties {
  for (const schema of Object.values(properties)) Object.assign(schema, { "x-group": group });
  return properties;
}

/** Returns the default of each property. */
export function defaultsOf(properties: Record<string, TSchema>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, (schema as { default?: unknown }).default]),
  );
}

/** Returns the schemas without their defaults: an absent property of a change keeps its value. */
export function withoutDefaults<Properties extends Record<string, TSchema>>(
  properties: Properties,
): Properties {
  const entries = Object.entries(properties).map(([name, schema]) => {
    const { default: _default, ...rest } = schema as TSchema & { default?: unknown };
    return [name, rest];
  });
  return Object.fromEntries(entries);
}

/** Returns the settings that are not write-only. */
export function withoutSecrets<Values extends object>(
  properties: Record<string, TSchema>,
  values: Values,
): Values {
  const shown = Object.entries(values).filter(([name]) =>
    (properties[name] as { writeOnly?: boolean } | undefined)?.writeOnly !== true
  );
  return Object.fromEntries(shown) as Values;
}
