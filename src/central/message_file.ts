// The files of the message log, which are rotated by size.

/** Location and limits of the files. */
export interface MessageFileOptions {
  directory: string;
  file_bytes: () => number;
  files: () => number;
}

/** A file that is rotated once it has reached its size limit. */
export class MessageFile {
  readonly #options: MessageFileOptions;
  #file: Deno.FsFile | null = null;
  #size = 0;

  constructor(options: MessageFileOptions) {
    this.#options = options;
  }

  async append(bytes: Uint8Array): Promise<void> {
    if (this.#size + bytes.length > this.#options.file_bytes()) await this.#rotate();
    const file = this.#file ??= await this.#open();
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    this.#size += bytes.length;
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  async #open(): Promise<Deno.FsFile> {
    await Deno.mkdir(this.#options.directory, { recursive: true, mode: 0o700 });
    const file = await Deno.open(this.#path(0), { append: true, create: true, mode: 0o600 });
    this.#size = (await file.stat()).size;
    return file;
  }

  async #rotate(): Promise<void> {
    this.#file ??= await this.#open();
    if (this.#size === 0) return;
    this.close();
    const files = Math.max(1, this.#options.files());
    await Deno.remove(this.#path(files - 1)).catch(() => {});
    for (let number = files - 2; number >= 0; number--) {
      await Deno.rename(this.#path(number), this.#path(number + 1)).catch(() => {});
    }
    this.#size = 0;
  }

  #path(number: number): string {
    return `${this.#options.directory}/messages${number === 0 ? "" : `.${number}`}.jsonl`;
  }
}
