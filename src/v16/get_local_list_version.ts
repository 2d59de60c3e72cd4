// GetLocalListVersion (OCPP 1.6 §5.10): returns the version of the charger's local authorization list.
import { Nothing, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { keepVersion } from "../site/authorization/local_list.ts";
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";

export const request = Nothing;
/** The response. 0: the list is empty; -1: the charger does not support lists. */
export const response = Payload({ listVersion: Type.Integer() });

/** Stores the version that the charger reports. */
export async function onResponse(
  _request: unknown,
  { listVersion }: Static<typeof response>,
  context: Context,
): Promise<void> {
  await keepVersion(listVersion, context);
}
