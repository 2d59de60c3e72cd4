// GetLog (security white paper §4.5): the charger uploads a log.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { CiString, DateTime, Int, Maybe, Payload } from "./datatypes.ts";
import { isRecord } from "../ocpp/frame.ts";
import type { Context } from "../site/context.ts";
import { beginJob, newJobId } from "../site/files/jobs.ts";
import { checkLocation, makeLocation } from "../site/files/locations.ts";

export const request = Payload({
  log: Payload({
    remoteLocation: CiString(512),
    oldestTimestamp: Maybe(DateTime),
    latestTimestamp: Maybe(DateTime),
  }),
  logType: Type.Enum(["DiagnosticsLog", "SecurityLog"]),
  requestId: Int,
  retries: Maybe(Type.Integer({ minimum: 0 })),
  retryInterval: Maybe(Type.Integer({ minimum: 0 })),
});
/** The response. AcceptedCanceled: an earlier upload was cancelled. */
export const response = Payload({
  status: Type.Enum(["Accepted", "Rejected", "AcceptedCanceled"]),
  filename: Maybe(CiString(255)),
});
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Fills in requestId and a location of the gateway if the operator leaves them out. */
export async function fillDefaults(
  payload: Record<string, unknown>,
  context: Context,
): Promise<Record<string, unknown>> {
  const log = payload.log ?? {};
  const job_id = newJobId(context.store);
  if (!isRecord(log) || log.remoteLocation !== undefined) return { requestId: job_id, ...payload };
  const remoteLocation = await makeLocation({ purpose: "upload", name: "log", job_id }, context);
  return { requestId: job_id, logType: "DiagnosticsLog", ...payload, log: { ...log, remoteLocation } };
}

/** Throws Refusal unless the location is a URL that chargers can use. */
export function validate({ log }: Request): void {
  checkLocation(log.remoteLocation, "log.remoteLocation");
}

/** Stores the job with the charger's answer. */
export async function onResponse(
  request: Request,
  { status, filename }: Response,
  context: Context,
): Promise<void> {
  const { requestId: request_id, log } = request;
  const location = log.remoteLocation;
  await beginJob({ action: "GetLog", location, request_id, file_name: filename ?? null, status }, context);
}
