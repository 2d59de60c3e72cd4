// The worker that reads map files and draws their tiles, off the thread that answers chargers. It may read only the file's folder.
import { gzipSync } from "node:zlib";
import { Archive, type MapDescription, type TileType } from "./archive.ts";
import { draw } from "./drawing.ts";
import { MapError } from "./map_error.ts";

/** A request to the worker. */
export type TileRequest =
  /** Checks a file and describes it. */
  | { work: "describe"; path: string }
  /** Draws a tile; `version` distinguishes files of the same path. */
  | { work: "tile"; path: string; version: string; z: number; x: number; y: number; dark: boolean };

/** An answer of the worker. */
export interface TileAnswer {
  /** Reason of a failure, the predicate of a sentence; null on success. */
  failure: string | null;
  description?: MapDescription;
  /** The tile; null if the file does not have it, absent if none was requested. */
  tile?: Tile | null;
}

/** A tile as a picture. */
export interface Tile {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
  /** True if the bytes are compressed with gzip. */
  packed: boolean;
}

const MAX_PICTURE_BYTES = 2_097_152;
const MAX_ABOVE = 6; // levels: beyond them a picture is empty or a single line
const MIN_PACKED = 500;
const SIGNS: Record<Exclude<TileType, "mvt">, [type: string, sign: RegExp]> = {
  png: ["image/png", /^\x89PNG\r\n/],
  jpeg: ["image/jpeg", /^\xff\xd8\xff/],
  webp: ["image/webp", /^RIFF....WEBP/s],
  avif: ["image/avif", /^....ftypavi[fs]/s],
};

let open: { archive: Archive; of: string } | undefined;

function answer(request: TileRequest): TileAnswer {
  if (request.work === "describe") {
    using archive = new Archive(request.path);
    return { failure: null, description: archive.description };
  }
  return { failure: null, tile: tileOf(archiveOf(request), request) };
}

function archiveOf({ path, version }: { path: string; version: string }): Archive {
  const of = `${path} ${version}`;
  if (open?.of === of) return open.archive;
  open?.archive[Symbol.dispose]();
  open = undefined;
  open = { archive: new Archive(path), of };
  return open.archive;
}

function tileOf(archive: Archive, { z, x, y, dark }: TileRequest & { work: "tile" }): Tile | null {
  const { tile_type, max_zoom } = archive.description;
  if (tile_type !== "mvt") {
    const bytes = archive.tile(z, x, y);
    return bytes && picture(bytes, tile_type);
  }
  const above = Math.max(0, z - max_zoom);
  const parts = 2 ** above;
  const bytes = above > MAX_ABOVE
    ? null
    : archive.tile(z - above, Math.floor(x / parts), Math.floor(y / parts));
  return bytes && drawn(draw(bytes, { z, above, column: x % parts, row: y % parts, dark }));
}

function drawn(svg: string): Tile {
  const bytes = new TextEncoder().encode(svg);
  const packed = bytes.length > MIN_PACKED;
  return {
    bytes: packed ? new Uint8Array(gzipSync(bytes, { level: 3 })) : bytes,
    type: "image/svg+xml",
    packed,
  };
}

function picture(bytes: Uint8Array<ArrayBuffer>, kind: Exclude<TileType, "mvt">): Tile {
  const [type, sign] = SIGNS[kind];
  if (bytes.length > MAX_PICTURE_BYTES) {
    throw new MapError(`has a picture of more than ${MAX_PICTURE_BYTES} bytes`);
  }
  if (!sign.test(String.fromCharCode(...bytes.subarray(0, 16)))) {
    throw new MapError(`has a tile that is not ${kind}`);
  }
  return { bytes, type, packed: false };
}

const scope = self as unknown as {
  onmessage: (event: MessageEvent<TileRequest>) => void;
  postMessage(answer: TileAnswer, transfer?: Transferable[]): void;
};

scope.onmessage = ({ data }) => {
  try {
    scope.postMessage(answer(data));
  } catch (error) {
    scope.postMessage({ failure: error instanceof MapError ? error.message : `cannot be read: ${error}` });
  }
};
