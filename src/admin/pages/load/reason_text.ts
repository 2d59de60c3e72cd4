// The reason of a connector's limit in words.
import { number, shortTime } from "../../format.ts";
import { messages } from "../../i18n.ts";
import { allChargers } from "../../live.ts";
import type { LoadConnector } from "../../types.ts";
import { LOAD_REASONS } from "../../../i18n/admin/load.ts";

const t = messages(LOAD_REASONS);

/** Returns why a connector has its limit. A code that is not known stands for itself. */
export function reasonText(connector: LoadConnector): string {
  const { charger_id, shared_with: n } = connector;
  const last_seen = allChargers().find((charger) => charger.charger_id === charger_id)?.last_seen ?? null;
  if (connector.reason === "not_reached" && last_seen === null) return t("never_reached");
  return reasonOf(connector, { n, at: shortTime(last_seen) });
}

/** Returns the reason of a limit in words, such as of a decision. */
export function reasonOf(
  { reason, reason_values = {} }:
    & Pick<LoadConnector, "reason">
    & Partial<Pick<LoadConnector, "reason_values">>,
  more: Record<string, string | number>,
): string {
  const values = Object.entries(reason_values).map(([name, value]) => [name, worded(name, value)]);
  return t(reason as keyof typeof LOAD_REASONS, { ...more, ...Object.fromEntries(values) });
}

function worded(name: string, value: string | number | null): string {
  if (typeof value === "number") return number(value, 1);
  return name === "until" ? shortTime(value) : value ?? "–";
}
