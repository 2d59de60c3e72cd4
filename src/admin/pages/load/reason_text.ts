// The reason of a connector's limit in words.
import { shortTime } from "../../format.ts";
import { messages } from "../../i18n.ts";
import { allChargers } from "../../live.ts";
import type { LoadConnector } from "../../types.ts";
import { LOAD_REASONS } from "../../../i18n/admin/load.ts";

const t = messages(LOAD_REASONS);

/** Returns why a connector has its limit. A code that is not known stands for itself. */
export function reasonText({ charger_id, reason, shared_with: n }: LoadConnector): string {
  const at = shortTime(allChargers().find((charger) => charger.charger_id === charger_id)?.last_seen);
  return t(reason as keyof typeof LOAD_REASONS, { n, at });
}
