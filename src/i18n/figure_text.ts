// Figures of a commissioning in words: their names, units, yes and no, and times of a zone.

/** Units by the end of a figure's name. */
const UNITS: [end: string, unit: string][] = [
  ["_wh", "Wh"],
  ["_w", "W"],
  ["_a", "A"],
  ["_s", "s"],
  ["seconds", "s"],
  ["meter_start", "Wh"],
  ["meter_stop", "Wh"],
];

/** The language and zone of figures; `word` finds the words of a name or value. */
export interface FigureFormat {
  locale: string;
  /** A name in the tz database. */
  time_zone: string;
  word: (key: string) => string;
}

/** Returns a figure in words: `Energy: 1,250 Wh`. */
export function figureText(name: string, value: number | string, format: FigureFormat): string {
  return `${format.word(name)}: ${valueText(name, value, format)}`;
}

function valueText(name: string, value: number | string, { locale, time_zone, word }: FigureFormat): string {
  if (typeof value === "number") {
    const unit = UNITS.find(([end]) => name.endsWith(end))?.[1];
    const counted = name.endsWith("_id") || name === "security_profile";
    const shown = counted
      ? String(value)
      : new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value);
    return unit ? `${shown} ${unit}` : shown;
  }
  if (/^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value))) {
    return new Intl.DateTimeFormat(locale, {
      dateStyle: "medium",
      timeStyle: "medium",
      hourCycle: "h23",
      timeZone: time_zone,
    })
      .format(new Date(value));
  }
  return ["yes", "no", "none", "password", "certificate"].includes(value) ? word(value) : value;
}
