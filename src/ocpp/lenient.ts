// What real chargers get wrong and how it is read: one commented rule a quirk. Strict first: a valid message never comes here.
import { codeOfKeyword, OcppError } from "./error.ts";
import { isDeeper, isRecord, MAX_DEPTH } from "./frame.ts";
import { ChargePointStatus } from "../v16/datatypes.ts";
import { type Checker, fieldOf, sentenceOf, type Violation } from "./schema.ts";

/** A payload that can be worked with, and what had to be forgiven in it. */
export interface Lenient {
  payload: unknown;
  forgiven: string[];
}

/** What a rule sees: the violation, the value it is about, that value's parent, and its name there. */
interface Fault extends Violation {
  action: string;
  field: string;
  value: unknown;
  parent: Record<string, unknown>;
  name: string;
}

/** `mended`: the payload was changed, look again. `tolerated`: it stays as it is. */
type Verdict = "mended" | "tolerated" | undefined;

/**
 * Checks a payload as it came, and forgives what is known to be harmless. The result is the payload itself when it is
 * valid, else a mended copy. Throws OcppError with the code of the first violation that no rule forgives.
 */
export function readLeniently(
  checker: Checker,
  action: string,
  payload: unknown,
  max_depth = MAX_DEPTH,
): Lenient {
  if (checker.check(payload)) return { payload, forgiven: [] };
  if (!isRecord(payload)) throw new OcppError("TypeConstraintViolation", "The payload must be an object");
  if (isDeeper(payload, max_depth)) {
    throw new OcppError("FormationViolation", `The payload is nested deeper than ${max_depth}`);
  }
  return mend(checker, action, structuredClone(payload));
}

function mend(checker: Checker, action: string, payload: Record<string, unknown>): Lenient {
  const forgiven = new Set<string>();
  for (let round = 0; round < 10; round++) {
    let mended = false;
    for (const violation of checker.violations(payload)) {
      const verdict = judge(faultOf(violation, action, payload));
      if (!verdict) throw new OcppError(codeOfKeyword(violation.keyword), sentenceOf(violation));
      forgiven.add(sentenceOf(violation));
      mended ||= verdict === "mended";
    }
    if (!mended) return { payload, forgiven: [...forgiven] };
  }
  throw new OcppError("FormationViolation", "The payload does not match the schema");
}

function faultOf(violation: Violation, action: string, payload: Record<string, unknown>): Fault {
  const path = violation.path.split("/").slice(1).map((part) =>
    part.replaceAll("~1", "/").replaceAll("~0", "~")
  );
  const name = path.pop() ?? "";
  let parent: unknown = payload;
  for (const part of path) parent = (parent as Record<string, unknown>)[part];
  const value = name === "" ? payload : (parent as Record<string, unknown>)[name];
  return {
    ...violation,
    action,
    field: fieldOf(violation),
    value,
    parent: parent as Record<string, unknown>,
    name,
  };
}

function judge(fault: Fault): Verdict {
  for (const rule of RULES) {
    const verdict = rule(fault);
    if (verdict) return verdict;
  }
}

const LONGEST = 255;

/** Fields that are stored whole when they are longer than the schema allows. */
const OVERLONG =
  /^(chargePointSerialNumber|chargeBoxSerialNumber|meterSerialNumber|meterType|firmwareVersion|iccid|imsi|info|vendorErrorCode|vendorId)$/;

/** Words that are kept as they came when the schema does not know them. */
const FREE_WORDS = /^(unit|measurand|context|phase|location|format|reason|errorCode)$/;

const RULES: ((fault: Fault) => Verdict)[] = [
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
    const { keyword, value, parent, name, message } = fault;
    if (keyword !== "type" || !message.includes("string")) return;
    if (typeof value !== "number" && typeof value !== "boolean") return;
    parent[name] = String(value);
    return "mended";
  },

  // Text where a number is due: "connectorId":"1".
  function textForNumber({ keyword, value, parent, name, message }) {
    if (keyword !== "type" || !/integer|number/.test(message) || typeof value !== "string") return;
    if (!/^\s*-?\d+(\.\d+)?\s*$/.test(value)) return;
    parent[name] = Number(value);
    return "mended";
  },

  // 0, 1, "true" and "false" for booleans: readonly in GetConfiguration.conf (evcc#26253, mobilityhouse#581).
  function numberForBoolean({ keyword, value, parent, name, message }) {
    if (keyword !== "type" || !message.includes("boolean")) return;
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
