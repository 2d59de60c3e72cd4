// Authorize (OCPP 1.6 §4.1): may this tag charge?
import type { Static } from "typebox";
import { IdTagInfo, IdToken, Payload } from "./datatypes.ts";
import type { Context } from "./action.ts";
import { authorize } from "../site/authorization/authorization.ts";

export const request = Payload({ idTag: IdToken });
export const response = Payload({ idTagInfo: IdTagInfo });
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Answers by the RFID table. */
export function handle({ idTag }: Request, context: Context): Response {
  const idTagInfo = authorize(idTag, context);
  context.events.emit("authorize", context.charger_id, () => ({ id_tag: idTag, status: idTagInfo.status }));
  return { idTagInfo };
}
