// The newest messages of a charger, as their places in the log: copies of them would be most of what a charger takes in
// memory.
import { hashOf } from "./log_block.ts";
import type { LogBlock } from "./message_file.ts";

/** A message. `text` is the frame; frames that are not JSON are logged too, marked as such. */
export interface LoggedMessage {
  at: number;
  direction: "in" | "out";
  text: string;
}

/** The place of a line in its block, bytes. */
export interface Place {
  block: LogBlock;
  start: number;
  length: number;
}

const MOST = 100; // messages
const MOST_BYTES = 65_536;
const FEW = 4;

/** The newest messages of one charger. */
export class NewestMessages {
  readonly charger_id: string;
  readonly json_id: string;
  readonly hash: number;
  /** A ring: block, start and length of each line. */
  #blocks: LogBlock[] = [];
  #spans = new Uint32Array(2 * FEW);
  #next = 0;

  constructor(charger_id: string) {
    this.charger_id = charger_id;
    this.json_id = JSON.stringify(charger_id);
    this.hash = hashOf(charger_id);
  }

  /** Notes the place of a line. Hot path. */
  add(block: LogBlock, start: number, length: number): void {
    if (2 * this.#next === this.#spans.length) this.#turn();
    this.#blocks[this.#next] = block;
    this.#spans[2 * this.#next] = start;
    this.#spans[2 * this.#next + 1] = length;
    this.#next++;
  }

  /** Returns the places of as many lines as 64 kB hold, oldest first. */
  places(): Place[] {
    const found: Place[] = [];
    let bytes = 0;
    for (let age = 1; age <= this.#blocks.length; age++) {
      const index = (this.#next - age + this.#blocks.length) % this.#blocks.length;
      const [start, length] = [this.#spans[2 * index]!, this.#spans[2 * index + 1]!];
      bytes += length;
      if (bytes > MOST_BYTES && found.length > 0) break;
      found.push({ block: this.#blocks[index]!, start, length });
    }
    return found.reverse();
  }

  /** Makes the ring larger, or begins at its start again. */
  #turn(): void {
    const size = Math.min(MOST, 2 * this.#next);
    if (size === this.#next) return void (this.#next = 0);
    const spans = new Uint32Array(2 * size);
    spans.set(this.#spans);
    this.#spans = spans;
  }
}

/** Parses a line of the log; the fields before the text contain no unescaped quote. */
export function messageIn(line: string): LoggedMessage {
  const end = line.indexOf(',"message":');
  const { at, direction, text } = JSON.parse(end < 0 ? line : `${line.slice(0, end)}}`);
  return { at: Date.parse(at), direction, text: text ?? line.slice(end + ',"message":'.length, -1) };
}
