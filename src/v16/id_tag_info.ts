// Conversion between IdTagInfo (OCPP 1.6 §7.27) and the domain's authorization.
import type { Authorization } from "../site/authorization/authorization.ts";
import type { IdTagInfo } from "./datatypes.ts";

/** Converts an authorization to IdTagInfo. */
export function idTagInfoOf({ parent_id_tag, expires_at, status }: Authorization): IdTagInfo {
  return {
    ...(parent_id_tag === undefined ? {} : { parentIdTag: parent_id_tag }),
    ...(expires_at === undefined ? {} : { expiryDate: expires_at }),
    status,
  };
}

/** Converts IdTagInfo to an authorization. */
export function authorizationOf({ parentIdTag, expiryDate, status }: IdTagInfo): Authorization {
  return {
    ...(parentIdTag === undefined ? {} : { parent_id_tag: parentIdTag }),
    ...(expiryDate === undefined ? {} : { expires_at: expiryDate }),
    status,
  };
}
