// The error codes of OCPP-J 1.6 §4.2.3, and the errors of calls.

/** The ten codes of OCPP-J 1.6 in its spelling, such as `Occurence` and `Formation` (errata 1.6-J §5.1, §5.2). */
export const ERROR_CODES = [
  "NotImplemented",
  "NotSupported",
  "InternalError",
  "ProtocolError",
  "SecurityError",
  "FormationViolation",
  "PropertyConstraintViolation",
  "OccurenceConstraintViolation",
  "TypeConstraintViolation",
  "GenericError",
] as const;

export type ErrorCode = typeof ERROR_CODES[number];

/** An error of the wire: sent as CALLERROR if a handler throws it, thrown if the peer answers a CALLERROR. */
export class OcppError extends Error {
  override readonly name = "OcppError";
  /** An OcppErrorCode in sent errors; any text in received ones. */
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(
    code: ErrorCode | (string & Record<never, never>),
    message = "",
    details: Record<string, unknown> = {},
  ) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** A call without a valid answer: the peer did not answer in time, disconnected, or sent an invalid answer. */
export class CallFailed extends Error {
  override readonly name = "CallFailed";

  constructor(readonly reason: "timeout" | "closed" | "invalid", message: string, readonly raw?: unknown) {
    super(message);
  }
}

const CODE_OF_KEYWORD: Record<string, ErrorCode> = {
  required: "OccurenceConstraintViolation",
  additionalProperties: "FormationViolation",
  type: "TypeConstraintViolation",
};

/** Returns the error code for a violated JSON-schema keyword (OCPP-J 1.6 §4.2.3). */
export function codeOfKeyword(keyword: string): ErrorCode {
  return CODE_OF_KEYWORD[keyword] ?? "PropertyConstraintViolation";
}
