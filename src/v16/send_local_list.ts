// SendLocalList (OCPP 1.6 §5.15): sets the charger's local authorization list.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { IdTagInfo, IdToken, Maybe, Payload } from "./datatypes.ts";
import { type Context, Refusal } from "../site/context.ts";
import {
  keepUpdate,
  type ListUpdate,
  localListOf,
  nextUpdate,
  versionAfter,
} from "../site/authorization/local_list.ts";
import { authorizationOf, idTagInfoOf } from "./id_tag_info.ts";

/** An entry of the list; without idTagInfo a Differential update removes the tag (OCPP 1.6 §7.1). */
export const AuthorizationData = Payload({ idTag: IdToken, idTagInfo: Maybe(IdTagInfo) });

/** The request. listVersion 0 and -1 have other meanings (errata 3.52). */
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
 * Makes the next update of the charger's list from the RFID table if localAuthorizationList is left out. Throws Refusal
 * if there is nothing to send.
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
  if (!update) throw new Refusal("state", "Cannot send the list: the charger already has the RFID table");
  const made = requestOf(update);
  const request = payload.listVersion === undefined
    ? made
    : { ...made, listVersion: payload.listVersion as number };
  context.state.own_lists.add(request);
  return request;
}

/** Converts an update to SendLocalList.req. */
export function requestOf({ version, full, entries }: ListUpdate): Request {
  return {
    listVersion: version,
    updateType: full ? "Full" : "Differential",
    localAuthorizationList: entries.map(({ id_tag, authorization }) => ({
      idTag: id_tag,
      ...(authorization ? { idTagInfo: idTagInfoOf(authorization) } : {}),
    })),
  };
}

function updateOf({ listVersion, updateType, localAuthorizationList: entries = [] }: Request): ListUpdate {
  return {
    version: listVersion,
    full: updateType === "Full",
    entries: entries.map(({ idTag, idTagInfo }) => ({
      id_tag: idTag,
      ...(idTagInfo ? { authorization: authorizationOf(idTagInfo) } : {}),
    })),
  };
}

/** Throws Refusal for a Full list with an entry without idTagInfo, and for a tag that appears twice (OCPP 1.6 §5.15). */
export function validate({ updateType, localAuthorizationList: entries = [] }: Request): void {
  const seen = new Set<string>();
  entries.forEach(({ idTag, idTagInfo }, index) => {
    if (updateType === "Full" && !idTagInfo) {
      throw new Refusal("input", `localAuthorizationList.${index}.idTagInfo is required in a Full list`);
    }
    if (seen.has(idTag.toUpperCase())) {
      throw new Refusal("input", `localAuthorizationList.${index}.idTag appears twice`);
    }
    seen.add(idTag.toUpperCase());
  });
}

/** Stores the outcome. */
export async function onResponse(request: Request, { status }: Response, context: Context): Promise<void> {
  const from_table = context.state.own_lists.has(request);
  await keepUpdate(updateOf(request), { status, from_table }, context);
}
