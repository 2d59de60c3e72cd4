// Reading request bodies, checked. Errors name the field.
import type { Context } from "hono";
import type { Static, TSchema } from "typebox";
import { isRecord, MAX_DEPTH, nestsDeeper } from "../ocpp/frame.ts";
import { type Checker, fieldOf, sentenceOf } from "../ocpp/schema.ts";
import { type Bodies, tooLarge } from "./bodies.ts";
import { HttpError } from "./http_error.ts";

const MAX_BODY = 1_048_576;

/** Sets the most bytes that the body of this request may have. A limit that was set before is only lowered. */
export function limitBody(c: Context, max: number): void {
  c.set("max_body", Math.min(max, c.get("max_body") as number | undefined ?? Infinity));
}

/** Sets the bodies among which that of this request is counted. */
export function countBody(c: Context, bodies: Bodies): void {
  c.set("bodies", bodies);
}

/** Returns the bytes that a body may have. */
export function bodyLimitOf(c: Context): number {
  return c.get("max_body") as number | undefined ?? MAX_BODY;
}

function bodiesOf(c: Context): Bodies {
  return c.get("bodies") as Bodies;
}

/** Returns the body as text, at most `max` bytes. Throws HttpError 408, 413 or 503. */
export async function readText(c: Context, max = bodyLimitOf(c)): Promise<string> {
  return new TextDecoder().decode(await readBytes(c, max));
}

/** Returns the body, at most `max` bytes. Throws HttpError 408, 413 or 503. */
export async function readBytes(c: Context, max: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(c.req.header("content-length") ?? 0) > max) throw tooLarge(max);
  return await bodiesOf(c).read(c.req.raw.body, max);
}

/** Returns the body as a stream for a file, which fails with HttpError 408 after a silence; null: there is none. */
export function fileBody(c: Context): ReadableStream<Uint8Array> | null {
  return bodiesOf(c).file(c.req.raw.body);
}

/** Returns the body as a JSON object. Throws HttpError 400, 413 or 415. */
export async function readJson(c: Context): Promise<Record<string, unknown>> {
  const type = c.req.header("content-type");
  if (type && !/^application\/(\S+\+)?json\b/i.test(type)) {
    throw new HttpError("wrong_media_type", "The Content-Type must be application/json");
  }
  const text = await readText(c);
  if (nestsDeeper(text, MAX_DEPTH)) throw new HttpError("invalid_json", "The body is nested too deeply");
  const value = parse(text.trim() === "" ? "{}" : text);
  if (!isRecord(value)) throw new HttpError("invalid_json", "The body must be a JSON object");
  return value;
}

/** Returns the fields of an HTML form. Throws HttpError 413. */
export async function readForm(c: Context): Promise<Record<string, unknown>> {
  return Object.fromEntries(new URLSearchParams(await readText(c)));
}

/** Returns a value that matches the schema. Throws HttpError 400 naming the field. */
export function checked<S extends TSchema>(checker: Checker & { schema: S }, value: unknown): Static<S> {
  if (checker.check(value)) return value as Static<S>;
  const violation = checker.violations(value)[0];
  if (!violation) throw new HttpError("invalid_field", "The body is not valid");
  throw new HttpError("invalid_field", sentenceOf(violation), { values: { field: fieldOf(violation) } });
}

/** Returns the error 400 about a field of the body: `latitude must be …`. */
export function invalidField(field: string, reason: string): HttpError {
  return new HttpError("invalid_field", `${field} ${reason}`, { values: { field } });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError("invalid_json", "The body is not valid JSON");
  }
}
