// ChangeAvailability (OCPP 1.6 §5.2): takes a connector in or out of service; connector 0 is the whole charger.
import { Type } from "../ocpp/schema_builder.ts";
import { ConnectorId, Payload } from "./datatypes.ts";

export const request = Payload({ connectorId: ConnectorId, type: Type.Enum(["Inoperative", "Operative"]) });
export const response = Payload({ status: Type.Enum(["Accepted", "Rejected", "Scheduled"]) });
