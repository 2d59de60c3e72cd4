// The CSS in an SVG: declarations from a list, and nothing in them that could load anything.

/** A reference to another part of the same picture: by which property, to which id. */
export type Reference = [property: string, id: string];

/** What is left of some CSS, and what it refers to. */
export interface CleanCss {
  css: string;
  references: Reference[];
}

/** Properties that are kept, as attributes and in CSS. */
export const PROPERTIES: ReadonlySet<string> = new Set(
  ("alignment-baseline baseline-shift clip-path clip-rule color color-interpolation color-interpolation-filters " +
    "display dominant-baseline fill fill-opacity fill-rule filter flood-color flood-opacity font font-family " +
    "font-size font-stretch font-style font-variant font-weight image-rendering isolation letter-spacing " +
    "line-height marker marker-end marker-mid marker-start mask mask-type mix-blend-mode opacity overflow " +
    "paint-order shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap " +
    "stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration text-rendering " +
    "transform transform-box transform-origin vector-effect visibility white-space word-spacing writing-mode")
    .split(" "),
);

const FUNCTIONS = new Set(
  "|rgb|rgba|hsl|hsla|calc|matrix|translate|translatex|translatey|scale|scalex|scaley|rotate|skewx|skewy"
    .split("|"),
);
/** `url(#id)`, with or without quotation marks. */
const LOCAL_URL = /\burl\(\s*(["']?)#([^\s"'()\\<>]+)\1\s*\)/gi;
const STRING = /"[^"\n]*"|'[^'\n]*'/g;
const LONGEST_FUNCTION = 20;
/** References of one rule, and of one class. */
const MAX_REFERENCES = 20;

/**
 * What an attribute or a declaration refers to; null: it must not be kept. By its letters alone, so that no reading of
 * them can load anything: no escapes, no functions but those of a list, no at-words.
 */
export function referencesIn(property: string, value: string): Reference[] | null {
  if (/[\\@]|\/\*/.test(value)) return null;
  if (!value.includes("(")) return [];
  const references: Reference[] = [];
  const rest = value.replace(LOCAL_URL, (_all, _quote, id) => {
    references.push([property, id]);
    return " ";
  });
  for (let at = rest.indexOf("("); at >= 0; at = rest.indexOf("(", at + 1)) {
    const name = rest.slice(Math.max(0, at - LONGEST_FUNCTION), at).split(/[\s(),:;+*/"'-]/).at(-1)!;
    if (!FUNCTIONS.has(name.toLowerCase())) return null;
  }
  return references;
}

/** The declarations of a `style` attribute or a rule that may stay. */
export function cleanDeclarations(text: string, may_refer = true): CleanCss {
  const kept: string[] = [];
  const references: Reference[] = [];
  for (const declaration of withoutComments(text).split(";")) {
    const colon = declaration.indexOf(":");
    const property = declaration.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const value = declaration.slice(colon + 1).trim();
    if (!PROPERTIES.has(property) || /[{}<>]/.test(value) || /["']/.test(value.replace(STRING, ""))) continue;
    const found = referencesIn(property, value);
    if (!found || references.length + found.length > (may_refer ? MAX_REFERENCES : 0)) continue;
    kept.push(`${property}:${value}`);
    references.push(...found);
  }
  return { css: kept.join(";"), references };
}

/** What is left of a style sheet: rules of plain selectors, no at-rules. Notes in `classes` what each class refers to. */
export function cleanSheet(text: string, classes: Map<string, Reference[]>): string {
  const rules: string[] = [];
  let nested = 0; // blocks that are open around a rule that is left out
  for (const piece of withoutComments(text).replaceAll(/<!--|-->|@[^{};@]*;/g, " ").split("}")) {
    const [selectors = "", body, ...more] = piece.split("{");
    const inside = nested > 0;
    nested = Math.max(0, nested + (body === undefined ? 0 : 1) + more.length - 1);
    if (!inside && body !== undefined && more.length === 0) {
      rules.push(cleanRule(selectors.trim(), body, classes));
    }
  }
  return rules.filter((rule) => rule !== "").join("\n");
}

function cleanRule(selectors: string, body: string, classes: Map<string, Reference[]>): string {
  if (!/^[\p{L}\p{N}_\s.#,>*+~:-]+$/u.test(selectors)) return "";
  const names = selectors.split(",").map((one) => /^\.([\p{L}\p{N}_-]+)$/u.exec(one.trim())?.[1]);
  const may_refer = names.every((name) => name && (classes.get(name)?.length ?? 0) < MAX_REFERENCES);
  const { css, references } = cleanDeclarations(body, may_refer);
  for (const name of references.length > 0 ? names as string[] : []) {
    if (!classes.has(name)) classes.set(name, []);
    classes.get(name)!.push(...references);
  }
  return css && `${selectors}{${css}}`;
}

/** What is left open at the end reaches to the end. */
function withoutComments(text: string): string {
  const [first = "", ...more] = text.split("/*");
  return first +
    more.map((part) => part.includes("*/") ? ` ${part.slice(part.indexOf("*/") + 2)}` : "").join("");
}
