// UpdateFirmware (OCPP 1.6 §5.19): the charger downloads and installs firmware.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { DateTime, Maybe, Nothing, Payload } from "./datatypes.ts";
import { toOcppTime } from "../ocpp/time.ts";
import type { Context } from "../site/context.ts";
import { beginJob, newJobId } from "../site/files/jobs.ts";
import { checkLocation, firmwareNamed, makeLocation } from "../site/files/locations.ts";

export const request = Payload({
  location: Type.String({ maxLength: 512 }),
  retries: Maybe(Type.Integer({ minimum: 0 })),
  retrieveDate: DateTime,
  retryInterval: Maybe(Type.Integer({ minimum: 0 })),
});
export const response = Nothing;
type Request = Static<typeof request>;

/** Fills in the time, now, and the location: `file`, which is not part of OCPP, is the name of an uploaded firmware. */
export async function fillDefaults(
  payload: Record<string, unknown>,
  context: Context,
): Promise<Record<string, unknown>> {
  const { file, ...rest } = payload;
  const request = { retrieveDate: toOcppTime(context.now()), ...rest };
  if (payload.location !== undefined) return request;
  const { name } = firmwareNamed(file, context.store);
  const job_id = newJobId(context.store);
  return { ...request, location: await makeLocation({ purpose: "firmware", name, job_id }, context) };
}

/** Throws Refusal unless the location is a URL that chargers can use. */
export function validate({ location }: Request): void {
  checkLocation(location, "location");
}

/** Stores the job with the charger's answer. */
export async function onResponse(
  { location, retrieveDate: starts_at }: Request,
  _response: unknown,
  context: Context,
): Promise<void> {
  await beginJob({ action: "UpdateFirmware", location, starts_at }, context);
}
