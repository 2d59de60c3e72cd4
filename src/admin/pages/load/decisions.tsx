// The newest decisions of load management.
import { at, get } from "../../api.ts";
import { DataTable } from "../../components/data_table.tsx";
import { Card, Empty, LoadState, useLoad } from "../../components/parts.tsx";
import { connectorName } from "../../components/status.tsx";
import { number, when } from "../../format.ts";
import { messages } from "../../i18n.ts";
import { LOAD } from "../../../i18n/admin/load.ts";
import { reasonOf } from "./reason_text.ts";

const t = messages(LOAD);

const SHOWN = 50;

/** Shows the decisions, loaded again when `round` changes. */
export function Decisions({ round }: { round: number }) {
  const { value, loading, error } = useLoad(() => get(at("/ocpp/load/log/", {}, { limit: SHOWN })), [round]);
  const amperes = (value: number | null) => value === null ? "–" : `${number(value, 1)} A`;
  return (
    <Card title={t("decisions")} flush>
      <LoadState loading={loading && !value} error={error} />
      {value?.decisions.length === 0 && <Empty icon="log">{t("no_decisions")}</Empty>}
      {value && value.decisions.length > 0 && (
        <DataTable
          rows={value.decisions}
          keyOf={({ sequence }) => sequence}
          t={t}
          columns={{
            at: (decision) => when(decision.at),
            car: ({ charger_id, connector_id }) => `${charger_id} ${connectorName(connector_id)}`,
            change: ({ from_a, to_a }) => `${amperes(from_a)} → ${amperes(to_a)}`,
            why: (decision) => reasonOf(decision, { n: "…", at: "" }),
            answer: ({ answer }) => answer || t("no_answer"),
          }}
        />
      )}
    </Card>
  );
}
