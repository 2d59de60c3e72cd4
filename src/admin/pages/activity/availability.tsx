// The chargers' availability in a month of the site's zone, the least available first.
import { useLocation } from "preact-iso/router";
import type { AnswerAt } from "../../../http/client_types.ts";
import { at, getAll } from "../../api.ts";
import { CsvButton } from "../../components/paged_log.tsx";
import { DataTable } from "../../components/data_table.tsx";
import { Card, Empty, LoadState, useLoad } from "../../components/parts.tsx";
import { SimulatedSwitch } from "../../components/simulated_switch.tsx";
import { SimBadge } from "../../components/status.tsx";
import { duration, number } from "../../format.ts";
import { messages } from "../../i18n.ts";
import { counted } from "../../simulated.ts";
import { dayAt } from "../../zone.ts";
import { AVAILABILITY } from "../../../i18n/admin/activity.ts";
import { ChargerLink } from "../../components/event_entry.tsx";

const t = messages(AVAILABILITY);

type Row = AnswerAt<"GET", "/ocpp/availability/">["availability"][number];

/** Shows the table; the address keeps the month. */
export function Availability() {
  const { query, path, route } = useLocation();
  const month = /^\d{4}-\d\d$/.test(query.month ?? "") ? query.month! : dayAt(Date.now()).slice(0, 7);
  const { value, loading, error } = useLoad(() => getAll("/ocpp/availability/", { month }), [month]);
  const rows = counted(value ?? []).sort((a, b) => (a.uptime ?? 2) - (b.uptime ?? 2));
  return (
    <>
      <p class="soft">{t("text")}</p>
      <div class="row between no-print">
        <span class="row">
          <input
            type="month"
            aria-label={t("month")}
            value={month}
            max={dayAt(Date.now()).slice(0, 7)}
            onChange={(event) => route(`${path}?month=${event.currentTarget.value}`, true)}
          />
          <SimulatedSwitch />
        </span>
        <CsvButton
          path={at("/ocpp/availability/", {}, { month, format: "csv" })}
          file={`availability-${month}.csv`}
        />
      </div>
      <Card flush>
        <LoadState loading={loading && !value} error={error} />
        {value && rows.length === 0 && <Empty icon="chargers">{t("none")}</Empty>}
        {rows.length > 0 && <Rows rows={rows} />}
      </Card>
    </>
  );
}

function Rows({ rows }: { rows: Row[] }) {
  return (
    <div class="figures">
      <DataTable
        rows={rows}
        keyOf={({ charger_id }) => charger_id}
        t={t}
        columns={{
          charger: ({ charger_id, simulated }) => (
            <>
              <ChargerLink charger_id={charger_id} /> {simulated && <SimBadge />}
            </>
          ),
          uptime: ({ uptime }) => <b>{uptime === null ? "–" : `${number(uptime * 100, 1)} %`}</b>,
          down: ({ down_s }) => duration(down_s * 1000),
          disconnections: ({ disconnections }) => number(disconnections),
          faults: ({ faults }) => number(faults),
          faulted: ({ faulted_s }) => duration(faulted_s * 1000),
          unknown: ({ unknown_s }) => <span class="soft">{duration(unknown_s * 1000)}</span>,
        }}
      />
    </div>
  );
}
