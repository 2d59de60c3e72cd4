// Reading a query by its schema: what is text in the address becomes numbers and times.
import type { Context } from "hono";
import type { Static, TObject } from "typebox";
import { readInterval } from "../calendar.ts";
import { HttpError } from "./http_error.ts";

/** The keywords of JSON Schema that queries use. */
interface Field {
  type?: string;
  format?: string;
  enum?: readonly string[];
  minimum?: number;
  maximum?: number;
}

/**
 * Returns the parameters that the schema has, those that are given; others are ignored. A day or a month where a time is
 * asked for is its start in the zone. Throws HttpError 400 naming one.
 */
export function readQuery<S extends TObject>(schema: S, c: Context, time_zone: string): Static<S> {
  const query: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.properties)) {
    const text = c.req.query(name);
    if (text !== undefined) query[name] = read(name, text, { ...field as Field, time_zone });
    else if (schema.required?.includes(name)) throw invalid(name, "is missing");
  }
  return query as Static<S>;
}

function read(name: string, text: string, field: Field & { time_zone: string }): number | string {
  if (field.type === "integer") return readInteger(name, text, field);
  if (field.format === "date-time") return readTime(name, text, field.time_zone);
  if (field.enum && !field.enum.includes(text)) throw invalid(name, `must be ${field.enum.join(" or ")}`);
  return text;
}

function readInteger(
  name: string,
  text: string,
  { minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Field,
): number {
  const number = Number(text);
  if (/^-?\d+$/.test(text) && number >= minimum && number <= maximum) return number;
  throw invalid(name, `must be a whole number from ${minimum} to ${maximum}`);
}

/** A time in full, whatever part of it was given. A `+` that was not escaped has become a space. */
function readTime(name: string, text: string, time_zone: string): string {
  const interval = readInterval(text, time_zone);
  if (interval) return new Date(interval.from).toISOString();
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text.replace(" ", "+")) : NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw invalid(name, "must be an ISO 8601 time");
}

function invalid(name: string, reason: string): HttpError {
  return new HttpError("invalid_query", `${name} ${reason}`, { values: { field: name } });
}
