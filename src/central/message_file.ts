// The files of the message log, which are rotated by size.
import { findBlock, headerAt } from "./log_block.ts";

/** Location and limits of the files. */
export interface MessageFileOptions {
  directory: string;
  file_bytes: () => number;
  files: () => number;
}

/** A file of the log; its number grows as newer ones are begun. */
interface LogFile {
  number: number;
}

/** A block of the log and where it lies. */
export class LogBlock {
  /** Its bytes, until they are in a file; null as well where they are kept no longer. */
  bytes: Uint8Array<ArrayBuffer> | null;
  file: LogFile | null = null;
  /** Offset in the file. */
  at = 0;
  readonly length: number;
  /** Number of lines. */
  readonly lines: number;

  constructor(bytes: Uint8Array<ArrayBuffer>, lines: number) {
    this.bytes = bytes;
    this.length = bytes.length;
    this.lines = lines;
  }
}

/** The end of a file in which its last whole block is looked for; no block is longer. */
const END_BYTES = 1_048_576;

/** A file that is rotated once it has reached its size limit. */
export class MessageFile {
  readonly #options: MessageFileOptions;
  #file: Deno.FsFile | null = null;
  #size = 0;
  /** The files of this run, newest first. */
  #files: LogFile[] = [];

  constructor(options: MessageFileOptions) {
    this.#options = options;
  }

  /** Appends a block, whose bytes are then in the file. Throws an error of the file system; nothing is appended then. */
  async append(block: LogBlock): Promise<void> {
    if (this.#size + block.length > this.#options.file_bytes()) await this.#rotate();
    const file = this.#file ??= await this.#open();
    try {
      for (let at = 0; at < block.length;) at += await file.write(block.bytes!.subarray(at));
    } catch (error) {
      this.close(); // opened again, its end is mended
      throw error;
    }
    Object.assign(block, { file: this.#files[0], at: this.#size, bytes: null });
    this.#size += block.length;
  }

  /** Reads a block from its file; null: that is deleted. */
  async read({ file, at, length }: LogBlock): Promise<Uint8Array | null> {
    if (!file || file.number >= this.#options.files()) return null;
    using opened = await Deno.open(pathOf(this.#options.directory, file.number));
    return await readAt(opened, at, length);
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  async #open(): Promise<Deno.FsFile> {
    const { directory } = this.#options;
    await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
    const options = { read: true, append: true, create: true, mode: 0o600 };
    const file = await Deno.open(pathOf(directory, 0), options);
    this.#size = await mended(file);
    if (this.#files[0]?.number !== 0) this.#files.unshift({ number: 0 });
    await this.#dropOld();
    return file;
  }

  async #rotate(): Promise<void> {
    this.#file ??= await this.#open();
    if (this.#size === 0) return;
    this.close();
    const { directory } = this.#options;
    const files = Math.max(1, this.#options.files());
    await Deno.remove(pathOf(directory, files - 1)).catch(() => {});
    for (let number = files - 2; number >= 0; number--) {
      await Deno.rename(pathOf(directory, number), pathOf(directory, number + 1)).catch(() => {});
    }
    for (const file of this.#files) file.number++;
    this.#files = this.#files.filter(({ number }) => number < files);
    this.#size = 0;
  }

  /** Deletes the oldest files of plain lines, of earlier versions, as these take their place. */
  async #dropOld(): Promise<void> {
    const { directory, files } = this.#options;
    const all = await filesIn(directory);
    const spare = Math.max(0, files() - all.filter(({ deflated }) => deflated).length);
    const old = all.filter(({ deflated }) => !deflated).toReversed();
    for (const { path } of old.slice(spare)) await Deno.remove(path).catch(() => {});
  }
}

function pathOf(directory: string, number: number): string {
  return `${directory}/messages${number === 0 ? "" : `.${number}`}.jsonl.gz`;
}

/** Lists the files of a log, oldest first; those of plain lines are of earlier versions. */
export async function filesIn(directory: string): Promise<{ path: string; deflated: boolean }[]> {
  const found: { path: string; deflated: boolean; number: number }[] = [];
  for await (const { name } of Deno.readDir(directory)) {
    const match = /^messages(?:\.(\d+))?\.jsonl(\.gz)?$/.exec(name);
    if (!match) continue;
    const [, number, ending] = match;
    found.push({ path: `${directory}/${name}`, deflated: ending !== undefined, number: Number(number ?? 0) });
  }
  return found.sort((a, b) => Number(a.deflated) - Number(b.deflated) || b.number - a.number);
}

/** Reads `length` bytes, fewer at the end of the file. */
export async function readAt(file: Deno.FsFile, at: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await file.seek(at, Deno.SeekMode.Start);
  let read = 0;
  while (read < length) {
    const count = await file.read(bytes.subarray(read));
    if (count === null) break;
    read += count;
  }
  return bytes.subarray(0, read);
}

/** Cuts off what a kill or a power cut left of a block at the end of a file, so that `zcat` reads on; returns its size. */
async function mended(file: Deno.FsFile): Promise<number> {
  const { size } = await file.stat();
  const begin = Math.max(0, size - END_BYTES);
  const bytes = await readAt(file, begin, size - begin);
  let [end, at] = [size - begin, findBlock(bytes, 0)];
  if (at >= 0) end = at;
  while (at >= 0) {
    const header = headerAt(bytes, at);
    const whole = header !== null && at + header.length <= bytes.length;
    if (whole) end = at + header.length;
    at = findBlock(bytes, whole ? end : at + 1);
  }
  if (end < bytes.length) await file.truncate(begin + end);
  return begin + end;
}
