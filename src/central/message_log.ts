// The log of OCPP messages: JSON lines in deflated blocks, in rotated files. The newest of each charger are read back from
// their places.
import { describeError, type Log } from "../log.ts";
import { blockOf, linesOf } from "./log_block.ts";
import { maskSecrets } from "./redaction.ts";
import { LogBlock, MessageFile } from "./message_file.ts";
import { type LoggedMessage, messageIn, NewestMessages } from "./newest_messages.ts";

/** Location and limits of the log. */
export interface MessageLogOptions {
  /** Folder of the files; null if none are written. */
  directory: string | null;
  file_bytes: () => number;
  files: () => number;
  log: Log;
  now: () => number;
}

const BATCH_CHARS = 65_536; // a longer text is no longer cheap for the garbage collector
const FLUSH_MS = 500;
const MAX_PENDING_BYTES = 4_194_304;
/** Bytes of blocks in memory, where there is no file or it cannot be written. */
const MAX_KEPT_BYTES = 4_194_304;
const NEWLINE = 10;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A listener that is called with each logged message of a charger; it must not throw. */
export type Tap = (message: LoggedMessage, charger_id: string) => void;

/** The log of all messages. Writing never waits: lines go to the file in the background. */
export class MessageLog {
  readonly #options: MessageLogOptions;
  readonly #file: MessageFile | null;
  readonly #newest = new Map<string, NewestMessages>();
  readonly #taps = new Map<string | null, Set<Tap>>();
  /** Lines that are still text, their chargers, and the offset of the end of each. */
  #lines = "";
  #chargers: NewestMessages[] = [];
  #ends: number[] = [];
  /** Times of the oldest and the newest of them. */
  #from = Infinity;
  #to = -Infinity;
  /** Blocks that wait to be written to the file. */
  readonly #pending: LogBlock[] = [];
  #pending_bytes = 0;
  /** Blocks in memory that are in no file, oldest first. */
  readonly #kept: LogBlock[] = [];
  #kept_bytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | null = null;
  #buffer = new Uint8Array(BATCH_CHARS + 4_096);
  #instant = { at: NaN, iso: "" };
  #failing = false;
  /** Number of lines that could not be written. */
  lost = 0;

  constructor(options: MessageLogOptions) {
    const { directory } = options;
    this.#options = options;
    this.#file = directory === null ? null : new MessageFile({ ...options, directory });
  }

