// The frames of OCPP-J 1.6 §4.2: reading them, also where they are damaged.

/** A frame as it was read. `broken`: no JSON, but its id could be made out. */
export type Frame =
  | { type: "call"; id: unknown; action: string; payload: unknown }
  | { type: "result"; id: unknown; payload: unknown }
  | { type: "error"; id: unknown; code: string; description: string; details: Record<string, unknown> }
  | { type: "broken"; id: string; call: boolean; text: string };

/** Nesting beyond which a message is refused: OCPP needs 7. */
export const MAX_DEPTH = 32;

/** Reads a text frame. `null`: nothing that could be answered (OCPP-J 1.6 §4.1.3): no array, no id, unknown type. */
export function readFrame(text: string): Frame | null {
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

/** NUL characters come inside and behind the JSON of some chargers (Wallbe: evcc#3685); they are dropped. */
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

/** A number as id is against OCPP-J §4.1.4, but can be echoed as it came. */
function isId(id: unknown): boolean {
  return typeof id === "string" ? id !== "" : typeof id === "number";
}

/** A CALL; a missing or null payload is read as `{}` (steve#1109). */
function readCall(frame: unknown[]): Frame | null {
  const [, id, action, payload] = frame;
  if (typeof action !== "string") return null;
  return { type: "call", id, action, payload: payload ?? {} };
}

/** A CALLERROR; some come with fewer elements or details that are no object (lbbrhzn#899, steve#45). */
function readError(frame: unknown[]): Frame {
  const [, id, code, description, details] = frame;
  return {
    type: "error",
    id,
    code: typeof code === "string" ? code : "GenericError",
    description: typeof description === "string" ? description : "",
    details: isRecord(details) ? details : {},
  };
}

// deno-lint-ignore no-control-regex
const BEGINNING = /^\s*\[\s*([234])\s*,\s*"([^"\\\u0000-\u001f]{1,255})"\s*,/;

/** Broken JSON: the id is recovered from the beginning, so that the other side need not wait (lbbrhzn#2032, #176). */
function readBroken(text: string): Frame | null {
  const match = BEGINNING.exec(text);
  if (!match) return null;
  return { type: "broken", id: match[2]!, call: match[1] === "2", text };
}

/** Whether arrays and objects in a JSON value are nested deeper than `max`; goes no deeper itself. */
export function isDeeper(value: unknown, max = MAX_DEPTH): boolean {
  if (typeof value !== "object" || value === null) return false;
  return max === 0 || Object.values(value).some((child) => isDeeper(child, max - 1));
}

/** Whether a JSON value is an object, not an array and not null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
