// Templates of frames: most MeterValues.req of a charger differ from its last in a few words only. A text that fits a
// template is read by comparing it, without JSON.parse and without the schema check, which the template's own text has
// passed; any other text takes the usual way. Nothing that is returned is used again.
import { type Frame, readFrame } from "./frame.ts";
import { isUsualTime } from "./time.ts";

/** A word that may differ: a time or any string without escapes, or an integer of at most nine digits. */
export type Gap = "time" | "string" | "integer";

/** The gaps of a message by path, with `*` for each index, such as `meterValue.*.timestamp`. */
export type Gaps = Readonly<Record<string, Gap>>;

type Words = (string | number)[];
type Builder = (words: Words) => unknown;

const QUOTE = '"';
const MAX_WORD = 255;
const MAX_DIGITS = 9;
const MAX_SKIP = 255;
const [SPACE, TILDE, QUOTE_CODE, BACKSLASH, ZERO, NINE] = [32, 126, 34, 92, 48, 57];

/** A text with gaps, of a CALL that was valid. */
export class FrameTemplate {
  readonly #segments: readonly string[];
  readonly #gaps: readonly Gap[];
  readonly #action: string;
  readonly #build: Builder;

  constructor(segments: readonly string[], gaps: readonly Gap[], call: { action: string; build: Builder }) {
    this.#segments = segments;
    this.#gaps = gaps;
    this.#action = call.action;
    this.#build = call.build;
  }

  /** Reads a text into the CALL that `readFrame` would return for it; null if it does not fit. Hot path. */
  read(text: string): Frame & { type: "call" } | null {
    const words: Words = [];
    let at = 0;
    for (let index = 0; index < this.#gaps.length; index++) {
      const begin = at + this.#segments[index]!.length;
      if (text.slice(at, begin) !== this.#segments[index]) return null; // much faster than startsWith
      const gap = this.#gaps[index]!;
      const end = gap === "integer" ? endOfDigits(text, begin) : text.indexOf(QUOTE, begin);
      const word = text.slice(begin, end);
      if (end < 0 || !fits(word, gap)) return null;
      words.push(gap === "integer" ? Number(word) : word);
      at = end;
    }
    if (text.slice(at) !== this.#segments.at(-1)) return null;
    const id = copied(words[0] as string);
    return { type: "call", id, action: this.#action, payload: this.#build(words), valid: true };
  }
}

/** The templates of all connections: chargers of one model share them. */
export class FrameTemplates {
  readonly #known = new Map<string, FrameTemplate>();
  readonly #max: number;

  constructor(max = 256) {
    this.#max = max;
  }

  /** Returns the template of a valid CALL's text; null for a text with white space or escapes that JSON does not need. */
  of(text: string, gaps: Gaps): FrameTemplate | null {
    const frame = readFrame(text);
    if (frame?.type !== "call") return null;
    const { id, action, payload } = frame;
    if (typeof id !== "string" || JSON.stringify([2, id, action, payload]) !== text) return null;
    const found = new Found(gaps);
    const build = found.builder(payload, []);
    const segments = found.segments(action, payload);
    if (segments.length !== found.kinds.length + 1) return null; // its own words look like marks
    const key = segments.join("\0");
    const known = this.#known.get(key);
    if (known) return known;
    if (this.#known.size >= this.#max) this.#known.clear();
    const template = new FrameTemplate(segments, found.kinds, { action, build });
    this.#known.set(key, template);
    return template;
  }
}

/** The two newest templates of a connection, such as those of its samples in a session and outside one. */
export class RecentTemplates {
  readonly #all: FrameTemplates;
  #recent: FrameTemplate[] = [];
  #skipped = 0;
  #skip = 0;

  constructor(all: FrameTemplates) {
    this.#all = all;
  }

  /** Reads a text by one of them; null if it fits none. Hot path. */
  read(text: string): Frame & { type: "call" } | null {
    for (const template of this.#recent) {
      const frame = template.read(text);
      if (frame === null) continue;
      this.#skip = 0;
      return frame;
    }
    return null;
  }

  /** Learns from a valid CALL's text; ever more rarely while what is learned does not help. */
  learn(text: string, gaps: Gaps): void {
    if (this.#skipped++ < this.#skip) return;
    this.#skipped = 0;
    this.#skip = Math.min(2 * this.#skip + 1, MAX_SKIP);
    const template = this.#all.of(text, gaps);
    if (template) this.#recent = [template, ...this.#recent.slice(0, 1)];
  }
}

/** The gaps that were found in a payload, in the order of its text; the first is the frame's id. */
class Found {
  readonly kinds: Gap[] = ["string"];
  readonly #gaps: Gaps;

  constructor(gaps: Gaps) {
    this.#gaps = gaps;
  }

  /** Returns a function that makes the value anew from words. */
  builder(value: unknown, path: readonly string[]): Builder {
    const gap = this.#gaps[path.join(".")];
    if (gap && typeof value === (gap === "integer" ? "number" : "string")) {
      const place = this.kinds.push(gap) - 1;
      return (words) => words[place];
    }
    if (Array.isArray(value)) {
      const items = value.map((item) => this.builder(item, [...path, "*"]));
      return (words) => items.map((item) => item(words));
    }
    return typeof value === "object" && value !== null ? this.#objectBuilder(value, path) : () => value;
  }

  #objectBuilder(value: object, path: readonly string[]): Builder {
    const parts = Object.entries(value).map(([name, part]) =>
      [name, this.builder(part, [...path, name])] as const
    );
    const changing = parts.filter(([name]) => isNested(value, name) || this.#gaps[[...path, name].join(".")]);
    return (words) => {
      const made: Record<string, unknown> = { ...value };
      for (const [name, build] of changing) made[name] = build(words);
      return made;
    };
  }

  /** Returns the texts between the gaps of a CALL, made by writing marks into them. */
  segments(action: string, payload: unknown): string[] {
    const marks = this.kinds.map((_, index) => `\0${index}\0`);
    const build = new Found(this.#gaps).builder(payload, []);
    const text = JSON.stringify([2, marks[0], action, build(marks)]);
    const quoted = this.kinds.map((kind) => kind !== "integer");
    const parts = text.split(/("?)\\u0000\d+\\u0000\1/);
    const segments = parts.filter((_, index) => index % 2 === 0);
    return segments.map((segment, index) =>
      (index > 0 && quoted[index - 1] ? QUOTE : "") + segment + (quoted[index] ? QUOTE : "")
    );
  }
}

function isNested(value: object, name: string): boolean {
  return typeof (value as Record<string, unknown>)[name] === "object";
}

/** Returns a word apart from its text, which it would keep in memory as long as itself. */
function copied(word: string): string {
  return ` ${word}`.slice(1);
}

function fits(word: string, gap: Gap): boolean {
  if (gap === "time") return isUsualTime(word);
  if (gap === "integer") {
    return word !== "" && word.length <= MAX_DIGITS && (word.length === 1 || word.charCodeAt(0) !== ZERO);
  }
  return word !== "" && word.length <= MAX_WORD && isPlain(word);
}

/** Tells whether JSON writes a word as it is. */
function isPlain(word: string): boolean {
  for (let at = 0; at < word.length; at++) {
    const code = word.charCodeAt(at);
    if (code < SPACE || code > TILDE || code === BACKSLASH || code === QUOTE_CODE) return false;
  }
  return true;
}

function endOfDigits(text: string, from: number): number {
  let end = from;
  for (let code = text.charCodeAt(end); code >= ZERO && code <= NINE; code = text.charCodeAt(++end));
  return end;
}
