// GetConfiguration (OCPP 1.6 §5.8): returns the charger's configuration.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { CiString, Maybe, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { keepReported, type ReportedKey } from "../site/configuration/configuration.ts";

export const request = Payload({ key: Maybe(Type.Array(CiString(50))) });
export const response = Payload({
  configurationKey: Maybe(Type.Array(Payload({
    key: CiString(50),
    readonly: Type.Boolean(),
    value: Maybe(CiString(500)),
  }))),
  unknownKey: Maybe(Type.Array(CiString(50))),
});
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Stores the answer as the charger's last known configuration. */
export async function onResponse({ key = [] }: Request, response: Response, context: Context): Promise<void> {
  const { configurationKey: keys = [], unknownKey: unknown = [] } = response;
  await keepReported({ keys: keys as ReportedKey[], unknown, all: key.length === 0 }, context);
}
