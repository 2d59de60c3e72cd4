// The newest messages of a charger, as bytes: strings that live so long would cost the garbage collector more than all
// other work on a message.

/** A message. `text` is the frame; frames that are not JSON are logged too, marked as such. */
export interface LoggedMessage {
  at: number;
  direction: "in" | "out";
  text: string;
}

const MOST = 100; // messages
const MOST_BYTES = 65_536;
const SMALLEST = 512;
const LARGEST = 81_920;

const decoder = new TextDecoder();

/** The newest messages of one charger. */
export class NewestMessages {
  readonly charger_id: string;
  readonly json_id: string;
  #bytes = new Uint8Array(SMALLEST);
  #used = 0;
  /** Offset of the start of each line. */
  #starts: number[] = [];

  constructor(charger_id: string) {
    this.charger_id = charger_id;
    this.json_id = JSON.stringify(charger_id);
  }

  /** Adds a line of the log. Hot path. */
  add(line: Uint8Array): void {
    if (this.#used + line.length > this.#bytes.length) this.#makeRoom(line.length);
    this.#bytes.set(line, this.#used);
    this.#starts.push(this.#used);
    this.#used += line.length;
  }

  /** Returns the messages, oldest first. */
  all(): LoggedMessage[] {
    const lines = decoder.decode(this.#bytes.subarray(0, this.#used)).split("\n");
    return lines.slice(0, -1).slice(-MOST).map(messageIn);
  }

  /** Makes space for a line: drops the oldest lines if there are enough, else grows the buffer. */
  #makeRoom(needed: number): void {
    const starts = this.#starts.slice(-MOST).filter((start) => this.#used - start <= MOST_BYTES);
    const from = starts[0] ?? this.#used;
    const least = this.#used - from + needed;
    const old = this.#bytes;
    const fits = least * 4 <= old.length * 3 || old.length === LARGEST;
    if (!fits || least > old.length) {
      this.#bytes = new Uint8Array(Math.max(least, Math.min(least * 2, LARGEST)));
    }
    this.#bytes.set(old.subarray(from, this.#used));
    this.#starts = starts.map((start) => start - from);
    this.#used -= from;
  }
}

/** Parses a line; the fields before the text contain no unescaped quote. */
function messageIn(line: string): LoggedMessage {
  const end = line.indexOf(',"message":');
  const { at, direction, text } = JSON.parse(end < 0 ? line : `${line.slice(0, end)}}`);
  return { at: Date.parse(at), direction, text: text ?? line.slice(end + ',"message":'.length, -1) };
}
