// A chart of curves or bars over a range of time, with a legend, and a table of the same as its text twin.
import { useEffect, useRef } from "preact/hooks";
import { messages } from "../../i18n.ts";
import { theme } from "../../theme.ts";
import { CHARTS } from "../../../i18n/admin/charts.ts";
import type { ChartData, Range } from "./chart_data.ts";
import { ChartTable } from "./chart_table.tsx";
import { momentText, rangeText, valueText } from "./chart_text.ts";
import { draw, type Plot } from "./plot.ts";

const t = messages(CHARTS);

/** The height of the curves, CSS pixels. */
const HEIGHT = 300;

interface ChartProps {
  title: string;
  data: ChartData;
  range: Range;
  /** ms since 1970. */
  now: number;
  /** CSS pixels, without what is above the curves. */
  height?: number;
  /** Without the table, where there is one close by. */
  bare?: boolean;
  /** Somebody has dragged or pinched another range. */
  zoom?: (range: Range) => void;
  /** Somebody has clicked twice, to see all again. */
  reset?: () => void;
}

/** Shows a chart. The times are those of the site's zone. */
export function Chart(props: ChartProps) {
  const { title, data, range, bare } = props;
  return (
    <figure class="chart-figure">
      <figcaption class="sr">{summaryOf(title, data, range)}</figcaption>
      <Canvas {...props} />
      <Legend data={data} />
      {!bare && <ChartTable title={title} data={data} range={range} />}
    </figure>
  );
}

/** The curves themselves. */
function Canvas({ data, range, now, height = HEIGHT, zoom, reset }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const handlers = useRef({ zoom, reset });
  handlers.current = { zoom, reset };
  const content = useRef({ data, range, now });
  content.current = { data, range, now };
  useEffect(() => {
    plot.current = draw(place.current!, content.current, {
      height,
      zoom: (chosen) => handlers.current.zoom?.(chosen),
      reset: () => handlers.current.reset?.(),
    });
    return () => plot.current?.remove();
  }, [theme.value, height]);
  useEffect(() => {
    plot.current?.update(content.current);
  }, [data, range.from, range.to, now]);
  return (
    <div
      class="chart"
      ref={place}
      data-testid="chart"
      style={{ minHeight: `${height}px` }}
      aria-hidden="true"
    >
    </div>
  );
}

/** The names of the series; a single one needs none. */
function Legend({ data: { series } }: { data: ChartData }) {
  if (series.length < 2) return null;
  return (
    <ul class="chart-legend" aria-hidden="true">
      {series.map(({ label, kind, colour }) => (
        <li key={`${kind} ${label}`} class={`series-${colour % 6} ${kind}`}>{label}</li>
      ))}
    </ul>
  );
}

/** Returns the chart in a sentence: what, when, and the greatest value. */
function summaryOf(title: string, { series, unit, times }: ChartData, range: Range): string {
  const when = rangeText(range, (range.to - range.from) % 3_600_000 === 0);
  let best: [value: number, index: number] | null = null;
  for (const { values, high, kind } of series) {
    if (kind === "limit") continue;
    for (const [index, value] of (high ?? values).entries()) {
      if (typeof value === "number" && (!best || value > best[0])) best = [value, index];
    }
  }
  if (!best) return t("summary_none", { title, when });
  const bars = series[0]?.kind === "bars";
  return t("summary", {
    title,
    when,
    most: valueText(best[0], unit),
    at: momentText(times[best[1]]!, range, bars),
  });
}
