// Reading what REST is given: bodies and queries, checked, with errors that name the field.
import type { Context } from "hono";
import type { Static, TSchema } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { isDeeper, isRecord } from "../ocpp/frame.ts";
import { type Checker, sentenceOf } from "../ocpp/schema.ts";
import { HttpError } from "./http_error.ts";

const MAX_BODY = 1_048_576;

/** Says how large bodies may be. */
export function limitBody(c: Context, max: number): void {
  c.set("max_body", max);
}

function bodyLimitOf(c: Context): number {
  return c.get("max_body") as number | undefined ?? MAX_BODY;
}

/** The body as text, at most `max` bytes. Throws HttpError 413. */
export async function readText(c: Context, max = bodyLimitOf(c)): Promise<string> {
  return new TextDecoder().decode(await readBytes(c, max));
}

/** The body, at most `max` bytes. Throws HttpError 413. */
export async function readBytes(c: Context, max: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(c.req.header("content-length") ?? 0) > max) {
    throw new HttpError(413, `The body is larger than ${max} bytes`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.length;
    if (size > max) throw new HttpError(413, `The body is larger than ${max} bytes`);
    chunks.push(chunk);
  }
  return join(chunks, size);
}

/** The body as a JSON object. Throws HttpError 400, 413 or 415. */
export async function readJson(c: Context): Promise<Record<string, unknown>> {
  const type = c.req.header("content-type");
  if (type && !/^application\/(\S+\+)?json\b/i.test(type)) {
    throw new HttpError(415, "The Content-Type must be application/json");
  }
  const text = await readText(c);
  const value = parse(text.trim() === "" ? "{}" : text);
  if (!isRecord(value)) throw new HttpError(400, "The body must be a JSON object");
  if (isDeeper(value)) throw new HttpError(400, "The body is nested too deeply");
  c.set("body", value); // for the audit log
  return value;
}

/** The body, checked. Throws HttpError 400 naming the field. */
export async function readBody<S extends TSchema>(
  c: Context,
  checker: Checker & { schema: S },
): Promise<Static<S>> {
  const value = await readJson(c);
  return checked(checker, value);
}

/** A value that matches the schema. Throws HttpError 400 naming the field. */
export function checked<S extends TSchema>(checker: Checker & { schema: S }, value: unknown): Static<S> {
  if (checker.check(value)) return value as Static<S>;
  const violation = checker.violations(value)[0];
  throw new HttpError(400, violation ? sentenceOf(violation) : "The body is not valid");
}

/** A number of the query from `min` to `max`. Throws HttpError 400. */
export function queryNumber(c: Context, name: string, min: number, max: number): number | undefined {
  const text = c.req.query(name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^-?\d+$/.test(text) && number >= min && number <= max) return number;
  throw new HttpError(400, `${name} must be a whole number from ${min} to ${max}`);
}

/** A time of the query in ms. Throws HttpError 400. */
export function queryTime(c: Context, name: string): number | undefined {
  const text = c.req.query(name);
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text.replace(" ", "+")) : NaN;
  if (!Number.isNaN(time)) return time;
  throw new HttpError(400, `${name} must be an ISO 8601 time`);
}

/** How many a list answers with: 100, at most 1,000. */
export function queryLimit(c: Context): number {
  return queryNumber(c, "limit", 1, 1000) ?? 100;
}

/** An ISO 8601 time, or null. */
export const OptionalTime = Type.Union([Type.String({ format: "date-time" }), Type.Null()]);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, "The body is not valid JSON");
  }
}

function join(chunks: Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
