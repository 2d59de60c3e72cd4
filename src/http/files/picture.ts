// Format and size of a picture, read from its bytes. Names and content types are not trusted.
import { HttpError } from "../http_error.ts";

/** A picture's size in pixels. */
export interface PictureSize {
  width: number;
  height: number;
}

/** The format and size of a picture. */
export interface Raster extends PictureSize {
  ending: "png" | "jpeg" | "webp";
}

const MIN_SIDE = 16;
const MAX_SIDE = 16_384;
/** A browser needs four bytes for each pixel. */
const MAX_PIXELS = 50_000_000;

/** Returns format and size of a PNG, JPEG or WebP; null: none of these. Throws HttpError 400 for a truncated file. */
export function rasterOf(bytes: Uint8Array): Raster | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  try {
    if (head.startsWith("\x89PNG\r\n\x1a\n") && head.endsWith("IHDR")) {
      return { ending: "png", ...sizeOfPng(view) };
    }
    if (head.startsWith("\xff\xd8\xff")) return { ending: "jpeg", ...sizeOfJpeg(view) };
    if (/^RIFF[^]{4}WEBPVP8[ LX]$/.test(head)) return { ending: "webp", ...sizeOfWebp(view) };
  } catch (error) {
    if (error instanceof RangeError) throw new HttpError("invalid_file", "The picture is incomplete");
    throw error;
  }
  return null;
}

/** Returns a picture's format and size. Throws HttpError 400 for sizes that phones cannot show, 415 for an SVG. */
export function checkedPicture(bytes: Uint8Array): Raster {
  const raster = rasterOf(bytes);
  if (!raster) throw refusal(bytes);
  const { width, height } = raster;
  const sides = [width, height];
  if (sides.some((side) => !(side >= MIN_SIDE && side <= MAX_SIDE)) || width * height > MAX_PIXELS) {
    throw new HttpError(
      "invalid_file",
      `The picture is ${width} × ${height} pixels: each side must be ${MIN_SIDE} to ${MAX_SIDE} pixels, and the area at most ${MAX_PIXELS}`,
    );
  }
  return raster;
}

/** Returns the refusal. An SVG can hold scripts, so the admin has the browser draw it as a PNG. */
function refusal(bytes: Uint8Array): HttpError {
  const head = new TextDecoder().decode(bytes.subarray(0, 4096)).replaceAll("\0", "");
  if (!/<svg[\s>]/i.test(head)) return new HttpError("invalid_file", "The picture is not PNG, JPEG or WebP");
  return new HttpError(
    "wrong_media_type",
    "SVG is not accepted: convert it to PNG, or upload it in the admin, which converts it",
  );
}

function sizeOfPng(view: DataView): PictureSize {
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** Reads the size of a lossy, lossless or extended WebP. */
function sizeOfWebp(view: DataView): PictureSize {
  const kind = String.fromCharCode(view.getUint8(15));
  if (kind === " ") {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (kind === "L") {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  const uint24 = (at: number) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
  return { width: uint24(24) + 1, height: uint24(27) + 1 };
}

/** Reads the size from the frame header, swapped where Exif says that the picture is rotated, as browsers show it. */
function sizeOfJpeg(view: DataView): PictureSize {
  let turned = false;
  for (let at = 2;;) {
    if (view.getUint8(at) !== 0xff) throw new RangeError();
    const marker = view.getUint8(at + 1);
    if (marker === 0xff || marker === 0x01) {
      at += marker === 0xff ? 1 : 2; // a fill byte, or a marker without a segment
      continue;
    }
    if (marker === 0xe1) turned ||= isTurned(view, at + 4);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return turned ? { width: height, height: width } : { width, height };
    }
    at += 2 + view.getUint16(at + 2);
  }
}

const EXIF = 0x45786966;
const ORIENTATION = 0x0112;

/** Returns true for an Exif segment that rotates the picture by 90 degrees (orientations 5 to 8). */
function isTurned(view: DataView, at: number): boolean {
  if (view.getUint32(at) !== EXIF) return false;
  const start = at + 6;
  const little = view.getUint16(start) === 0x4949;
  const entries = start + view.getUint32(start + 4, little);
  for (let entry = 0; entry < view.getUint16(entries, little); entry++) {
    const field = entries + 2 + entry * 12;
    if (view.getUint16(field, little) === ORIENTATION) return view.getUint16(field + 8, little) >= 5;
  }
  return false;
}
