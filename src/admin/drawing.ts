// Conversion of SVG to PNG before an upload: the gateway accepts raster pictures only, since an SVG can hold scripts.
import { MAP } from "../i18n/admin/map.ts";
import { messages } from "./i18n.ts";

const t = messages(MAP);
const LONGER_SIDE = 3000;

/** Returns an SVG as a PNG of 3000 pixels on its longer side, other files as they are. Throws Error for a damaged SVG. */
export async function pictureOf(file: File): Promise<Blob> {
  if (file.type !== "image/svg+xml") return file;
  try {
    return await drawn(sized(await textOf(file)));
  } catch {
    throw new Error(t("svg_unreadable"));
  }
}

/** Decodes XML by its byte order mark or its declared encoding. */
async function textOf(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  const marked = head.startsWith("\xff\xfe") ? "utf-16le" : head.startsWith("\xfe\xff") ? "utf-16be" : null;
  const declared = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)/.exec(head)?.[1];
  return new TextDecoder(marked ?? declared ?? "utf-8").decode(bytes);
}

/** Sets the size in pixels, which not every browser derives from the viewBox. A parsed document runs no scripts. */
function sized(text: string): { svg: string; width: number; height: number } {
  const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (!(root instanceof SVGSVGElement)) throw new TypeError();
  if (!root.hasAttribute("viewBox")) {
    root.setAttribute("viewBox", `0 0 ${root.width.baseVal.value} ${root.height.baseVal.value}`);
  }
  const box = root.viewBox.baseVal;
  const scale = LONGER_SIDE / Math.max(box.width, box.height);
  const [width, height] = [Math.round(box.width * scale), Math.round(box.height * scale)];
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(height));
  return { svg: new XMLSerializer().serializeToString(root), width, height };
}

/** Draws an SVG as an image, in which it runs no scripts and loads nothing. */
async function drawn({ svg, width, height }: ReturnType<typeof sized>): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image(width, height);
    image.src = url;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d")!.drawImage(image, 0, 0, width, height);
    return await new Promise((resolve, reject) => canvas.toBlob((blob) => blob ? resolve(blob) : reject()));
  } finally {
    URL.revokeObjectURL(url);
  }
}
