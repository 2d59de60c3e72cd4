// A charger's chart with its choice of quantity and time, which the address keeps.
import { useLocation } from "preact-iso/router";
import { at, authHeaders } from "../api.ts";
import { messages } from "../i18n.ts";
import { Icon } from "../icons.tsx";
import { now } from "../live.ts";
import type { ChargerView } from "../types.ts";
import { isoOf as toIso } from "../typed_time.ts";
import { CHARTS } from "../../i18n/admin/charts.ts";
import { wallAt } from "../zone.ts";
import { Chart } from "./chart/chart.tsx";
import type { Range } from "./chart/chart_data.ts";
import { rangeText } from "./chart/chart_text.ts";
import { isoOf, QUANTITIES, type Quantity } from "./chart/load_history.ts";
import { nextPeriod, periodAt, type PeriodName, PERIODS, today } from "./chart/period.ts";
import { useHistory } from "./chart/use_history.ts";
import { attempt, saveFile, Segmented } from "./inputs.tsx";
import { Card, Empty, LoadState } from "./parts.tsx";

const t = messages(CHARTS);
const DAY = 86_400_000;

/** The choice that the address keeps: the period, a day in it or its ends, and the quantity. */
interface Choice {
  period: PeriodName;
  day: string;
  range: Range;
  quantity: Quantity;
}

/** Shows a charger's chart, with all that can be chosen. */
export function ChargerHistory({ charger: { charger_id } }: { charger: ChargerView }) {
  const [choice, choose] = useChoice();
  const { period, range, quantity } = choice;
  const { data, at: loaded, loading, error } = useHistory({ charger_id, quantity, range });
  const empty = data && data.series.every(({ values }) => values.every((value) => typeof value !== "number"));
  return (
    <Card>
      <div class="stack">
        <Bar choice={choice} choose={choose} charger_id={charger_id} />
        {data && empty && <Empty icon="events">{t("none")}</Empty>}
        {data && !empty && (
          <Chart
            title={t(quantity)}
            data={data}
            range={range}
            now={loaded}
            zoom={(chosen) => choose({ period: "custom", range: chosen })}
            reset={() => choose({ period: "day" })}
          />
        )}
        <LoadState loading={loading && !data} error={error} />
        <p class="hint no-print">{t(period === "custom" ? "zoomed" : "zoom")}</p>
      </div>
    </Card>
  );
}

/** Shows a charger's power of the last 24 hours. */
export function LastDay({ charger: { charger_id } }: { charger: ChargerView }) {
  const minute = Math.floor(now.value / 300_000) * 300_000 + 300_000;
  const range = { from: minute - DAY, to: minute };
  const { data, at: loaded, loading, error } = useHistory({ charger_id, quantity: "power", range });
  return (
    <Card title={t("last_day")}>
      {data && <Chart title={t("power")} data={data} range={range} now={loaded} height={200} />}
      <LoadState loading={loading && !data} error={error} />
    </Card>
  );
}

interface BarProps {
  choice: Choice;
  choose: (change: Partial<Choice>) => void;
  charger_id: string;
}

function Bar({ choice, choose, charger_id }: BarProps) {
  const { period, quantity, range } = choice;
  const names = Object.keys(QUANTITIES) as Quantity[];
  return (
    <>
      <div class="row between no-print chart-bar">
        <Segmented
          value={period}
          set={(name) => choose({ period: name })}
          options={PERIODS.map((name) => [name, t(name)] as const)}
        />
        <div class="row">
          <select
            aria-label={t("quantity")}
            value={quantity}
            onChange={(event) => choose({ quantity: event.currentTarget.value as Quantity })}
          >
            {names.map((name) => <option key={name} value={name}>{t(name)}</option>)}
          </select>
          {QUANTITIES[quantity][0] && (
            <button
              type="button"
              class="btn small"
              aria-label={t("csv")}
              onClick={() => void attempt(() => saveReadings(charger_id, quantity, range))}
            >
              <Icon name="download" size={16} /> CSV
            </button>
          )}
        </div>
      </div>
      <div class="row chart-when">
        {period === "custom"
          ? <Ends range={range} choose={choose} />
          : <Steps choice={choice} choose={choose} />}
      </div>
    </>
  );
}

