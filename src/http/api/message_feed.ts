// OCPP messages in a stream of events.
import type { MessageLog } from "../../central/message_log.ts";
import type { LoggedMessage } from "../../central/newest_messages.ts";
import { entryOf } from "./views.ts";

const FLUSH_MS = 200;
const MOST_CHARS = 65_536; // 300 kB a second: a thousand usual messages

const encoder = new TextEncoder();

/** The source and the destination of a feed. */
export interface FeedDeps {
  messages: MessageLog;
  /** The charger whose messages are sent; null: all chargers. */
  charger_id: string | null;
  /** Tells whether the reader keeps up. */
  ready: () => boolean;
  /** Returns a message as the event that the reader may see. */
  eventOf: (message: LoggedMessage, charger_id: string) => Uint8Array;
  send: (bytes: Uint8Array) => void;
}

/** Sends messages in batches, a few times a second. Messages that a slow reader has no room for are dropped and counted. */
export class MessageFeed {
  readonly #deps: FeedDeps;
  #waiting: { message: LoggedMessage; charger_id: string }[] = [];
  #chars = 0;
  #lost = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leave = () => {};

  constructor(deps: FeedDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { messages, charger_id } = this.#deps;
    this.#leave = messages.tap(charger_id, (message, from) => this.#add(message, from));
  }

  stop(): void {
    this.#leave();
    clearTimeout(this.#timer);
  }

  /** Keeps a message itself, which all readers share: its text is made once the reader takes it. */
  #add(message: LoggedMessage, charger_id: string): void {
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
    if (this.#chars > 0 && this.#chars + message.text.length > MOST_CHARS) return void this.#lost++;
    this.#chars += message.text.length;
    this.#waiting.push({ message, charger_id });
  }

  #flush(): void {
    if (!this.#deps.ready()) return void (this.#timer = setTimeout(() => this.#flush(), FLUSH_MS));
    this.#timer = undefined;
    const [waiting, lost] = [this.#waiting, this.#lost];
    this.#waiting = [];
    this.#chars = 0;
    this.#lost = 0;
    for (const { message, charger_id } of waiting) this.#deps.send(this.#deps.eventOf(message, charger_id));
    if (lost > 0) this.#deps.send(encoder.encode(`event: messages_lost\ndata: {"count":${lost}}\n\n`));
  }
}

/**
 * Returns a message as an event; one that is in `made` is not made again: all readers that may see the same share its bytes.
 * Line ends between the tokens of a frame would end the event, and are replaced.
 */
export function messageEvent(
  message: LoggedMessage,
  charger_id: string,
  { made, shown }: {
    made: WeakMap<LoggedMessage, Uint8Array>;
    shown: (message: LoggedMessage) => LoggedMessage;
  },
): Uint8Array {
  const known = made.get(message);
  if (known) return known;
  const entry = entryOf(shown(message)).replaceAll(/[\r\n]/g, " ");
  const bytes = encoder.encode(
    `event: message\ndata: {"charger_id":${JSON.stringify(charger_id)},${entry.slice(1)}\n\n`,
  );
  made.set(message, bytes);
  return bytes;
}
