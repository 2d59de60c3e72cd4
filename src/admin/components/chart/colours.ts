// The colours of charts.

/** The custom properties of the series' colours, by `ChartSeries.colour`. */
export const TONES = ["--blue", "--green", "--violet", "--amber", "--pink", "--red"];

/** Returns a colour with so many percent of itself. */
export function faded(colour: string, percent: number): string {
  return `color-mix(in srgb, ${colour} ${percent}%, transparent)`;
}

/** Returns the computed values of colours: a canvas knows no custom properties. */
export function colours(place: HTMLElement): (name: string) => string {
  const probe = document.createElement("i");
  probe.hidden = true;
  place.append(probe);
  const known = new Map<string, string>();
  return (name) => {
    if (!known.has(name)) {
      probe.style.color = `var(${name})`;
      known.set(name, getComputedStyle(probe).color);
    }
    return known.get(name)!;
  };
}
