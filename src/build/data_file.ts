// A data file of the admin, named by its content so that browsers may keep it.
import { createHash } from "node:crypto";

/** A file's name and content. */
export interface DataFile {
  name: string;
  contents: Uint8Array;
}

/** Returns the file of a text, as `name-0A1B2C3D.ending`. */
export function dataFile(name: string, ending: string, text: string): DataFile {
  const contents = new TextEncoder().encode(text);
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
  return { name: `${name}-${hash}.${ending}`, contents };
}
