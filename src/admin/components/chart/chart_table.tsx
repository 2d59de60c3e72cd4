// The values of a chart as a table, for those who do not see it and for those who copy them.
import { useState } from "preact/hooks";
import { kwh } from "../../format.ts";
import { messages } from "../../i18n.ts";
import { CHARTS } from "../../../i18n/admin/charts.ts";
import type { ChartData, Range } from "./chart_data.ts";
import { momentText, timeFormat, valueText } from "./chart_text.ts";

const t = messages(CHARTS);

interface ChartTableProps {
  title: string;
  data: ChartData;
  range: Range;
}

/** Shows the table once it is opened. */
export function ChartTable(props: ChartTableProps) {
  const [open, setOpen] = useState(false);
  return (
    <details class="no-print" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="soft small">{t("table")}</summary>
      {open && <Tables {...props} />}
    </details>
  );
}

function Tables({ title, data: { times, series, unit, sessions }, range }: ChartTableProps) {
  const bars = series[0]?.kind === "bars";
  const rows = times.flatMap((at, index) => {
    const values = series.map(({ values }) => values[index]);
    return values.some((value) => typeof value === "number") ? [{ at, values }] : [];
  });
  return (
    <div class="chart-tables" tabIndex={0}>
      {sessions.length > 0 && <Sessions sessions={sessions} />}
      <table data-testid="chart-table">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th>{t("time")}</th>
            {series.map(({ label, kind }) => <th key={`${kind} ${label}`} class="num">{label}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, values }) => (
            <tr key={at}>
              <th scope="row">{momentText(at, range, bars)}</th>
              {values.map((value, index) => <td key={index} class="num">{valueText(value, unit)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Sessions({ sessions }: Pick<ChartData, "sessions">) {
  const time = timeFormat({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  return (
    <table>
      <caption>{t("sessions")}</caption>
      <tbody>
        {sessions.map(({ transaction_id, from, to, label, energy_wh }) => (
          <tr key={transaction_id}>
            <th scope="row">{label}</th>
            <td>{time.formatRange(from, to)}</td>
            <td class="num">{kwh(energy_wh)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
