// The log of OCPP messages: the newest of each charger in memory, all in rotated files of JSON lines.
import { describeError, type Log } from "../log.ts";
import { maskSecrets } from "./redaction.ts";
import { MessageFile } from "./message_file.ts";
import { type LoggedMessage, NewestMessages } from "./newest_messages.ts";

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
const MAX_PENDING_BYTES = 8_388_608;
const NEWLINE = 10;

const encoder = new TextEncoder();

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
  /** Lines that wait to be written to the file. */
  readonly #pending: Uint8Array<ArrayBuffer>[] = [];
  #pending_bytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | null = null;
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
    this.#chargers.push(newest);
    this.#ends.push(this.#lines.length);
    if (this.#lines.length > BATCH_CHARS) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  /** Returns the newest messages of a charger, oldest first. */
  newest(charger_id: string): LoggedMessage[] {
    this.#flush();
    return this.#newest.get(charger_id)?.all() ?? [];
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

  /** Encodes the lines, for the newest messages of the chargers and for the file. */
  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines === "") return;
    const bytes = encoder.encode(this.#lines);
    this.#share(bytes, bytes.length === this.#lines.length);
    this.#lines = "";
    this.#chargers = [];
    this.#ends = [];
    if (this.#file) this.#send(bytes);
  }

  #share(bytes: Uint8Array, ascii: boolean): void {
    let start = 0;
    for (let index = 0; index < this.#ends.length; index++) {
      const end = ascii ? this.#ends[index]! : bytes.indexOf(NEWLINE, start) + 1;
      this.#chargers[index]!.add(bytes.subarray(start, end));
      start = end;
    }
  }

  /** Drops lines if the file cannot be written, so that they do not fill the memory. */
  #send(lines: Uint8Array<ArrayBuffer>): void {
    if (this.#pending_bytes > MAX_PENDING_BYTES) return this.#lose(lines);
    this.#pending.push(lines);
    this.#pending_bytes += lines.length;
    this.#writing ??= this.#writePending().finally(() => this.#writing = null);
  }

  async #writePending(): Promise<void> {
    for (let lines = this.#pending[0]; lines; lines = this.#pending[0]) {
      await this.#append(lines);
      this.#pending.shift();
      this.#pending_bytes -= lines.length;
    }
  }

  async #append(lines: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      await this.#file?.append(lines);
      this.#failing = false;
    } catch (error) {
      this.#lose(lines);
      if (!this.#failing) {
        this.#options.log.error("Cannot write the message log", { error: describeError(error) });
      }
      this.#failing = true;
    }
  }

  #lose(lines: Uint8Array): void {
    this.lost += lines.filter((byte) => byte === NEWLINE).length;
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
