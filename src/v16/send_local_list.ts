// SendLocalList (OCPP 1.6 §5.15): the tags that the charger may authorize by itself.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { IdTagInfo, IdToken, Maybe, Payload } from "./datatypes.ts";
import { type Context, Refusal } from "./action.ts";
import { keepUpdate, localListOf, nextUpdate, versionAfter } from "../site/authorization/local_list.ts";

/** OCPP 1.6 §7.1: without idTagInfo, in a Differential update, the tag is taken off the list. */
export const AuthorizationData = Payload({ idTag: IdToken, idTagInfo: Maybe(IdTagInfo) });

/** listVersion 0 and -1 mean something else (errata 3.52). */
export const request = Payload({
  listVersion: Type.Integer({ minimum: 1, maximum: 2147483647 }),
  localAuthorizationList: Maybe(Type.Array(AuthorizationData)),
  updateType: Type.Enum(["Differential", "Full"]),
});
export const response = Payload({
  status: Type.Enum(["Accepted", "Failed", "NotSupported", "VersionMismatch"]),
});
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/**
 * Without localAuthorizationList the message is made from the RFID table: what brings the charger's list nearer to it.
 * Throws Refusal when there is nothing to send.
 */
export async function fillDefaults(
  payload: Record<string, unknown>,
  context: Context,
): Promise<Record<string, unknown>> {
  if (payload.localAuthorizationList !== undefined) {
    const { version } = await localListOf(context.store, context.charger_id);
    return { listVersion: versionAfter(version), updateType: "Full", ...payload };
  }
  const update = await nextUpdate(context, { from_table: true, full: payload.updateType === "Full" });
  if (!update) throw new Refusal("state", "Cannot send the list: the charger holds the RFID table already");
  const request = payload.listVersion === undefined
    ? update
    : { ...update, listVersion: payload.listVersion as number };
  context.state.own_lists.add(request);
  return request;
}

/** A Full list needs idTagInfo in every entry, and no list has a tag twice (OCPP 1.6 §5.15). */
export function validate({ updateType, localAuthorizationList: entries = [] }: Request): void {
  const seen = new Set<string>();
  entries.forEach(({ idTag, idTagInfo }, index) => {
    if (updateType === "Full" && !idTagInfo) {
      throw new Refusal("input", `localAuthorizationList.${index}.idTagInfo is needed in a Full list`);
    }
    if (seen.has(idTag.toUpperCase())) {
      throw new Refusal("input", `localAuthorizationList.${index}.idTag is there twice`);
    }
    seen.add(idTag.toUpperCase());
  });
}

/** Keeps what the charger holds now. */
export async function onResponse(request: Request, { status }: Response, context: Context): Promise<void> {
  await keepUpdate(request, status, context);
}
