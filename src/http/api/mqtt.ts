// /ocpp/mqtt/: the state of the connection to the MQTT broker. Its settings are in /ocpp/settings/.
import { Type } from "../../ocpp/schema_builder.ts";
import type { Mqtt } from "../../services/outputs/mqtt/mqtt.ts";
import type { Store } from "../../store/store.ts";
import { route } from "../route.ts";
import { named, Nullable, OptionalTime, Time } from "../schemas.ts";
import { clientCertificateOf } from "./client_certificate_settings.ts";

const State = named(
  "MqttState",
  Type.Object({
    state: Type.Enum(["off", "connecting", "connected"]),
    connected_since: OptionalTime,
    last_error: Nullable(Type.String()),
    client_certificate: Nullable(Type.Object({ subject: Type.String(), not_after: Time })),
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
    handle: (_, { mqtt, store }: { mqtt: Pick<Mqtt, "state">; store: Store }) => ({
      ...mqtt.state,
      client_certificate: clientCertificateOf(store.settings),
    }),
  }),
];
