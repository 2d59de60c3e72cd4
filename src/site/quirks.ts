// What is peculiar to a charger, as the operator has set it; the safe choice is the default.
import { Type } from "../ocpp/schema_builder.ts";
import type { Charger, Quirks } from "../store/store.ts";

/** The charger that follows the standard. */
export const DEFAULT_QUIRKS: Quirks = {
  assume_ocpp16: false,
  time_zone: 0,
  register_factor: 1,
  register_modulus: null,
  max_power_w: null,
  id_tag_normaliser: "none",
  ping: true,
};

const PositiveOrNull = Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Null()]);

/** What REST takes for `quirks`. */
export const QuirksChange = Type.Object({
  assume_ocpp16: Type.Optional(Type.Boolean()),
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

/** A charger's quirks, defaults filled in. */
export function quirksOf(charger: Charger | undefined): Quirks {
  return charger?.quirks ? { ...DEFAULT_QUIRKS, ...charger.quirks } : DEFAULT_QUIRKS;
}

/** Whether `time_zone` is one: minutes, or a zone that the tz database knows. */
export function isTimeZone(zone: number | string): boolean {
  if (typeof zone === "number") return Number.isInteger(zone);
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The idTag as the RFID table has it: `20:69:C0:21`, ` F6 CA 0C C5` and `12345678_serial` are in the field. */
export function normaliseIdTag(id_tag: string, charger: Charger | undefined): string {
  const how = quirksOf(charger).id_tag_normaliser;
  let tag = id_tag;
  if (how === "suffix" || how === "both") tag = tag.replace(/_.*$/s, "");
  if (how === "separators" || how === "both") tag = tag.replaceAll(/[\s:.-]/g, "");
  return tag;
}

/** Minutes east of UTC at `local`, the ms of a stamp without zone taken for UTC. */
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
