// Drawings that become pictures: the gateway takes pictures made of pixels only, since an SVG can hold scripts.
import { MAP } from "../i18n/admin/map.ts";
import { messages } from "./i18n.ts";

const t = messages(MAP);
const LONGER_SIDE = 3000;

/** Returns a file as a picture of pixels: an SVG as a PNG whose longer side has 3000, any other as it is. Throws Error. */
export async function pictureOf(file: File): Promise<Blob> {
  if (file.type !== "image/svg+xml") return file;
  try {
    return await drawn(sized(await textOf(file)));
  } catch {
    throw new Error(t("svg_unreadable"));
  }
}

/** XML says itself which encoding it is in. */
async function textOf(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  const marked = head.startsWith("\xff\xfe") ? "utf-16le" : head.startsWith("\xfe\xff") ? "utf-16be" : null;
  const declared = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)/.exec(head)?.[1];
  return new TextDecoder(marked ?? declared ?? "utf-8").decode(bytes);
}

/** The SVG with a size in pixels, which not every browser takes from its viewBox. Nothing in it runs here. */
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

/** As an image an SVG runs no scripts and loads nothing. */
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
