// An SVG as the gateway keeps it: written anew from what a list allows. Nothing of the original is copied unread.
import type { SaxesAttributeNS, SaxesTagNS } from "saxes";
import { HttpError } from "../http_error.ts";
import { MAX_PIXELS, noPicture, type PictureSize, rasterOf, saneSize } from "./picture.ts";
import { cleanDeclarations, cleanSheet, PROPERTIES, type Reference, referencesIn } from "./svg_css.ts";
import { checkWeight, Part } from "./svg_weight.ts";

/** A clean SVG and its size: the longer side counts 2,000, since it has no pixels. */
export interface CleanSvg extends PictureSize {
  text: string;
}

const SVG = "http://www.w3.org/2000/svg";
const XLINK = "http://www.w3.org/1999/xlink";
const XML = "http://www.w3.org/XML/1998/namespace";

const MAX_ELEMENTS = 200_000;
const MAX_DEPTH = 100;
const MAX_TEXT = 10_000_000;
const MAX_STYLES = 1_000_000;
const LONGER_SIDE = 2000;
const SLICE = 65_536;

const ELEMENTS = new Set(
  ("circle clipPath defs ellipse feBlend feColorMatrix feComposite feFlood feGaussianBlur feMerge feMergeNode " +
    "feOffset filter g image line linearGradient marker mask path pattern polygon polyline radialGradient rect stop " +
    "style svg symbol text textPath tspan use").split(" "),
);
/** What only holds others together. */
const GROUPS = new Set(["a", "switch"]);
const WITH_TEXT = new Set(["text", "textPath", "tspan"]);
const ATTRIBUTES = new Set([
  ...PROPERTIES,
  ...("class clipPathUnits cx cy d dx dy fr fx fy gradientTransform gradientUnits height id in in2 k1 k2 k3 k4 " +
    "lengthAdjust markerHeight markerUnits markerWidth maskContentUnits maskUnits mode offset operator orient " +
    "pathLength patternContentUnits patternTransform patternUnits points preserveAspectRatio primitiveUnits r refX refY " +
    "result rotate rx ry spreadMethod startOffset stdDeviation textLength transform type values viewBox width x x1 x2 " +
    "y y1 y2").split(" "),
]);
/** The outermost element's own: written from the picture's size. */
const FRAME = new Set(["viewBox", "width", "height", "x", "y", "preserveAspectRatio"]);

/** What is left of an SVG. Throws HttpError 400 that says why it can't be taken. */
export async function cleanSvg(bytes: Uint8Array): Promise<CleanSvg> {
  const text = decoded(bytes).trimStart();
  if (!text.startsWith("<")) throw noPicture();
  const { SaxesParser } = await import("saxes");
  const parser = new SaxesParser({ xmlns: true });
  const writer = new SvgWriter();
  parser.on("error", ({ message }) => {
    throw writer.begun ? refusal(`cannot be read: ${message.slice(0, 100).replace(/\.$/, "")}`) : noPicture();
  });
  parser.on("doctype", (doctype) => {
    if (doctype.includes("[")) throw refusal("declares entities, which are not allowed");
  });
  parser.on("opentag", (tag) => writer.open(tag));
  parser.on("closetag", () => writer.close());
  parser.on("text", (words) => writer.write(words));
  parser.on("cdata", (words) => writer.write(words));
  for (let at = 0; at < text.length; at += SLICE) {
    parser.write(text.slice(at, at + SLICE));
    await new Promise((resolve) => setTimeout(resolve)); // chargers do not wait for a large drawing
  }
  parser.close();
  return writer.finish();
}

/** An element that is open. */
interface Open {
  /** As it is written; null: it and all inside is left out. */
  name: string | null;
  part: Part;
  references: Reference[];
  classes: string[];
  /** Elements in it, itself among them. */
  inside: number;
  sheet: string[];
}