function Steps({ choice: { period, day, range }, choose }: Pick<BarProps, "choice" | "choose">) {
  if (period === "custom") return null;
  const step = (by: 1 | -1) => () => choose({ day: nextPeriod(period, day, by) });
  const present = range.to > now.value;
  return (
    <>
      <button type="button" class="btn small no-print" aria-label={t("earlier")} onClick={step(-1)}>
        <Icon name="left" size={16} />
      </button>
      <b data-testid="chart-range">{rangeText(range, true)}</b>
      <button
        type="button"
        class="btn small no-print"
        aria-label={t("later")}
        disabled={present}
        onClick={step(1)}
      >
        <Icon name="right" size={16} />
      </button>
      {!present && (
        <button
          type="button"
          class="btn small no-print"
          onClick={() => choose({ day: today(now.value) })}
        >
          {t("today")}
        </button>
      )}
    </>
  );
}

function Ends({ range, choose }: { range: Range; choose: BarProps["choose"] }) {
  const set = (end: "from" | "to") => (event: { currentTarget: HTMLInputElement }) => {
    const chosen = Date.parse(toIso(event.currentTarget.value) ?? "");
    const changed = { ...range, [end]: chosen };
    if (changed.from < changed.to) choose({ period: "custom", range: changed });
  };
  return (
    <>
      <input type="datetime-local" aria-label={t("from")} value={wallAt(range.from)} onChange={set("from")} />
      <span aria-hidden="true">–</span>
      <input type="datetime-local" aria-label={t("to")} value={wallAt(range.to)} onChange={set("to")} />
    </>
  );
}

/** Returns the range that the address names. */
export function useChartRange(): Range {
  return useChoice()[0].range;
}

/** Reads the choice from the address, and returns what changes it there. */
function useChoice(): [Choice, (change: Partial<Choice>) => void] {
  const { query, path, route } = useLocation();
  const period = PERIODS.find((name) => name === query.period) ?? "day";
  const day = /^\d{4}-\d\d-\d\d$/.test(query.day ?? "") ? query.day! : today(now.value);
  const range = period === "custom" ? typedRange(query.from, query.to) : periodAt(period, day);
  const usual = period === "day" || period === "custom" ? "power" : "energy";
  const quantity = query.show && query.show in QUANTITIES ? query.show as Quantity : usual;
  const choose = (change: Partial<Choice>) => {
    const chosen = { period, day, range, ...change };
    const show = change.quantity ?? query.show;
    const when = chosen.period === "custom" ? isoOf(chosen.range) : { day: chosen.day };
    const others = Object.entries(query).filter(([name]) =>
      !["period", "day", "from", "to", "show"].includes(name)
    );
    const asked = {
      ...Object.fromEntries(others),
      period: chosen.period,
      ...when,
      ...(show ? { show } : {}),
    };
    route(`${path}?${new URLSearchParams(asked)}`, true);
  };
  return [{ period, day, range, quantity }, choose];
}

/** Returns the range of an address; the last six hours where it has none. */
function typedRange(from = "", to = ""): Range {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const minute = Math.ceil(now.value / 60_000) * 60_000;
  return start < end ? { from: start, to: end } : { from: minute - DAY / 4, to: minute };
}

async function saveReadings(charger_id: string, quantity: Quantity, range: Range): Promise<void> {
  const query = { ...isoOf(range), measurand: QUANTITIES[quantity][0]!, format: "csv" } as const;
  const path = at("/ocpp/chargers/{charger_id}/readings/", { charger_id }, query);
  saveFile(`${charger_id}-${quantity}.csv`, await (await fetch(path, { headers: authHeaders() })).blob());
}
