// The limit of load management at a connector, with its reason in words.
import { at, call, can, get } from "../../api.ts";
import { ActionButton } from "../../components/action_button.tsx";
import { useLoad } from "../../components/parts.tsx";
import { number } from "../../format.ts";
import { messages } from "../../i18n.ts";
import { now } from "../../live.ts";
import type { LoadConnector } from "../../types.ts";
import { LOAD } from "../../../i18n/admin/load.ts";
import { reasonText } from "../load/reason_text.ts";

const t = messages(LOAD);

const POLL_MS = 5_000;

/** Returns a charger's connectors as load management sees them now; none if it is on no circuit. */
export function useManaged(charger_id: string): LoadConnector[] {
  const { value } = useLoad(
    () => get(at("/ocpp/load/", {}, { charger_id })),
    [charger_id, Math.floor(now.value / POLL_MS)],
  );
  return value?.connectors ?? [];
}

/** Shows the limit of a connector with a car, or of one that is not under control. */
export function ManagedLimit({ managed }: { managed: LoadConnector }) {
  const { state, allocated_a, budgeted_a, surplus, transaction_id } = managed;
  if (state === "idle") return null;
  const limit = `${number(allocated_a ?? budgeted_a, 1)} A`;
  return (
    <div class="small row between" data-testid="managed">
      <b>{t("limited", { limit, reason: reasonText(managed) })}</b>
      {transaction_id !== null && can("operator") && (
        <ActionButton
          look="quiet"
          label={t(surplus ? "surplus_end" : "surplus_start")}
          of={`${managed.charger_id} ${managed.connector_id}`}
          run={() =>
            call(
              "PUT",
              at("/ocpp/transactions/{transaction_id}/surplus/", { transaction_id: String(transaction_id) }),
              {
                surplus: !surplus,
              },
            )}
        />
      )}
    </div>
  );
}
