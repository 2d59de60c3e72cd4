// OCPP messages in a stream of events.
import type { MessageLog } from "../../central/message_log.ts";
import type { LoggedMessage } from "../../central/newest_messages.ts";
import { entryOf } from "./views.ts";

const FLUSH_MS = 200;
const MOST_CHARS = 262_144;

/** The source and the destination of a feed. */
export interface FeedDeps {
  messages: MessageLog;
  /** The charger whose messages are sent; null: all chargers. */
  charger_id: string | null;
  /** Tells whether the reader keeps up. */
  ready: () => boolean;
  /** A message as the reader may see it. */
  shown: (message: LoggedMessage) => LoggedMessage;
  send: (text: string) => void;
}

/** Sends messages in batches, a few times a second. Messages that a slow reader has no room for are dropped and counted. */
export class MessageFeed {
  readonly #deps: FeedDeps;
  #text = "";
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

  /** Adds a message. Line ends between the tokens of a frame would end the event, and are replaced. */
  #add(message: LoggedMessage, charger_id: string): void {
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
    if (this.#text.length + message.text.length > MOST_CHARS) return void this.#lost++;
    const entry = entryOf(this.#deps.shown(message)).replaceAll(/[\r\n]/g, " ");
    this.#text += `event: message\ndata: {"charger_id":${JSON.stringify(charger_id)},${entry.slice(1)}\n\n`;
  }

  #flush(): void {
    if (!this.#deps.ready()) return void (this.#timer = setTimeout(() => this.#flush(), FLUSH_MS));
    this.#timer = undefined;
    const lost = this.#lost > 0 ? `event: messages_lost\ndata: {"count":${this.#lost}}\n\n` : "";
    const text = this.#text + lost;
    this.#text = "";
    this.#lost = 0;
    this.#deps.send(text);
  }
}
