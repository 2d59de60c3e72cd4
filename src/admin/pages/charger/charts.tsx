// The tab with charts of readings.
import { useEffect, useRef, useState } from "preact/hooks";
import type { AnswerAt } from "../../../http/client_types.ts";
import { at, authHeaders, get } from "../../api.ts";
import { attempt, saveFile, Segmented } from "../../components/inputs.tsx";
import { Card, Empty, LoadState, useLoad } from "../../components/parts.tsx";
import { Icon } from "../../icons.tsx";
import { messages } from "../../i18n.ts";
import { generation } from "../../live.ts";
import { theme } from "../../theme.ts";
import type { ChargerView, Reading } from "../../types.ts";
import { CHARTS } from "../../../i18n/admin/charts.ts";
import { type Curves, curvesOf } from "./curves.ts";

const t = messages(CHARTS);

const SPANS = { hour: 1, hours6: 6, day: 24, week: 168 } as const;
type Span = keyof typeof SPANS;

const MEASURANDS = [
  "Power.Active.Import",
  "Energy.Active.Import.Register",
  "Current.Import",
  "Voltage",
  "SoC",
  "Temperature",
  "Current.Offered",
  "Power.Offered",
];
const MOST = 20_000;

type Page = AnswerAt<"GET", "/ocpp/chargers/{charger_id}/readings/">;

/** Shows the charts. */
export function Charts({ charger: { charger_id } }: { charger: ChargerView }) {
  const [span, setSpan] = useState<Span>("hour");
  const [measurand, setMeasurand] = useState(MEASURANDS[0]!);
  const path = "/ocpp/chargers/{charger_id}/readings/";
  const query = () => ({
    from: new Date(Date.now() - SPANS[span] * 3_600_000).toISOString(),
    measurand,
  });
  const { value, loading, error } = useLoad(() => load(charger_id, query()), [
    charger_id,
    span,
    measurand,
    generation.value,
  ]);
  const csv = async () => {
    const answer = await fetch(at(path, { charger_id }, { ...query(), format: "csv" }), {
      headers: authHeaders(),
    });
    saveFile(`${charger_id}-${measurand}.csv`, await answer.blob());
  };
  return (
    <Card>
      <div class="stack">
        <div class="row between">
          <Segmented
            value={span}
            set={setSpan}
            options={(Object.keys(SPANS) as Span[]).map((name) => [name, t(name)] as const)}
          />
          <div class="row">
            <select
              aria-label={t("measurand")}
              value={measurand}
              onChange={(event) => setMeasurand(event.currentTarget.value)}
            >
              {MEASURANDS.map((name) => <option key={name}>{name}</option>)}
            </select>
            <button type="button" class="btn small" onClick={() => void attempt(csv)}>
              <Icon name="download" size={16} /> {t("csv")}
            </button>
          </div>
        </div>
        <LoadState loading={loading} error={error} />
        {value &&
          (value.data[0]!.length === 0 ? <Empty icon="events">{t("none")}</Empty> : <Plot curves={value} />)}
        {value && value.readings >= MOST && <p class="hint">{t("thinned", { n: MOST })}</p>}
        <p class="hint">{t("zoom")}</p>
      </div>
    </Card>
  );
}

async function load(charger_id: string, query: { from: string; measurand: string }): Promise<Curves> {
  const readings: Reading[] = [];
  let cursor: string | null = "";
  do {
    const asked = { ...query, limit: 1000, cursor };
    const page: Page = await get(at("/ocpp/chargers/{charger_id}/readings/", { charger_id }, asked));
    readings.push(...page.readings);
    cursor = page.next;
  } while (cursor !== null && readings.length < MOST);
  return curvesOf(readings);
}

/** Draws the curves; uPlot is loaded with the first chart. */
function Plot({ curves }: { curves: Curves }) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = theme.value;
  useEffect(() => {
    let remove = () => {};
    let wanted = true;
    void import("../../components/plot.ts").then(({ draw }) => {
      if (wanted && place.current) remove = draw(place.current, curves, (n) => t("connector", { n }));
    });
    return () => {
      wanted = false;
      remove();
    };
  }, [curves, scheme]);
  return <div class="chart" ref={place} data-testid="chart"></div>;
}
