// /ocpp/mqtt/: the state of the connection to the MQTT broker. Its settings are in /ocpp/settings/.
import { Type } from "../../ocpp/schema_builder.ts";
import type { Mqtt } from "../../services/outputs/mqtt/mqtt.ts";
import { route } from "../route.ts";
import { named, Nullable, OptionalTime } from "../schemas.ts";

const State = named(
  "MqttState",
  Type.Object({
    state: Type.Enum(["off", "connecting", "connected"]),
    connected_since: OptionalTime,
    last_error: Nullable(Type.String()),
  }),
);

/** The route of /ocpp/mqtt/. */
export const mqttRoutes = [
  route({
    method: "GET",
    path: "/ocpp/mqtt/",
    role: "viewer",
    summary: "The connection to the MQTT broker",
    response: State,
    handle: (_, { mqtt }: { mqtt: Pick<Mqtt, "state"> }) => mqtt.state,
  }),
];
