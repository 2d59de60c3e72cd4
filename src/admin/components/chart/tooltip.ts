// The box at the pointer: all values of a time, the session, the state and events.
import { kwh } from "../../format.ts";
import type { ChartSeries, PlotContent, Value } from "./chart_data.ts";
import { momentText, valueText } from "./chart_text.ts";
import { TONES } from "./colours.ts";

/** Returns the lines of the box. `index`: of the time that is nearest to the pointer; `pointed`: the pointer's own. */
export function linesAt(
  { data, range }: PlotContent,
  index: number,
  { pointed, colour }: { pointed: number; colour: (name: string) => string },
): HTMLElement[] {
  const bars = data.series[0]?.kind === "bars";
  const sessions = data.sessions.filter(({ from, to }) => pointed >= from && pointed < to);
  const near = (range.to - range.from) / 120;
  const marks = (data.marks ?? []).filter(({ at }) => Math.abs(at - pointed) < near).slice(0, 3);
  const lane = data.states.find(({ from, to }) => pointed >= from && pointed < to);
  return [
    element("b", momentText(data.times[index]!, range, bars)),
    ...data.series.filter(({ kind, values }) => kind !== "limit" || nearest(values, index) != null).map(
      (series) => {
        const line = element("div", textOf(series, index, data.unit));
        const key = document.createElement("i");
        key.style.background = colour(TONES[series.colour % TONES.length]!);
        if (series.kind === "limit") key.className = "dashed";
        line.prepend(key, `${series.label} `);
        return line;
      },
    ),
    ...sessions.map(({ label, energy_wh }) => element("div", `${label} · ${kwh(energy_wh)}`)),
    ...lane && lane.tone !== "green" ? [element("div", lane.label)] : [],
    ...marks.map(({ label }) => element("div", `◆ ${label}`)),
  ];
}

/** Returns a value with the least and the greatest it stands for, where these differ. */
function textOf({ values, low, high }: ChartSeries, index: number, unit: string): string {
  const value = valueText(nearest(values, index), unit);
  const [least, most] = [low?.[index], high?.[index]];
  if (typeof least !== "number" || typeof most !== "number") return value;
  const [from, to] = [valueText(least, unit), valueText(most, unit)];
  return from === to ? value : `${value} (${from} – ${to})`;
}

/** Returns the value of a time, or the one before it that goes on. */
export function nearest(values: readonly Value[], index: number): Value {
  let at = index;
  while (at > 0 && values[at] === undefined) at--;
  return values[at];
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.append(text);
  return made;
}
