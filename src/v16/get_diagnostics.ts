// GetDiagnostics (OCPP 1.6 §5.9): the charger uploads its diagnostics.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { CiString, DateTime, Maybe, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { beginJob, newJobId } from "../site/files/jobs.ts";
import { checkLocation, makeLocation } from "../site/files/locations.ts";

export const request = Payload({
  location: Type.String({ maxLength: 512 }),
  retries: Maybe(Type.Integer({ minimum: 0 })),
  retryInterval: Maybe(Type.Integer({ minimum: 0 })),
  startTime: Maybe(DateTime),
  stopTime: Maybe(DateTime),
});
/** The response. Without fileName there is nothing to upload. */
export const response = Payload({ fileName: Maybe(CiString(255)) });
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Fills in a location of the gateway if the operator gives none. */
export async function fillDefaults(
  payload: Record<string, unknown>,
  context: Context,
): Promise<Record<string, unknown>> {
  if (payload.location !== undefined) return payload;
  const job_id = newJobId(context.store);
  return {
    ...payload,
    location: await makeLocation({ purpose: "upload", name: "diagnostics", job_id }, context),
  };
}

/** Throws Refusal unless the location is a URL that chargers can use. */
export function validate({ location }: Request): void {
  checkLocation(location, "location");
}

/** Stores the job with the charger's answer. */
export async function onResponse(
  { location }: Request,
  { fileName }: Response,
  context: Context,
): Promise<void> {
  const ended_as = fileName ? undefined : "nothing";
  await beginJob({ action: "GetDiagnostics", location, file_name: fileName ?? null, ended_as }, context);
}
