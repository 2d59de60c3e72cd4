// Leniency rules for the errors of real chargers in OCPP 1.6 messages: one commented rule for each.
import { isRecord } from "../ocpp/frame.ts";
import type { LenientRule } from "../ocpp/lenient.ts";
import { ChargePointStatus } from "./datatypes.ts";

const LONGEST = 255;

/** Fields that are stored in full even if they are longer than the schema allows. */
const OVERLONG =
  /^(chargePointSerialNumber|chargeBoxSerialNumber|meterSerialNumber|meterType|firmwareVersion|iccid|imsi|info|vendorErrorCode|vendorId)$/;

/** Fields whose unknown values are stored as received. */
const FREE_WORDS = /^(unit|measurand|context|phase|location|format|reason|errorCode)$/;

/** The rules, in the order in which they are tried. */
export const LENIENT_RULES: readonly LenientRule[] = [
  // Unknown fields, such as connectorId in Authorize (evcc#14579).
  function extraFields({ keyword, value, properties }) {
    if (keyword !== "additionalProperties" || !isRecord(value)) return;
    for (const property of properties) delete value[property];
    return "mended";
  },

  // null as the value of a field counts as absent; a required field is then missing.
  function nullForAbsent({ keyword, value, parent, name }) {
    if (value !== null || name === "" || (keyword !== "type" && keyword !== "enum")) return;
    if (Array.isArray(parent)) return;
    delete parent[name];
    return "mended";
  },

  // Numbers and booleans instead of text: sampled values, configuration values (lbbrhzn#210, mobilityhouse#243 #353).
  function numberForText(fault) {
    const { types, value, parent, name } = fault;
    if (!types.includes("string")) return;
    if (typeof value !== "number" && typeof value !== "boolean") return;
    parent[name] = String(value);
    return "mended";
  },

  // Text instead of a number: "connectorId":"1".
  function textForNumber({ types, value, parent, name }) {
    if (!types.includes("integer") && !types.includes("number") || typeof value !== "string") return;
    if (!/^\s*-?\d+(\.\d+)?\s*$/.test(value)) return;
    parent[name] = Number(value);
    return "mended";
  },

  // 0, 1, "true" and "false" instead of booleans: readonly in GetConfiguration.conf (evcc#26253, mobilityhouse#581).
  function numberForBoolean({ types, value, parent, name }) {
    if (!types.includes("boolean")) return;
    if (!/^(0|1|true|false)$/i.test(String(value))) return;
    parent[name] = /^(1|true)$/i.test(String(value));
    return "mended";
  },

  // Registers with fractions of a Wh, such as meterStart 1000.5, are stored as they are.
  function fractionOfWh({ keyword, field, value }) {
    if (keyword === "type" && /^meter(Start|Stop)$/.test(field) && typeof value === "number") {
      return "tolerated";
    }
  },

  // Registers beyond 32 bits or below 0; energy accounting handles them.
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

  // `Celsius`, `Hertz`, errorCode "Error", a vendor's own stop reason (lbbrhzn#1248, mobilityhouse#70).
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

  // Times without zone, with `+02`, of 1970, or invalid: parsed by readTime(), else the time of receipt is used (MicroOcpp#311).
  function oddTime({ keyword, value }) {
    if (keyword === "format" && typeof value === "string" && value.length <= LONGEST) return "tolerated";
  },

  // Statuses of later editions of the white paper and of vendors: an error would not help the charger.
  function statusOfJob({ keyword, name, value, action }) {
    const concerned = /^(Diagnostics|Firmware|Log|SignedFirmware)StatusNotification$/.test(action);
    if (
      keyword === "enum" && name === "status" && concerned && typeof value === "string" && value.length <= 50
    ) return "tolerated";
  },

  // OCA's schema has no bounds for a composite schedule, the text of OCPP has: limit -1 for "no limit" (MicroOcpp), no
  // period at all (SAP's simulator), limits with many decimals. It is only shown.
  function boundsOfSchedule({ keyword, action }) {
    const is_bound = /^(minimum|maximum|minItems|multipleOf)$/.test(keyword);
    if (is_bound && action === "GetCompositeSchedule") return "tolerated";
  },

  // `sampledValue: []`: an error makes the charger repeat it for ever (lbbrhzn#466).
  function noSamples({ keyword, name }) {
    if (keyword === "minItems" && (name === "sampledValue" || name === "meterValue")) return "tolerated";
  },

  // Alfen sends transactionId 9223372036854775807 for "none" (steve#740, mobilityhouse#617); MeterValues and Stop are kept.
  function hugeTransactionId({ keyword, name }) {
    if (/^(maximum|minimum)$/.test(keyword) && /^(transactionId|reservationId)$/.test(name)) {
      return "tolerated";
    }
  },

  // A missing register must not prevent a transaction from starting or stopping (OCPP 1.6 §4.10, steve#1415).
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
