// What the gateway tells of a charger, as Server-Sent Events.
import { PASSWORD } from "../kit/gateway.ts";
import type { Json, Site } from "./site.ts";

/** The stream of a charger's events. */
export class EventReader implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  private constructor(reader: ReadableStreamDefaultReader<string>) {
    this.#reader = reader;
  }

  /** Listens; what happens from now on is told. */
  static async open(site: Site, charger_id: string): Promise<EventReader> {
    const url = `${site.ws_url.replace("ws", "http")}/ocpp/events/?charger_id=${charger_id}`;
    const response = await fetch(url, { headers: { authorization: `Basic ${btoa(`admin:${PASSWORD}`)}` } });
    const text = response.body!.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>);
    const events = new EventReader(text.getReader());
    await events.#more();
    return events;
  }

  /** The data of the next event of a type. */
  async next(type: string): Promise<Json> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end < 0) {
        await this.#more();
        continue;
      }
      const [event, data] = this.#text.slice(0, end).split("\n");
      this.#text = this.#text.slice(end + 2);
      if (event === `event: ${type}`) return JSON.parse(data!.replace("data: ", ""));
    }
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#reader.read();
    if (done) throw new Error("The events have ended");
    this.#text += value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
  }
}
