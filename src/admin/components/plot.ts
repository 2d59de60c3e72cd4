// Charts by uPlot. Loaded when a page shows one.
import uPlot from "uplot";
import { siteZone } from "../zone.ts";
import type { Curves } from "../pages/charger/curves.ts";

const TONES = ["--blue", "--green", "--violet", "--amber", "--pink", "--red"];

/** Draws a chart that follows its element's width; returns a function that removes it. */
export function draw(
  place: HTMLElement,
  { data, series }: Curves,
  connectorName: (n: number) => string,
): () => void {
  const colour = colours(place);
  const axis = {
    stroke: colour("--soft"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line") },
    font: "12px Geist",
  };
  const zone = siteZone();
  const many = series.length > 1;
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: 320,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
      cursor: { drag: { x: true, y: false } },
      series: [
        {},
        ...series.map(({ connector_id, phase, unit }, index) => ({
          label: [many ? connectorName(connector_id) : "", phase, unit].filter(Boolean).join(" "),
          stroke: colour(TONES[index % TONES.length]!),
          width: 2,
          spanGaps: true,
          ...(many ? {} : { fill: `color-mix(in srgb, ${colour(TONES[0]!)} 14%, transparent)` }),
        })),
      ],
      axes: [axis, { ...axis, size: 64 }],
    },
    data as uPlot.AlignedData,
    place,
  );
  const watch = new ResizeObserver(() =>
    place.clientWidth > 0 && plot.setSize({ width: place.clientWidth, height: 320 })
  );
  watch.observe(place);
  return () => {
    watch.disconnect();
    plot.destroy();
  };
}

/** Returns the computed values of colours: a canvas knows no custom properties. */
function colours(place: HTMLElement): (name: string) => string {
  const probe = document.createElement("i");
  place.append(probe);
  return (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
}
