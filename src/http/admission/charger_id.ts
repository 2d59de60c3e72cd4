// A charger's id in a path (OCPP-J 1.6 §3.1.1).

/** Longest id by default, in characters. OCPP 1.6 gives no limit; the security extension allows a CN of 48. */
export const MAX_CHARGER_ID = 64;

// deno-lint-ignore no-control-regex
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd/\\]/;

/** Whether a text can be a charger's id: no control or bidi characters, no slash, no `.` or `..`. */
export function isChargerId(text: string, max_length = MAX_CHARGER_ID): boolean {
  return text !== "" && text.length <= max_length && text === text.trim() && !/^\.+$/.test(text) &&
    !FORBIDDEN.test(text) && text.isWellFormed();
}

/** The id that a charger's path ends with: the last segment that is not empty, decoded once; null where there is none. */
export function chargerIdOf(path: string, max_length = MAX_CHARGER_ID): string | null {
  const segment = path.split("/").findLast((part) => part !== "");
  if (segment === undefined) return null;
  try {
    const id = decodeURIComponent(segment).normalize("NFC");
    return isChargerId(id, max_length) ? id : null;
  } catch {
    return null; // not percent-encoded UTF-8
  }
}
