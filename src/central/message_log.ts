// Every OCPP message: the newest ones of each charger in memory, all of them in a rotated file of JSON lines.
import { describeError, type Log } from "../log.ts";
import { maskSecrets } from "./mask.ts";

/** A message that went by. `text` is the frame; what is no JSON is in the log too, marked. */
export interface LoggedMessage {
  at: number;
  direction: "in" | "out";
  text: string;
}

/** Where the file is, and how much of it is kept. */
export interface MessageLogOptions {
  /** Folder of the files; null: none are written. */
  directory: string | null;
  file_bytes: () => number;
  files: () => number;
  log: Log;
  now: () => number;
}

const NEWEST = 100; // messages a charger
const NEWEST_CHARS = 65_536;
const BUFFER_CHARS = 262_144;
const FLUSH_MS = 500;
const MAX_PENDING_CHARS = 8_388_608;

const encoder = new TextEncoder();

/** A charger's newest messages: a ring, since every message passes through it. */
export class Newest {
  readonly charger_id: string;
  readonly json_id: string;
  readonly #ring: LoggedMessage[] = [];
  /** The texts' lengths: to look at an old text itself would bring it back into the cache. */
  readonly #lengths: number[] = [];
  #first = 0;
  #count = 0;
  #chars = 0;

  constructor(charger_id: string) {
    this.charger_id = charger_id;
    this.json_id = JSON.stringify(charger_id);
  }

  add(message: LoggedMessage): void {
    this.#chars += message.text.length;
    if (this.#count === NEWEST) this.#drop();
    while (this.#count > 0 && this.#chars > NEWEST_CHARS) this.#drop();
    const at = (this.#first + this.#count++) % NEWEST;
    this.#ring[at] = message;
    this.#lengths[at] = message.text.length;
  }

  all(): LoggedMessage[] {
    return Array.from({ length: this.#count }, (_, index) => this.#ring[(this.#first + index) % NEWEST]!);
  }

  #drop(): void {
    this.#chars -= this.#lengths[this.#first]!;
    this.#ring[this.#first] = NO_MESSAGE;
    this.#first = (this.#first + 1) % NEWEST;
    this.#count--;
  }
}

/** Is told each message of a charger, as it is kept. */
export type Tap = (message: LoggedMessage) => void;

const NO_MESSAGE: LoggedMessage = { at: 0, direction: "in", text: "" };

/** The log of all messages. Writing never waits: lines go to the file in the background. */
export class MessageLog {
  readonly #options: MessageLogOptions;
  readonly #newest = new Map<string, Newest>();
  readonly #taps = new Map<string, Set<Tap>>();
  #lines = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | null = null;
  #file: Deno.FsFile | null = null;
  #size = 0;
  #second = { at: NaN, iso: "" };
  #failing = false;
  /** Lines that could not be written. */
  lost = 0;

  constructor(options: MessageLogOptions) {
    this.#options = options;
  }

  /** Hot: keeps a message of a charger. `secret`: it may hold passwords or keys, which are masked. */
  write(newest: Newest, direction: "in" | "out", text: string, valid: boolean, secret: boolean): void {
    const at = this.#options.now();
    const shown = secret ? maskSecrets(text) : text;
    const message: LoggedMessage = { at, direction, text: shown };
    newest.add(message);
    if (this.#taps.size > 0) this.#tell(newest.charger_id, message);
    if (this.#options.directory === null) return;
    const whole = valid && !shown.includes("\n") && !shown.includes("\r") && !shown.includes("\0");
    const body = whole ? `"message":${shown}` : `"text":${JSON.stringify(shown)}`;
    this.#lines += `{"at":"${
      this.#iso(at)
    }","charger_id":${newest.json_id},"direction":"${direction}",${body}}\n`;
    if (this.#lines.length > BUFFER_CHARS) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  /** The newest messages of a charger, oldest first. */
  newest(charger_id: string): LoggedMessage[] {
    return this.#newest.get(charger_id)?.all() ?? [];
  }

  /** Tells `tap` each message of a charger until the returned function is called. */
  tap(charger_id: string, tap: Tap): () => void {
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

  /** Writes what is waiting and closes the file. */
  async close(): Promise<void> {
    this.#flush();
    while (this.#writing) await this.#writing;
    this.#file?.close();
    this.#file = null;
  }

  #tell(charger_id: string, message: LoggedMessage): void {
    for (const tap of this.#taps.get(charger_id) ?? []) tap(message);
  }

  /** Where a charger's messages go. */
  of(charger_id: string): Newest {
    let newest = this.#newest.get(charger_id);
    if (!newest) this.#newest.set(charger_id, newest = new Newest(charger_id));
    return newest;
  }

  #iso(at: number): string {
    if (at !== this.#second.at) this.#second = { at, iso: new Date(at).toISOString() };
    return this.#second.iso;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#writing || this.#lines === "") return this.#dropOverflow();
    const lines = this.#lines;
    this.#lines = "";
    this.#writing = this.#append(lines).finally(() => {
      this.#writing = null;
      if (this.#lines !== "") this.#flush();
    });
  }

  /** A card that takes nothing must not fill the memory. */
  #dropOverflow(): void {
    if (this.#lines.length < MAX_PENDING_CHARS) return;
    this.lost += this.#lines.split("\n").length - 1;
    this.#lines = "";
  }

  async #append(lines: string): Promise<void> {
    try {
      const bytes = encoder.encode(lines);
      if (this.#size + bytes.length > this.#options.file_bytes()) await this.#rotate();
      const file = this.#file ??= await this.#open();
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      this.#size += bytes.length;
      this.#failing = false;
    } catch (error) {
      this.lost += lines.split("\n").length - 1;
      if (!this.#failing) {
        this.#options.log.error("Cannot write the message log", { error: describeError(error) });
      }
      this.#failing = true;
    }
  }

  async #open(): Promise<Deno.FsFile> {
    await Deno.mkdir(this.#options.directory!, { recursive: true, mode: 0o700 });
    const file = await Deno.open(this.#path(0), { append: true, create: true, mode: 0o600 });
    this.#size = (await file.stat()).size;
    return file;
  }

  async #rotate(): Promise<void> {
    if (!this.#file) this.#file = await this.#open();
    if (this.#size === 0) return;
    this.#file.close();
    this.#file = null;
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
