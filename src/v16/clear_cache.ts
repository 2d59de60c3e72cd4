// ClearCache (OCPP 1.6 §5.4): clears the charger's authorization cache.
import { Type } from "../ocpp/schema_builder.ts";
import { Nothing, Payload } from "./datatypes.ts";

export const request = Nothing;
export const response = Payload({ status: Type.Enum(["Accepted", "Rejected"]) });
