// The charger's id in a path (OCPP-J 1.6 §3.1.1).

/** Default limit of an id, in characters. OCPP 1.6 has no limit; the security extension allows a CN of 48. */
export const MAX_CHARGER_ID = 64;

// deno-lint-ignore no-control-regex
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd/\\]/;

/** Tells whether a text can be a charger's id: no control or bidi characters, no slash, not `.` or `..`. */
export function isChargerId(text: string, max_length = MAX_CHARGER_ID): boolean {
  return text !== "" && text.length <= max_length && text === text.trim() && !/^\.+$/.test(text) &&
    !FORBIDDEN.test(text) && text.isWellFormed();
}

/** Returns the id in a charger's path: the last non-empty segment, decoded once; null where there is none. */
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
