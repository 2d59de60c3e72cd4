// Errors of real chargers in OCPP 1.6 messages and the way each is read: one commented rule a quirk.
import { isRecord } from "../ocpp/frame.ts";
import type { LenientRule } from "../ocpp/lenient.ts";
import { ChargePointStatus } from "./datatypes.ts";

const LONGEST = 255;

/** Fields that are stored whole when they are longer than the schema allows. */
const OVERLONG =
  /^(chargePointSerialNumber|chargeBoxSerialNumber|meterSerialNumber|meterType|firmwareVersion|iccid|imsi|info|vendorErrorCode|vendorId)$/;

/** Words that are kept as they came when the schema does not know them. */
const FREE_WORDS = /^(unit|measurand|context|phase|location|format|reason|errorCode)$/;

/** The rules, in the order in which they are tried. */
export const LENIENT_RULES: readonly LenientRule[] = [
  // Fields that OCPP does not know: connectorId in Authorize and the like (evcc#14579).
  function extraFields({ keyword, value, properties }) {
    if (keyword !== "additionalProperties" || !isRecord(value)) return;
    for (const property of properties) delete value[property];
    return "mended";
  },

  // null for a field that may be absent; a required one is then missed.
  function nullForAbsent({ keyword, value, parent, name }) {
    if (value !== null || name === "" || (keyword !== "type" && keyword !== "enum")) return;
    if (Array.isArray(parent)) return;
    delete parent[name];
    return "mended";
  },

  // Numbers and booleans where text is due: sampled values, configuration values (lbbrhzn#210, mobilityhouse#243 #353).
  function numberForText(fault) {
    const { types, value, parent, name } = fault;
    if (!types.includes("string")) return;
    if (typeof value !== "number" && typeof value !== "boolean") return;
    parent[name] = String(value);
    return "mended";
  },

  // Text where a number is due: "connectorId":"1".
  function textForNumber({ types, value, parent, name }) {
    if (!types.includes("integer") && !types.includes("number") || typeof value !== "string") return;
    if (!/^\s*-?\d+(\.\d+)?\s*$/.test(value)) return;
    parent[name] = Number(value);
    return "mended";
  },

  // 0, 1, "true" and "false" for booleans: readonly in GetConfiguration.conf (evcc#26253, mobilityhouse#581).
  function numberForBoolean({ types, value, parent, name }) {
    if (!types.includes("boolean")) return;
    if (!/^(0|1|true|false)$/i.test(String(value))) return;
    parent[name] = /^(1|true)$/i.test(String(value));
    return "mended";
  },

  // Registers with fractions of a Wh: meterStart 1000.5. They are kept.
  function fractionOfWh({ keyword, field, value }) {
    if (keyword === "type" && /^meter(Start|Stop)$/.test(field) && typeof value === "number") {
      return "tolerated";
    }
  },

  // A register beyond 32 bits, or negative: energy accounting copes.
  function hugeRegister({ keyword, field }) {
    if (/^(maximum|minimum)$/.test(keyword) && /^meter(Start|Stop)$/.test(field)) return "tolerated";
  },

  // Serial numbers of 26 to 34 characters (mobilityhouse#122 #123 #273), the idTag of 21 in StopTransaction (lbbrhzn#1803).
  function overlong({ keyword, name, value, action }) {
    if (keyword !== "maxLength" || typeof value !== "string" || value.length > LONGEST) return;
    if (OVERLONG.test(name) || (action === "StopTransaction" && name === "idTag")) return "tolerated";
  },

  // Configuration values longer than 500 characters, keys longer than 50 (ocpp-go#258).
  function overlongConfiguration({ keyword, action }) {
    if (keyword === "maxLength" && action === "GetConfiguration") return "tolerated";
  },

  // `Celsius`, `Hertz`, errorCode "Error", a stop reason of the maker's own (lbbrhzn#1248, mobilityhouse#70).
  function unknownWord({ keyword, name, value }) {
    if (keyword !== "enum" || !FREE_WORDS.test(name) || typeof value !== "string") return;
    if (value.length <= LONGEST) return "tolerated";
  },

  // `Occupied` is a status of OCPP 1.5; letter case varies (`SuspendedEv`).
  function statusOfOtherTimes({ keyword, name, value, parent, action }) {
    if (
      keyword !== "enum" || name !== "status" || action !== "StatusNotification" || typeof value !== "string"
    ) return;
    if (value === "Occupied") return "tolerated";
    const known = ChargePointStatus.enum.find((status) => status.toLowerCase() === value.toLowerCase());
    if (!known) return;
    parent[name] = known;
    return "mended";
  },

  // Times without zone, `+02`, 1970, or nonsense: read by readTime(), receipt time where they are none (MicroOcpp#311).
  function oddTime({ keyword, value }) {
    if (keyword === "format" && typeof value === "string" && value.length <= LONGEST) return "tolerated";
  },

  // Status words of later editions of the white paper, and makers' own: a refusal would tell the charger nothing.
  function statusOfJob({ keyword, name, value, action }) {
    const concerned = /^(Diagnostics|Firmware|Log|SignedFirmware)StatusNotification$/.test(action);
    if (
      keyword === "enum" && name === "status" && concerned && typeof value === "string" && value.length <= 50
    ) return "tolerated";
  },

  // Limits with more than one decimal in what the charger computes: it is only shown.
  function decimalsOfSchedule({ keyword, action }) {
    if (keyword === "multipleOf" && action === "GetCompositeSchedule") return "tolerated";
  },

  // `sampledValue: []`: a refusal sends the charger into a loop (lbbrhzn#466).
  function noSamples({ keyword, name }) {
    if (keyword === "minItems" && (name === "sampledValue" || name === "meterValue")) return "tolerated";
  },

  // Alfen sends transactionId 9223372036854775807 for "none" (steve#740, mobilityhouse#617); MeterValues and Stop are kept.
  function hugeTransactionId({ keyword, name }) {
    if (/^(maximum|minimum)$/.test(keyword) && /^(transactionId|reservationId)$/.test(name)) {
      return "tolerated";
    }
  },

  // A transaction can't be prevented from stopping, nor from starting for want of a register (OCPP 1.6 §4.10, steve#1415).
  function incompleteTransaction({ keyword, path, action, properties }) {
    if (keyword !== "required" || path !== "") return;
    const optional = action === "StopTransaction"
      ? /^(transactionId|meterStop|timestamp)$/
      : action === "StartTransaction"
      ? /^(meterStart|timestamp)$/
      : /^$/;
    if (properties.every((property) => optional.test(property))) return "tolerated";
  },
];
