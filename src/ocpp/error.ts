// The error codes of OCPP-J 1.6 §4.2.3, and the error that carries one.

/** The ten codes of OCPP-J 1.6, spelled as there: `Occurence` and `Formation` too (errata 1.6-J §5.1, §5.2). */
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

/** An error for the wire: becomes a CALLERROR when thrown by a handler, and is what a CALLERROR from the peer throws. */
export class OcppError extends Error {
  override readonly name = "OcppError";
  /** One of ours in what we send; whatever the peer wrote in what we receive. */
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

/** A call that got no valid answer: the peer was silent, left, or answered nonsense. */
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

/** The code for a violated JSON-schema keyword (OCPP-J 1.6 §4.2.3). */
export function codeOfKeyword(keyword: string): ErrorCode {
  return CODE_OF_KEYWORD[keyword] ?? "PropertyConstraintViolation";
}
