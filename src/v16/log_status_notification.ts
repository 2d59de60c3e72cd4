// LogStatusNotification (security white paper §4.7): progress of an upload of a log.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { Int, Maybe, Nothing, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { noteProgress } from "../site/files/jobs.ts";

export const request = Payload({
  status: Type.Enum([
    "BadMessage",
    "Idle",
    "NotSupportedOperation",
    "PermissionDenied",
    "Uploaded",
    "UploadFailure",
    "Uploading",
  ]),
  requestId: Maybe(Int),
});
export const response = Nothing;
type Request = Static<typeof request>;

/** Updates the job with its requestId. */
export async function handle(
  { status, requestId }: Request,
  context: Context,
): Promise<Static<typeof response>> {
  const request_id = requestId === undefined ? {} : { request_id: requestId };
  await noteProgress({ action: "GetLog", status, ...request_id }, context);
  return {};
}
