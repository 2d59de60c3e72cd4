// SignedFirmwareStatusNotification (security white paper §4.10): progress of a signed firmware update.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { Int, Maybe, Nothing, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { noteProgress } from "../site/files/jobs.ts";

export const request = Payload({
  status: Type.Enum([
    "Downloaded",
    "DownloadFailed",
    "Downloading",
    "DownloadScheduled",
    "DownloadPaused",
    "Idle",
    "InstallationFailed",
    "Installing",
    "Installed",
    "InstallRebooting",
    "InstallScheduled",
    "InstallVerificationFailed",
    "InvalidSignature",
    "SignatureVerified",
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
  await noteProgress({ action: "SignedUpdateFirmware", status, ...request_id }, context);
  return {};
}
