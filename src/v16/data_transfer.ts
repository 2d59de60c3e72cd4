// DataTransfer (OCPP 1.6 §4.3, §5.6): extensions of vendors.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { CiString, Maybe, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";

export const may_hold_secrets = true;
export const request = Payload({
  vendorId: CiString(255),
  messageId: Maybe(CiString(50)),
  data: Maybe(Type.Unknown()),
});
export const response = Payload({
  status: Type.Enum(["Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"]),
  data: Maybe(Type.Unknown()),
});
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Known vendors, each with its answers by messageId. None yet. */
const VENDORS = new Map<string, Map<string, (request: Request, context: Context) => Response>>();

/** Answers a message of a known vendor; the message itself is in the log. */
export function handle(request: Request, context: Context): Response {
  const messages = VENDORS.get(request.vendorId);
  if (!messages) return { status: "UnknownVendorId" };
  const answer = messages.get(request.messageId ?? "");
  return answer ? answer(request, context) : { status: "UnknownMessageId" };
}
