// Deviations of a charger from the standard, set by the operator; the default is the safe choice.
import { Type } from "../ocpp/schema_builder.ts";
import type { Charger, Quirks } from "../store/store.ts";

/** The quirks of a charger that follows the standard. */
export const DEFAULT_QUIRKS: Quirks = {
  assume_ocpp16: false,
  allow_origin: false,
  time_zone: 0,
  register_factor: 1,
  register_modulus: null,
  max_power_w: null,
  id_tag_normaliser: "none",
  ping: true,
};

const PositiveOrNull = Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Null()]);

/** The schema of `quirks` in REST. */
export const QuirksChange = Type.Object({
  assume_ocpp16: Type.Optional(Type.Boolean()),
  allow_origin: Type.Optional(Type.Boolean()),
  time_zone: Type.Optional(Type.Union([
    Type.Integer({ minimum: -1080, maximum: 1080 }),
    Type.String({ minLength: 1, maxLength: 64 }),
  ])),
  register_factor: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 })),
  register_modulus: Type.Optional(PositiveOrNull),
  max_power_w: Type.Optional(PositiveOrNull),
  id_tag_normaliser: Type.Optional(Type.Enum(["none", "separators", "suffix", "both"])),
  ping: Type.Optional(Type.Boolean()),
}, { additionalProperties: false });

/** Returns a charger's quirks with defaults filled in. */
export function quirksOf(charger: Charger | undefined): Quirks {
  return charger?.quirks ? { ...DEFAULT_QUIRKS, ...charger.quirks } : DEFAULT_QUIRKS;
}

/** Returns true if `time_zone` is valid: an offset in minutes, or a name in the tz database. */
export function isTimeZone(zone: number | string): boolean {
  if (typeof zone === "number") return Number.isInteger(zone);
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Returns an idTag in the form of the RFID table: `20:69:C0:21`, ` F6 CA 0C C5` and `12345678_serial` are in the field. */
export function normaliseIdTag(id_tag: string, charger: Charger | undefined): string {
  const how = quirksOf(charger).id_tag_normaliser;
  let tag = id_tag;
  if (how === "suffix" || how === "both") tag = tag.replace(/_.*$/s, "");
  if (how === "separators" || how === "both") tag = tag.replaceAll(/[\s:.-]/g, "");
  return tag;
}

/** Returns the minutes east of UTC at `local`, which are the ms of a time without zone read as UTC. */
export function zoneMinutes(zone: number | string, local: number): number {
  if (typeof zone === "number") return zone;
  const offset = offsetAt(zone, local);
  return offsetAt(zone, local - offset * 60_000);
}

function offsetAt(zone: string, ms: number): number {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(Math.trunc(ms)).toZonedDateTimeISO(
    zone,
  );
  return offsetNanoseconds / 60_000_000_000;
}