  /** Logs a message of a charger. Hot path. `secret`: it may hold passwords or keys, which are masked. */
  write(
    newest: NewestMessages,
    direction: "in" | "out",
    text: string,
    valid: boolean,
    secret: boolean,
  ): void {
    const at = this.#options.now();
    const shown = secret ? maskSecrets(text) : text;
    if (this.#taps.size > 0) this.#tell(newest.charger_id, { at, direction, text: shown });
    const body = valid && !shown.includes("\n") && !shown.includes("\r") && !shown.includes("\0")
      ? `"message":${shown}`
      : oddBody(shown, valid);
    this.#lines += `{"at":"${
      this.#iso(at)
    }","charger_id":${newest.json_id},"direction":"${direction}",${body}}\n`;
    if (at < this.#from) this.#from = at;
    if (at > this.#to) this.#to = at;
    this.#chargers.push(newest);
    this.#ends.push(this.#lines.length);
    if (this.#lines.length > BATCH_CHARS) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  /** Returns the newest messages of a charger, oldest first; without those that are in no file any more. */
  async newest(charger_id: string): Promise<LoggedMessage[]> {
    this.#flush();
    const messages: LoggedMessage[] = [];
    let read: LogBlock | undefined;
    let lines: Uint8Array | null = null;
    for (const { block, start, length } of this.#newest.get(charger_id)?.places() ?? []) {
      if (block !== read) lines = await this.#linesOf(read = block);
      if (lines) messages.push(messageIn(decoder.decode(lines.subarray(start, start + length - 1))));
    }
    return messages;
  }

  /** Calls `tap` with each message of a charger (null: of all) until the returned function is called. */
  tap(charger_id: string | null, tap: Tap): () => void {
    const taps = this.#taps.get(charger_id) ?? new Set();
    this.#taps.set(charger_id, taps.add(tap));
    return () => {
      taps.delete(tap);
      if (taps.size === 0) this.#taps.delete(charger_id);
    };
  }

  /** Forgets a charger's newest messages. */
  forget(charger_id: string): void {
    this.#newest.delete(charger_id);
  }

  /** Writes the remaining lines and closes the file. */
  async close(): Promise<void> {
    this.#flush();
    await this.#writing;
    this.#file?.close();
  }

  #tell(charger_id: string, message: LoggedMessage): void {
    for (const tap of this.#taps.get(charger_id) ?? []) tap(message, charger_id);
    for (const tap of this.#taps.get(null) ?? []) tap(message, charger_id);
  }

  /** Returns the buffer of a charger's newest messages. */
  of(charger_id: string): NewestMessages {
    let newest = this.#newest.get(charger_id);
    if (!newest) this.#newest.set(charger_id, newest = new NewestMessages(charger_id));
    return newest;
  }

  #iso(at: number): string {
    if (at !== this.#instant.at) this.#instant = { at, iso: new Date(at).toISOString() };
    return this.#instant.iso;
  }

  /** Makes a block of the lines, for the file, and tells the chargers their places in it. */
  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines === "") return;
    const bytes = this.#encoded();
    const chargers = new Set<number>();
    for (const { hash } of this.#chargers) chargers.add(hash);
    const summary = { from: this.#from, to: this.#to, chargers };
    const block = new LogBlock(blockOf(bytes, summary), this.#ends.length);
    this.#place(block, bytes, bytes.length === this.#lines.length);
    this.#lines = "";
    this.#chargers = [];
    this.#ends = [];
    this.#from = Infinity;
    this.#to = -Infinity;
    if (this.#file) this.#send(block);
    else this.#keep(block);
  }

  /** Encodes the lines, usually into a buffer that is used again: what is made of them is deflated at once. */
  #encoded(): Uint8Array {
    if (this.#lines.length > this.#buffer.length) return encoder.encode(this.#lines);
    const { read, written } = encoder.encodeInto(this.#lines, this.#buffer);
    return read === this.#lines.length ? this.#buffer.subarray(0, written) : encoder.encode(this.#lines);
  }

  /** Tells the chargers the places of their lines. */
  #place(block: LogBlock, bytes: Uint8Array, ascii: boolean): void {
    let start = 0;
    for (let index = 0; index < this.#ends.length; index++) {
      const end = ascii ? this.#ends[index]! : bytes.indexOf(NEWLINE, start) + 1;
      this.#chargers[index]!.add(block, start, end - start);
      start = end;
    }
  }

  /** Returns the lines of a block; null: it is gone, or cannot be read. */
  async #linesOf(block: LogBlock): Promise<Uint8Array | null> {
    try {
      const bytes = block.bytes ?? await this.#file?.read(block);
      return bytes ? linesOf(bytes) : null;
    } catch {
      return null; // rotated away meanwhile
    }
  }

  /** Drops a block while the file cannot be written, so that blocks do not fill the memory. */
  #send(block: LogBlock): void {
    if (this.#pending_bytes > MAX_PENDING_BYTES) return this.#lose(block);
    this.#pending.push(block);
    this.#pending_bytes += block.length;
    this.#writing ??= this.#writePending().finally(() => this.#writing = null);
  }

  async #writePending(): Promise<void> {
    for (let block = this.#pending[0]; block; block = this.#pending[0]) {
      const { length } = block;
      await this.#append(block);
      this.#pending.shift();
      this.#pending_bytes -= length;
    }
  }

  async #append(block: LogBlock): Promise<void> {
    try {
      await this.#file?.append(block);
      this.#failing = false;
    } catch (error) {
      this.#lose(block);
      if (!this.#failing) {
        this.#options.log.error("Cannot write the message log", { error: describeError(error) });
      }
      this.#failing = true;
    }
  }

  #lose(block: LogBlock): void {
    this.lost += block.lines;
    this.#keep(block);
  }

  /** Keeps a block in memory, as long as there is room for it. */
  #keep(block: LogBlock): void {
    this.#kept.push(block);
    this.#kept_bytes += block.length;
    while (this.#kept_bytes > MAX_KEPT_BYTES) {
      const oldest = this.#kept.shift()!;
      oldest.bytes = null;
      this.#kept_bytes -= oldest.length;
    }
  }
}

/**
 * Encodes a text that spans lines or is not JSON as a string, with the parsed message beside it if it is one. Line ends
 * can be only between its parts, since strings contain them escaped.
 */
function oddBody(text: string, valid: boolean): string {
  const raw = `"text":${JSON.stringify(text)}`;
  return valid && !text.includes("\0") ? `${raw},"message":${text.replaceAll(/[\r\n]+/g, " ")}` : raw;
}
