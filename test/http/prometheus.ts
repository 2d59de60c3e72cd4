// A strict reader of Prometheus' text format 0.0.4: it throws at whatever a scraper might not take.

/** One family of figures. */
export interface Family {
  name: string;
  type: string;
  help: string;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;
const VALUE = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]Inf)$/;
const TYPES = ["counter", "gauge", "histogram", "summary", "untyped"];
const ENDINGS: Record<string, string[]> = {
  histogram: ["_bucket", "_sum", "_count"],
  summary: ["", "_sum", "_count"],
};

/** Reads all families, by name. Throws Error with the line that is wrong. */
export function readPrometheus(text: string): Map<string, Family> {
  if (!text.endsWith("\n")) throw new Error("The last line has no end");
  const families = new Map<string, Family>();
  let family: Family | null = null;
  for (const line of text.slice(0, -1).split("\n")) {
    family = take(line, family, families);
  }
  for (const each of families.values()) check(each);
  return families;
}

function take(line: string, family: Family | null, families: Map<string, Family>): Family {
  const [, word, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
  if (word === "HELP") return begun(name, rest, families, line);
  if (!family) throw wrong(line, "no family has begun");
  if (word === "TYPE") return typed(family, name, rest, line);
  if (line.startsWith("#")) throw wrong(line, "a comment that is none of ours");
  family.samples.push(sampleOf(line, family));
  return family;
}

function begun(name: string, help: string, families: Map<string, Family>, line: string): Family {
  if (!NAME.test(name) || help === "") throw wrong(line, "no name or no help");
  if (families.has(name)) throw wrong(line, "the family is there twice");
  const family = { name, type: "", help, samples: [] };
  families.set(name, family);
  return family;
}

function typed(family: Family, name: string, type: string, line: string): Family {
  if (name !== family.name || family.type !== "" || family.samples.length > 0) {
    throw wrong(line, "TYPE is misplaced");
  }
  if (!TYPES.includes(type)) throw wrong(line, "there is no such type");
  family.type = type;
  return family;
}

function sampleOf(line: string, family: Family): Family["samples"][number] {
  const match = SAMPLE.exec(line);
  if (!match || !VALUE.test(match[3]!)) throw wrong(line, "no sample");
  const names = (ENDINGS[family.type] ?? [""]).map((ending) => family.name + ending);
  if (!names.includes(match[1]!)) throw wrong(line, `not of the family ${family.name}`);
  const value = Number(match[3]!.replace("Inf", "Infinity"));
  return { name: match[1]!, labels: match[2] === undefined ? {} : labelsOf(match[2], line), value };
}

function labelsOf(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (LABEL.lastIndex = 0; LABEL.lastIndex < text.length;) {
    const match = LABEL.exec(text);
    if (!match) throw wrong(line, "damaged labels");
    if (Object.hasOwn(labels, match[1]!)) throw wrong(line, `${match[1]} is there twice`);
    labels[match[1]!] = match[2]!.replaceAll(/\\(.)/g, (_, char) => char === "n" ? "\n" : char);
  }
  return labels;
}

function check(family: Family): void {
  const { name, type, samples } = family;
  if (type === "") throw new Error(`${name} has no TYPE`);
  const series = samples.map((sample) => sample.name + JSON.stringify(Object.entries(sample.labels).sort()));
  if (new Set(series).size !== series.length) throw new Error(`${name} has a series twice`);
  if (type === "counter" && (!name.endsWith("_total") || samples.some(({ value }) => !(value >= 0)))) {
    throw new Error(`${name} is no counter`);
  }
  if (type === "histogram") checkHistogram(family);
}

/** Buckets grow, end with +Inf, and that is the count. */
function checkHistogram({ name, samples }: Family): void {
  const groups = Map.groupBy(samples, ({ labels: { le: _le, ...rest } }) => JSON.stringify(rest));
  for (const [labels, group] of groups) {
    const of = (ending: string) => group.filter((sample) => sample.name === name + ending);
    const buckets = of("_bucket").map((
      { labels: { le }, value },
    ) => [Number(le!.replace("Inf", "Infinity")), value]);
    const grows = buckets.every(([le, value], index) =>
      index === 0 || (le! > buckets[index - 1]![0]! && value! >= buckets[index - 1]![1]!)
    );
    const last = buckets.at(-1);
    if (!grows || last?.[0] !== Infinity || last[1] !== of("_count")[0]?.value || of("_sum").length !== 1) {
      throw new Error(`${name}${labels} is no histogram`);
    }
  }
}

function wrong(line: string, what: string): Error {
  return new Error(`${what}: ${line}`);
}
