// DiagnosticsStatusNotification (OCPP 1.6 §4.4): progress of an upload of diagnostics.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { Nothing, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { noteProgress } from "../site/files/jobs.ts";

export const request = Payload({ status: Type.Enum(["Idle", "Uploaded", "UploadFailed", "Uploading"]) });
export const response = Nothing;
type Request = Static<typeof request>;

/** Updates the newest job. */
export async function handle({ status }: Request, context: Context): Promise<Static<typeof response>> {
  await noteProgress({ action: "GetDiagnostics", status }, context);
  return {};
}
