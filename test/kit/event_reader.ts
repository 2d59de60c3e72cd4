// A reader of the gateway's Server-Sent Events.
import type { Json } from "./site.ts";
import { AUTHORIZATION } from "./gateway.ts";

/** A stream of events, read only as far as a test asks. */
export class EventReader implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #stop: AbortController;
  #text = "";
  /** Events that next() has passed. */
  #taken = 0;

  private constructor(reader: ReadableStreamDefaultReader<string>, stop: AbortController) {
    this.#reader = reader;
    this.#stop = stop;
  }

  /** Opens a stream, such as that of `?charger_id=CP1`; events from now on are in it. */
  static async open(url: string, query = "", headers: HeadersInit = AUTHORIZATION): Promise<EventReader> {
    const stop = new AbortController();
    const response = await fetch(`${url.replace(/^ws/, "http")}/ocpp/events/${query}`, {
      headers,
      signal: stop.signal,
    });
    const type = response.headers.get("content-type");
    if (type !== "text/event-stream") throw new Error(`No events: ${response.status} ${type}`);
    const text = response.body!.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>);
    const events = new EventReader(text.getReader(), stop);
    await events.#more();
    return events;
  }

  /** The stream as read so far. */
  get text(): string {
    return this.#text;
  }

  /** Returns the data of the next event of a type, skipping others. */
  async next(type: string): Promise<Json> {
    for (;;) {
      const all = this.#all();
      while (this.#taken < all.length) {
        const event = all[this.#taken++]!;
        if (event.type === type) return event.data;
      }
      await this.#more();
    }
  }

  /** Reads until there are `count` events of a type, and returns the data of all of them. */
  async events(type: string, count: number): Promise<Json[]> {
    const found = () => this.#all().filter((event) => event.type === type).map(({ data }) => data);
    while (found().length < count) await this.#more();
    return found();
  }

  #all(): { type: string; data: Json }[] {
    return [...this.#text.matchAll(/^event: (.*)\ndata: (.*)\n\n/gm)].map(([, type, data]) => ({
      type: type!,
      data: JSON.parse(data!),
    }));
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#reader.read();
    if (done) throw new Error("The stream of events has ended");
    this.#text += value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#reader.cancel().catch(() => {});
  }
}
