// UnlockConnector (OCPP 1.6 §5.18): unlocks a connector.
import { Type } from "../ocpp/schema_builder.ts";
import { OutletId, Payload } from "./datatypes.ts";

export const request = Payload({ connectorId: OutletId });
export const response = Payload({ status: Type.Enum(["Unlocked", "UnlockFailed", "NotSupported"]) });
