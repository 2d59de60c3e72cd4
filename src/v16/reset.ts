// Reset (OCPP 1.6 §5.14): restarts the charger.
import { Type } from "../ocpp/schema_builder.ts";
import { Payload } from "./datatypes.ts";

export const request = Payload({ type: Type.Enum(["Hard", "Soft"]) });
export const response = Payload({ status: Type.Enum(["Accepted", "Rejected"]) });

/** Fills in the type Soft. */
export function fillDefaults(payload: Record<string, unknown>): Record<string, unknown> {
  return { type: "Soft", ...payload };
}
