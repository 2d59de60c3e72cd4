// Authorize (OCPP 1.6 §4.1): a charger asks whether a tag may charge.
import type { Static } from "typebox";
import { IdTagInfo, IdToken, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { idTagInfoOf } from "./id_tag_info.ts";
import { authorize, tagOf } from "../site/authorization/authorization.ts";

export const request = Payload({ idTag: IdToken });
export const response = Payload({ idTagInfo: IdTagInfo });
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Answers by the RFID table. */
export function handle({ idTag }: Request, context: Context): Response {
  const idTagInfo = idTagInfoOf(authorize(idTag, context));
  context.state.last_authorization = {
    id_tag: tagOf(idTag, context),
    status: idTagInfo.status,
    at: context.now(),
  };
  context.events.emit("authorize", context.charger_id, () => ({ id_tag: idTag, status: idTagInfo.status }));
  return { idTagInfo };
}
