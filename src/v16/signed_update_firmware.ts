// SignedUpdateFirmware (security white paper §4.11): the charger fetches, verifies and installs firmware.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { CiString, DateTime, Int, Maybe, Payload } from "./datatypes.ts";
import { isRecord } from "../ocpp/frame.ts";
import { toOcppTime } from "../ocpp/time.ts";
import type { Context } from "../site/context.ts";
import { beginJob, newJobId } from "../site/files/jobs.ts";
import { checkLocation, firmwareNamed, makeLocation } from "../site/files/locations.ts";

export const request = Payload({
  retries: Maybe(Type.Integer({ minimum: 0 })),
  retryInterval: Maybe(Type.Integer({ minimum: 0 })),
  requestId: Int,
  firmware: Payload({
    location: CiString(512),
    retrieveDateTime: DateTime,
    installDateTime: Maybe(DateTime),
    signingCertificate: CiString(5_500),
    signature: CiString(800),
  }),
});
/** The statuses of the response; none of them is an error. */
export const response = Payload({
  status: Type.Enum(["Accepted", "Rejected", "AcceptedCanceled", "InvalidCertificate", "RevokedCertificate"]),
});
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Fills in id, time and location: `file`, beside `firmware`, is the name of an uploaded firmware, used if no location is given. */
export async function fillDefaults(
  payload: Record<string, unknown>,
  context: Context,
): Promise<Record<string, unknown>> {
  const { file, ...rest } = payload;
  const job_id = newJobId(context.store);
  const given = rest.firmware ?? {};
  if (!isRecord(given)) return rest;
  const firmware = { retrieveDateTime: toOcppTime(context.now()), ...given };
  const request = { requestId: job_id, ...rest };
  if (given.location !== undefined) return { ...request, firmware };
  const { name } = firmwareNamed(file, context.store);
  const location = await makeLocation({ purpose: "firmware", name, job_id }, context);
  return { ...request, firmware: { ...firmware, location } };
}

/** Throws Refusal unless the location is a URL that chargers can use. */
export function validate({ firmware }: Request): void {
  checkLocation(firmware.location, "firmware.location");
}

/** Stores the job with the charger's answer. */
export async function onResponse(request: Request, { status }: Response, context: Context): Promise<void> {
  const { requestId: request_id, firmware: { location, retrieveDateTime, installDateTime } } = request;
  const starts_at = installDateTime ?? retrieveDateTime;
  await beginJob({ action: "SignedUpdateFirmware", location, starts_at, request_id, status }, context);
}
