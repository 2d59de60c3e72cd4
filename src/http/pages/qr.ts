// QR codes of landing pages.

/** Returns a QR code as SVG. */
export async function qrSvg(text: string): Promise<string> {
  const { toString } = await codec();
  return toString(text, { type: "svg", errorCorrectionLevel: "M", margin: 4 });
}

/** Returns a QR code as PNG, about 600 pixels wide, which is enough for print. */
export async function qrPng(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const { toBuffer } = await codec();
  return new Uint8Array(
    await toBuffer(text, { type: "png", errorCorrectionLevel: "M", margin: 4, scale: 16 }),
  );
}

interface QrOptions {
  type: "svg" | "png";
  errorCorrectionLevel: "L" | "M" | "Q" | "H";
  /** Quiet zone, modules. */
  margin: number;
  /** Pixels a module. */
  scale?: number;
}

interface Codec {
  toString(text: string, options: QrOptions): Promise<string>;
  toBuffer(text: string, options: QrOptions): Promise<Uint8Array>;
}

/** Loads the encoder with the first code: it takes half a megabyte of memory. */
async function codec(): Promise<Codec> {
  const module = await import("qrcode") as unknown as { default: Codec };
  return module.default;
}
