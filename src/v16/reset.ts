// Reset (OCPP 1.6 §5.14): the charger restarts.
import { Type } from "../ocpp/schema_builder.ts";
import { Payload } from "./datatypes.ts";

export const request = Payload({ type: Type.Enum(["Hard", "Soft"]) });
export const response = Payload({ status: Type.Enum(["Accepted", "Rejected"]) });

/** Soft, unless said otherwise. */
export function fillDefaults(payload: Record<string, unknown>): Record<string, unknown> {
  return { type: "Soft", ...payload };
}
