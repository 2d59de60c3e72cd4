// Draws charts by uPlot. Loaded when a page shows one.
import uPlot from "uplot";
import { siteZone } from "../../zone.ts";
import { boundsOf, xAxis, yAxis } from "./axes.ts";
import type { ChartData, ChartSeries, PlotContent, Range } from "./chart_data.ts";
import { colours, faded, TONES } from "./colours.ts";
import { bindGestures } from "./gestures.ts";
import { drawLanes, lanesHeight } from "./lanes.ts";
import { tooltip } from "./tooltip.ts";

/** The chart's element and callbacks. */
export interface PlotOptions {
  height: number;
  /** Somebody has dragged or pinched another range. */
  zoom: (range: Range) => void;
  /** Somebody has clicked twice. */
  reset: () => void;
}

/** A drawn chart. */
export interface Plot {
  /** Draws other data; true if the chart could take them, else it must be drawn anew. */
  update: (content: PlotContent) => boolean;
  remove: () => void;
}

/** Draws a chart that follows its element's width. */
export function draw(place: HTMLElement, first: PlotContent, options: PlotOptions): Plot {
  const state = { ...first, view: { ...first.range } };
  const colour = colours(place);
  const height = options.height + lanesHeight(first.data);
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height,
      padding: [10 + lanesHeight(first.data), 24, 0, 0],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), siteZone()),
      legend: { show: false },
      cursor: {
        drag: { x: true, y: false, setScale: false },
        points: { size: 8 },
        y: false,
        bind: { dblclick: () => () => (options.reset(), null) },
      },
      scales: {
        x: { range: () => [state.view.from / 1000, state.view.to / 1000] },
        y: { range: (_, low, high) => boundsOf(state.data.unit, low, high) },
      },
      axes: [xAxis(() => state, colour), yAxis(() => state, colour)],
      ...seriesOf(first.data, colour),
      hooks: {
        drawClear: [(u) => drawLanes(u, state, colour)],
        setSelect: [(u) => {
          if (u.select.width < 8) return;
          const [from, to] = [u.select.left, u.select.left + u.select.width].map((x) =>
            u.posToVal(x, "x") * 1000
          );
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          options.zoom({ from: Math.round(from!), to: Math.round(to!) });
        }],
      },
      plugins: [tooltip(() => state, (name) => colour(name))],
    },
    alignedOf(first.data),
    place,
  );
  const release = bindGestures(plot, state, options.zoom);
  const watch = new ResizeObserver(() =>
    place.clientWidth > 0 && plot.setSize({ width: place.clientWidth, height })
  );
  watch.observe(place);
  return {
    update(content) {
      if (shapeOf(content.data) !== shapeOf(state.data)) return false;
      Object.assign(state, content, { view: { ...content.range } });
      plot.setData(alignedOf(content.data));
      return true;
    },
    remove() {
      release();
      watch.disconnect();
      plot.destroy();
    },
  };
}

/** Returns what must be the same for new data to fit into a drawn chart. */
function shapeOf(data: ChartData): string {
  const series = data.series.map(({ label, kind, low }) => [label, kind, low !== undefined]);
  return JSON.stringify([data.unit, lanesHeight(data), series]);
}

/** Returns times, then of each series its values, and its bounds where it has some. */
function alignedOf({ times, series }: ChartData): uPlot.AlignedData {
  const columns = series.flatMap(({ values, low, high }) => low ? [values, low, high!] : [values]);
  return [times.map((at) => at / 1000), ...columns] as uPlot.AlignedData;
}

function seriesOf(
  { series }: ChartData,
  colour: (name: string) => string,
): Pick<uPlot.Options, "series" | "bands"> {
  const bands: uPlot.Band[] = [];
  const drawn: uPlot.Series[] = [{}];
  for (const one of series) {
    const stroke = colour(TONES[one.colour % TONES.length]!);
    drawn.push(styleOf(one, stroke, series.filter(({ kind }) => kind === "line").length === 1));
    if (!one.low) continue;
    bands.push({ series: [drawn.length + 1, drawn.length], fill: faded(stroke, 22) });
    drawn.push({ stroke: "transparent", width: 0, points: { show: false } });
    drawn.push({ stroke: "transparent", width: 0, points: { show: false } });
  }
  return { series: drawn, bands };
}

function styleOf({ kind }: ChartSeries, stroke: string, alone: boolean): uPlot.Series {
  if (kind === "bars") {
    const paths = uPlot.paths.bars!({ size: [0.72, 44, 1], radius: 0.18 });
    return { stroke, fill: faded(stroke, 78), width: 0, points: { show: false }, paths };
  }
  if (kind === "limit") {
    return {
      stroke,
      width: 1.5,
      dash: [6, 4],
      points: { show: false },
      paths: uPlot.paths.stepped!({ align: 1 }),
    };
  }
  return { stroke, width: 2, ...(alone ? { fill: faded(stroke, 12) } : {}) };
}
