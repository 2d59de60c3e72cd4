// Files in the data dir: written under a temporary name and renamed, served as downloads only.
import { node } from "../../node.ts";
import { freeBytes, RESERVE } from "../../machine/disk.ts";
import { HttpError } from "../http_error.ts";

/** A file as REST lists it. */
export interface SavedFile {
  name: string;
  size: number;
  sha256?: string;
  at: string;
}

const KEPT = 50; // files a charger
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** The folders `files/<charger>/`, `firmware/` and `plan/` of the data dir. */
export class FileStore {
  readonly #data_dir: string;
  readonly #free: (path: string) => number | null;

  /** `free` returns the free bytes at a path; null: unknown. */
  constructor(data_dir: string, free: (path: string) => number | null = freeBytes) {
    this.#data_dir = data_dir.replace(/\/+$/, "");
    this.#free = free;
  }

  /** Returns a charger's folder; its id is encoded, since it can contain any characters. */
  chargerPath(charger_id: string): string {
    const safe = encodeURIComponent(charger_id).replaceAll(".", "%2E").replaceAll("*", "%2A");
    return `${this.#data_dir}/files/${safe.slice(0, 250)}`;
  }

  /** Returns the path of a firmware file. Throws HttpError 404 for an invalid name. */
  firmwarePath(name: string): string {
    return `${this.firmwareDirectory}/${checkedName(name)}`;
  }

  get firmwareDirectory(): string {
    return `${this.#data_dir}/firmware`;
  }

  get planDirectory(): string {
    return `${this.#data_dir}/plan`;
  }

  /**
   * Saves a stream of at most `max` bytes. Throws HttpError 413, or 507 for one that would use up the free space that the
   * database needs, and leaves no file.
   */
  async save(
    body: ReadableStream<Uint8Array> | null,
    { directory, name, max }: { directory: string; name: string; max: number },
  ): Promise<SavedFile> {
    await Deno.mkdir(directory, { recursive: true, mode: 0o700 }).catch(refuseUnwritable);
    const path = `${directory}/${checkedName(name)}`;
    const partial = `${path}.${crypto.randomUUID().slice(0, 8)}.part`;
    try {
      const { size, sha256 } = await writeStream(body, partial, { max, room: this.#room(directory) });
      await Deno.rename(partial, path);
      return { name, size, sha256, at: new Date().toISOString() };
    } catch (error) {
      await Deno.remove(partial).catch(() => {});
      throw error;
    }
  }

  #room(directory: string): number {
    return Math.max(0, (this.#free(directory) ?? Infinity) - RESERVE);
  }

  /** Returns the files in a folder, newest first. */
  async list(directory: string): Promise<SavedFile[]> {
    const files: SavedFile[] = [];
    try {
      for await (const { name, isFile } of Deno.readDir(directory)) {
        if (!isFile || name.endsWith(".part")) continue;
        const { size, mtime } = await Deno.stat(`${directory}/${name}`);
        files.push({ name, size, at: (mtime ?? new Date(0)).toISOString() });
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return files.sort((a, b) => b.at.localeCompare(a.at) || b.name.localeCompare(a.name));
  }

  /** Deletes all but the 50 newest files of a folder. */
  async keepNewest(directory: string): Promise<void> {
    for (const { name } of (await this.list(directory)).slice(KEPT)) {
      await this.remove(`${directory}/${name}`);
    }
  }

  async remove(path: string): Promise<void> {
    await Deno.remove(path).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }

  /** Returns a file, or the requested range of it, as a download. Throws HttpError 404 and 416. */
  async response(path: string, name: string, range?: string): Promise<Response> {
    const file = await Deno.open(path).catch(() => null);
    if (!file) throw new HttpError("not_found", "There is no such file");
    const { size } = await file.stat();
    const part = rangeOf(range, size);
    if (part === "bad") {
      file.close();
      throw new HttpError("range_not_satisfiable", "The range is outside the file");
    }
    const { from, to } = part ?? { from: 0, to: size };
    if (from > 0) await file.seek(from, Deno.SeekMode.Start);
    const headers: Record<string, string> = {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${name.replaceAll(/[^A-Za-z0-9._-]/g, "_")}"`,
      "content-length": String(to - from),
      "accept-ranges": "bytes",
      "x-content-type-options": "nosniff",
      ...(part ? { "content-range": `bytes ${from}-${to - 1}/${size}` } : {}),
    };
    const body = to === size ? file.readable : file.readable.pipeThrough(first(to - from));
    return new Response(body, { status: part ? 206 : 200, headers });
  }
}

/** Throws HttpError 409 for a missing write permission, as in the demo, else the given error. */
export function refuseUnwritable(error: unknown): never {
  if (error instanceof Deno.errors.NotCapable) {
    throw new HttpError("not_possible_here", "The gateway may not write to its data directory");
  }
  throw error;
}

/** Returns the error 413 for a file. */
export function fileTooLarge(max: number): HttpError {
  return new HttpError("body_too_large", `The file is larger than ${max} bytes`, { values: { max } });
}

/** Returns a name that stays within its folder. Throws HttpError 404. */
export function checkedName(name: string): string {
  if (NAME.test(name) && !name.includes("..")) return name;
  throw new HttpError("not_found", "There is no such file");
}

async function writeStream(
  body: ReadableStream<Uint8Array> | null,
  path: string,
  { max, room }: { max: number; room: number },
) {
  const file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  const hash = node("crypto").createHash("sha256");
  let size = 0;
  try {
    for await (const chunk of body ?? []) {
      size += chunk.length;
      if (size > max) throw fileTooLarge(max);
      if (size > room) throw noSpace(room);
      hash.update(chunk);
      for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
    }
    await file.sync();
  } finally {
    file.close();
  }
  return { size, sha256: hash.digest("hex") };
}

function noSpace(room: number): HttpError {
  const free = Math.floor(room / 1e6);
  const text = `The disk has no room for the file: ${free} MB are free besides what the database needs`;
  return new HttpError("no_space", text, { values: { free_bytes: room } });
}

/** Parses a range of bytes; null: none, or one that is not understood, which means the whole file (RFC 9110 §14.2). */
function rangeOf(range: string | undefined, size: number): { from: number; to: number } | null | "bad" {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range?.trim() ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return null;
  const from = match[1] === "" ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const to = match[1] === "" || match[2] === "" ? size : Math.min(size, Number(match[2]) + 1);
  return from < to ? { from, to } : "bad";
}

/** Returns a stream that passes the first `length` bytes. */
function first(length: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let left = length;
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk.subarray(0, left));
      left -= Math.min(left, chunk.length);
      if (left === 0) controller.terminate();
    },
  });
}
