// GetLocalListVersion (OCPP 1.6 §5.10): which local authorization list the charger holds.
import { Nothing, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { keepVersion } from "../site/authorization/local_list.ts";
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";

export const request = Nothing;
/** 0: the list is empty; -1: the charger has none. */
export const response = Payload({ listVersion: Type.Integer() });

/** Compares the charger's list with what is known of it. */
export async function onResponse(
  _request: unknown,
  { listVersion }: Static<typeof response>,
  context: Context,
): Promise<void> {
  await keepVersion(listVersion, context);
}
