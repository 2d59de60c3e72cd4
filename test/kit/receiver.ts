// A receiver of webhooks on a port of its own, that answers as a test wants.

/** A received message. */
export interface ReceivedMessage {
  headers: Record<string, string>;
  text: string;
  // deno-lint-ignore no-explicit-any
  body: any;
}

/** A receiver. */
export class Receiver implements AsyncDisposable {
  readonly messages: ReceivedMessage[] = [];
  readonly url: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  /** Answers a message; replace it for another answer. */
  answer: (message: ReceivedMessage) => Response | Promise<Response> = () =>
    new Response(null, { status: 204 });

  /** Listens on `port`, or a free one. */
  constructor(port = 0) {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
      const text = await request.text();
      const message = { headers: Object.fromEntries(request.headers), text, body: JSON.parse(text) };
      const answer = await this.answer(message);
      if (answer.ok) this.messages.push(message);
      return answer;
    });
    this.url = `http://127.0.0.1:${this.port}/hook`;
  }

  get port(): number {
    return this.#server.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