/** Writes what is allowed of the elements that it is told of. */
class SvgWriter {
  readonly #pieces: string[] = [];
  readonly #open: Open[] = [];
  readonly #root = new Part();
  readonly #deps = new Map<string, Part>();
  readonly #classes = new Map<string, Reference[]>();
  #size: PictureSize | null = null;
  #elements = 0;
  #pixels = 0;
  #length = 0;
  #styles = 0;

  /** Whether it has seen that this is an SVG. */
  get begun(): boolean {
    return this.#size !== null;
  }

  open(tag: SaxesTagNS): void {
    if (++this.#elements > MAX_ELEMENTS) throw refusal(`has more than ${MAX_ELEMENTS} elements`);
    if (this.#open.length >= MAX_DEPTH) throw refusal(`is nested deeper than ${MAX_DEPTH}`);
    const around = this.#open.at(-1);
    const name = around?.name === null || around?.name === "style" ? null : nameOf(tag);
    const part = around?.part ?? this.#root;
    const open: Open = { name, part, references: [], classes: [], inside: 1, sheet: [] };
    if (!around && name !== "svg") throw noPicture();
    this.#open.push(open);
    if (name === null) return;
    const frame = around ? null : frameOf(tag, this.#size = sizeOf(tag));
    const attributes = name === "style" ? new Map() : this.#attributes(tag, open, frame);
    open.part.elements++;
    this.#put(`<${name}${[...attributes].map(([key, value]) => ` ${key}="${escaped(value)}"`).join("")}>`);
  }

  /** Text, where it is shown; style sheets are cleaned when they are whole. */
  write(text: string): void {
    const open = this.#open.at(-1);
    if (open?.name === "style") this.#style(open, text);
    else if (open?.name && WITH_TEXT.has(open.name)) this.#put(escaped(text));
  }

  #style({ sheet }: Open, text: string): void {
    sheet.push(text);
    if ((this.#styles += text.length) > MAX_STYLES) {
      throw refusal(`has more than ${MAX_STYLES} characters of styles`);
    }
  }

  close(): void {
    const { name, part, references, classes, inside, sheet } = this.#open.pop()!;
    if (name === null) return;
    part.refer(references, inside);
    for (const one of classes) part.classes.push([one, inside]);
    const around = this.#open.at(-1);
    if (around) around.inside += inside;
    if (name === "style") this.#put(escaped(cleanSheet(sheet.join(""), this.#classes)));
    this.#put(`</${name}>`);
  }

  /** The whole picture. Throws HttpError 400 where drawing it would never end. */
  finish(): CleanSvg {
    checkWeight(this.#root, this.#deps, this.#classes);
    return { text: this.#pieces.join(""), ...this.#size! };
  }

  #put(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length > MAX_TEXT) throw refusal(`comes to more than ${MAX_TEXT} characters`);
  }

  #attributes(tag: SaxesTagNS, open: Open, frame: Map<string, string> | null): Map<string, string> {
    const kept = new Map(frame ?? []);
    for (const attribute of Object.values(tag.attributes)) {
      const { local, prefix } = attribute;
      const name = prefix === "xml" ? "xml:space" : local;
      if (frame && FRAME.has(local) || kept.has(name) && prefix !== "") continue;
      const value = this.#value(attribute, open);
      if (value) kept.set(name, value);
    }
    return kept;
  }

  /** What is kept of an attribute; empty: nothing. */
  #value({ local, uri, value }: SaxesAttributeNS, open: Open): string {
    if (local === "href" && (uri === "" || uri === XLINK)) return this.#link(value.trim(), open);
    if (uri === XML && local === "space") return value === "preserve" ? value : "";
    if (uri !== "") return "";
    if (local === "id") return this.#id(value, open);
    const { css, references } = local === "style"
      ? cleanDeclarations(value)
      : { css: value, references: ATTRIBUTES.has(local) ? referencesIn(local, value) : null };
    if (!references) return "";
    if (local === "class") open.classes.push(...value.split(/\s+/).slice(0, MAX_DEPTH));
    open.references.push(...references);
    return css;
  }

  /** A part begins where an id is; of two with one id the first counts, as in browsers. */
  #id(id: string, open: Open): string {
    if (/[\s"'()\\<>]/.test(id) || this.#deps.has(id)) return "";
    open.part.ids.push([id, 1]);
    open.part = new Part();
    this.#deps.set(id, open.part);
    return id;
  }

  /** Within the picture, or a picture with all its bytes. */
  #link(href: string, open: Open): string {
    const [, id] = /^#([^\s"'()\\<>]+)$/.exec(href) ?? [];
    if (id) open.references.push(["href", id]);
    if (id) return href;
    return open.name === "image" ? this.#embedded(href) : "";
  }

  #embedded(href: string): string {
    const [, data] = /^data:image\/(?:png|jpe?g|webp);base64,([A-Za-z0-9+/=\s]+)$/.exec(href) ?? [];
    const raster = data ? rasterOf(bytesOf(data)) : null;
    if (!raster) return "";
    this.#pixels += raster.width * raster.height;
    if (this.#pixels > MAX_PIXELS) throw refusal(`holds pictures of more than ${MAX_PIXELS} pixels`);
    return `data:image/${raster.ending};base64,${data!.replaceAll(/\s+/g, "")}`;
  }
}

function refusal(why: string): HttpError {
  return new HttpError(400, `The SVG ${why}`);
}

const BYTE_ORDER_MARKS = [["\xef\xbb\xbf", "utf-8"], ["\xff\xfe", "utf-16le"], [
  "\xfe\xff",
  "utf-16be",
]] as const;

/** Whatever the letters come in, they leave as UTF-8; empty: they can't be read. */
function decoded(bytes: Uint8Array): string {
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  const [, declared = "utf-8"] = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)/.exec(head) ?? [];
  const [, marked] = BYTE_ORDER_MARKS.find(([mark]) => head.startsWith(mark)) ?? [];
  try {
    return new TextDecoder(marked ?? declared, { fatal: true }).decode(bytes);
  } catch {
    return "";
  }
}

function nameOf({ uri, local }: SaxesTagNS): string | null {
  if (uri !== "" && uri !== SVG) return null;
  return GROUPS.has(local) ? "g" : ELEMENTS.has(local) ? local : null;
}

function sizeOf({ attributes }: SaxesTagNS): PictureSize {
  const [, , width, height] = viewBoxOf(attributes);
  const scale = LONGER_SIDE / Math.max(width, height);
  return saneSize({ width: Math.round(width * scale), height: Math.round(height * scale) });
}

function frameOf({ attributes }: SaxesTagNS, { width, height }: PictureSize): Map<string, string> {
  return new Map([
    ["xmlns", SVG],
    ["viewBox", viewBoxOf(attributes).join(" ")],
    ["width", String(width)],
    ["height", String(height)],
  ]);
}

type Box = [x: number, y: number, width: number, height: number];

/** The part of the plane that is shown: as it says, or from its width and height. Throws HttpError 400. */
function viewBoxOf(attributes: SaxesTagNS["attributes"]): Box {
  const text = (name: string) => attributes[name]?.value.trim() ?? "";
  const box = text("viewBox").split(/[\s,]+/).map(Number);
  const view = box.length === 4 ? box : [0, 0, pixels(text("width")), pixels(text("height"))];
  const [, , width = 0, height = 0] = view;
  if (view.every(Number.isFinite) && width > 0 && height > 0) return view as Box;
  throw refusal("must say its size: viewBox, or width and height");
}

const PIXELS: Record<string, number> = {
  "": 1,
  px: 1,
  pt: 4 / 3,
  pc: 16,
  mm: 96 / 25.4,
  cm: 96 / 2.54,
  in: 96,
};

function pixels(length: string): number {
  const [, number, unit = ""] = /^([\d.]+(?:e[+-]?\d+)?)([a-z]*)$/.exec(length) ?? [];
  return Number(number) * (PIXELS[unit] ?? NaN);
}

function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64.replaceAll(/\s+/g, "")), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

function escaped(text: string): string {
  return /[&<>"]/.test(text)
    ? text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
    : text;
}
