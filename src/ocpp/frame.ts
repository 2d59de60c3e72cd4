// Parser of the frames of OCPP-J 1.6 §4.2, including damaged ones.

/**
 * A parsed frame. `broken`: invalid JSON whose id could be recovered. `valid`: the payload is known to match its schema,
 * since the frame was read by a template.
 */
export type Frame =
  | { type: "call"; id: unknown; action: string; payload: unknown; valid?: true }
  | { type: "result"; id: unknown; payload: unknown }
  | { type: "error"; id: unknown; code: string; description: string; details: Record<string, unknown> }
  | { type: "broken"; id: string; call: boolean; text: string };

/** Greatest accepted nesting of a message; OCPP needs 7. */
export const MAX_DEPTH = 32;
/** Length from which a text is scanned for its nesting before it is parsed: parsing a shorter one is fast, however deep. */
const SCANNED_FROM = 2_048;
/** Longest description of a CALLERROR (OCPP-J 1.6 §4.2.3). */
const MAX_DESCRIPTION = 255;

/** Parses a text frame. Returns null if it cannot be answered: no array, no id, or an unknown type (OCPP-J 1.6 §4.1.3). */
export function readFrame(text: string): Frame | null {
  if (text.length >= SCANNED_FROM && nestsDeeper(text, MAX_DEPTH + 1)) return readBroken(text);
  const parsed = parse(text);
  if (parsed === undefined) return readBroken(text);
  if (!Array.isArray(parsed) || parsed.length < 2) return null;
  const [type, id] = parsed as unknown[];
  if (!isId(id)) return null;
  if (type === 2) return readCall(parsed);
  if (type === 3) return { type: "result", id, payload: parsed[2] ?? {} };
  if (type === 4) return readError(parsed);
  return null;
}

/** Removes the NUL characters that some chargers send inside and behind the JSON (Wallbe: evcc#3685). */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (!text.includes("\0")) return undefined;
    try {
      return JSON.parse(text.replaceAll("\0", ""));
    } catch {
      return undefined;
    }
  }
}

/** Reads an id. A number violates OCPP-J §4.1.4, but can be echoed. */
function isId(id: unknown): boolean {
  return typeof id === "string" ? id !== "" : typeof id === "number";
}

/** Reads a CALL; a missing or null payload counts as `{}` (steve#1109). */
function readCall(frame: unknown[]): Frame | null {
  const [, id, action, payload] = frame;
  if (typeof action !== "string") return null;
  return { type: "call", id, action, payload: payload ?? {} };
}

/** Reads a CALLERROR; some chargers send fewer elements, or details that are not an object (lbbrhzn#899, steve#45). */
function readError(frame: unknown[]): Frame {
  const [, id, code, description, details] = frame;
  return {
    type: "error",
    id,
    code: typeof code === "string" ? code : "GenericError",
    ...shortened(typeof description === "string" ? description : "", isRecord(details) ? details : {}),
  };
}

/** Reduces a description of several lines, such as a stack trace, to its first; the whole goes into the details. */
function shortened(description: string, details: Record<string, unknown>) {
  const first = description.trim().split(/[\r\n]/, 1)[0]!.trim();
  if (first === description.trim() && first.length <= MAX_DESCRIPTION) return { description: first, details };
  const short = first.length > MAX_DESCRIPTION ? `${first.slice(0, MAX_DESCRIPTION - 1)}…` : first;
  return { description: short, details: { errorDescription: description, ...details } };
}

// deno-lint-ignore no-control-regex
const BEGINNING = /^\s*\[\s*([234])\s*,\s*"([^"\\\u0000-\u001f]{1,255})"\s*,/;

/** Recovers the id at the start of broken JSON, so that the peer gets an answer instead of a timeout (lbbrhzn#2032, #176). */
function readBroken(text: string): Frame | null {
  const match = BEGINNING.exec(text);
  if (!match) return null;
  return { type: "broken", id: match[2]!, call: match[1] === "2", text };
}

const [QUOTE, BACKSLASH, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [34, 92, 91, 93, 123, 125];

/** Returns true if a JSON text nests deeper than `max`, without parsing it: 500,000 levels take JSON.parse a second. */
export function nestsDeeper(text: string, max: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      if (++depth > max) return true;
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth--;
  }
  return false;
}

/** Returns true if arrays and objects of a JSON value are nested deeper than `max`; recurses no deeper. */
export function isDeeper(value: unknown, max = MAX_DEPTH): boolean {
  if (typeof value !== "object" || value === null) return false;
  return max === 0 || Object.values(value).some((child) => isDeeper(child, max - 1));
}

/** Returns true if a JSON value is an object, neither an array nor null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
