// FirmwareStatusNotification (OCPP 1.6 §4.5): progress of a firmware update.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { Nothing, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { noteProgress } from "../site/files/jobs.ts";

export const request = Payload({
  status: Type.Enum([
    "Downloaded",
    "DownloadFailed",
    "Downloading",
    "Idle",
    "InstallationFailed",
    "Installing",
    "Installed",
  ]),
});
export const response = Nothing;
type Request = Static<typeof request>;

/** Updates the newest job. */
export async function handle({ status }: Request, context: Context): Promise<Static<typeof response>> {
  await noteProgress({ action: "UpdateFirmware", status }, context);
  return {};
}
