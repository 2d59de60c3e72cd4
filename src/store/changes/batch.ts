// A batch of changes on its way from a site to a fleet: a header in JSON, then keys and values, compressed.
import { decodeKey, encodeKey, type Key } from "../file/kv_rows.ts";

/** A changed row: its key as stored, without the site's id; null: it was deleted. */
export interface BatchRow {
  key: Uint8Array;
  value: Uint8Array | null;
}

/** A range of keys that a walk has read whole: other keys in it are to be deleted. Ends as stored keys. */
export interface BatchRange {
  /** Exclusive; empty: from the first key. */
  after: Uint8Array;
  /** Inclusive; null: to the last key. */
  upto: Uint8Array | null;
}

/** The newest values of changed keys. */
export interface Batch {
  id: string;
  /** The batches one of which the fleet must have got last; null: none. */
  after: (string | null)[];
  /** The schema of the records. */
  schema: number;
  /** ms since 1970, by the site's clock. */
  at: number;
  range: BatchRange | null;
  /** Number of keys that still wait at the site. */
  waiting: number;
  rows: BatchRow[];
}

/** A batch that cannot be read. */
export class BatchError extends Error {
  override readonly name = "BatchError";
}

/** The longest batch, bytes: as sent, and decompressed. */
export const MAX_BATCH_BYTES = 2_000_000;
const MAX_PLAIN_BYTES = 4_000_000;
/** The last time that every database can store: a site's clock may be wrong. */
const LAST_TIME = Date.UTC(9999, 0);

interface Header extends Omit<Batch, "rows" | "range"> {
  range: { after: string; upto: string | null } | null;
  /** Of each row, the lengths of its key and its value; -1: deleted. */
  lengths: [key: number, value: number][];
}

/** Returns the stored form of a key without the site's id. */
export function restBytes(rest: Key): Uint8Array {
  return encodeKey(rest);
}

/** Returns the parts of a stored key. Throws BatchError. */
export function restOf(bytes: Uint8Array): (string | number)[] {
  try {
    return decodeKey(bytes);
  } catch (error) {
    throw new BatchError(String(error));
  }
}

/** Returns a batch as it is sent. */
export async function encodeBatch({ rows, range, ...rest }: Batch): Promise<Uint8Array> {
  const header: Header = {
    ...rest,
    range: range && { after: range.after.toHex(), upto: range.upto?.toHex() ?? null },
    lengths: rows.map(({ key, value }) => [key.length, value?.length ?? -1]),
  };
  const head = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, head.length);
  const parts = [length, head, ...rows.flatMap(({ key, value }) => value ? [key, value] : [key])];
  const compressed = new Blob(parts as BlobPart[]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}

/** Reads a batch. Throws BatchError for anything that is none. */
export async function decodeBatch(bytes: Uint8Array): Promise<Batch> {
  const plain = await decompressed(bytes);
  try {
    const length = new DataView(plain.buffer, plain.byteOffset).getUint32(0);
    const header = JSON.parse(new TextDecoder().decode(plain.subarray(4, 4 + length))) as Header;
    const { lengths, range, ...rest } = header;
    return { ...checked(rest), range: rangeOf(range), rows: rowsIn(plain.subarray(4 + length), lengths) };
  } catch (error) {
    throw error instanceof BatchError ? error : new BatchError(`Cannot read the batch: ${error}`);
  }
}

function checked(header: Omit<Header, "range" | "lengths">): Omit<Batch, "range" | "rows"> {
  const { id, after, schema, at, waiting } = header;
  const whole = typeof id === "string" && /^[\w-]{8,64}$/.test(id) && Array.isArray(after) &&
    after.length <= 60 &&
    after.every((one) => one === null || typeof one === "string") &&
    [schema, at, waiting].every((number) => Number.isSafeInteger(number));
  if (!whole) throw new BatchError("Cannot read the batch: its header is wrong");
  return { id, after, schema, at: Math.min(Math.max(at, 0), LAST_TIME), waiting };
}

function rangeOf(range: Header["range"]): BatchRange | null {
  if (!range) return null;
  return {
    after: Uint8Array.fromHex(range.after),
    upto: range.upto === null ? null : Uint8Array.fromHex(range.upto),
  };
}

function rowsIn(bytes: Uint8Array, lengths: Header["lengths"]): BatchRow[] {
  let at = 0;
  const next = (length: number) => {
    if (!Number.isInteger(length) || length < 0 || at + length > bytes.length) {
      throw new BatchError("Cannot read the batch: it is too short");
    }
    return bytes.subarray(at, at += length);
  };
  const rows = lengths.map(([key, value]): BatchRow => ({
    key: next(key),
    value: value < 0 ? null : next(value),
  }));
  if (at !== bytes.length) throw new BatchError("Cannot read the batch: it is too long");
  return rows;
}

/** Decompresses a batch, up to the longest that there may be. */
async function decompressed(bytes: Uint8Array): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream("gzip"));
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > MAX_PLAIN_BYTES) {
        throw new BatchError(`Cannot read the batch: it has more than ${MAX_PLAIN_BYTES} bytes`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof BatchError ? error : new BatchError(`Cannot read the batch: ${error}`);
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}
