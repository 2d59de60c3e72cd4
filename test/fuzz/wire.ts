// A charger that sends the fuzzer's messages and checks every answer.
import { assert, assertEquals } from "@std/assert";
import { FROM_CHARGER } from "../../src/v16/from_charger.ts";
import { ERROR_CODES } from "../../src/ocpp/error.ts";
import { checkerOf } from "../../src/ocpp/schema.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { assertValid } from "../kit/schemas.ts";

const RESPONSES = new Map(
  Object.entries(FROM_CHARGER).map(([name, { response }]) => [name, checkerOf(response)]),
);

/** A connection that is reopened after the gateway has closed it. */
export class FuzzWire implements AsyncDisposable {
  readonly #url: string;
  readonly #charger_id: string;
  #client: RawClient | undefined;
  #sentinels = 0;

  constructor(ws_url: string, charger_id: string) {
    this.#url = ws_url;
    this.#charger_id = charger_id;
  }

  /** Resolves with the open connection. */
  async client(): Promise<RawClient> {
    return this.#client ??= await RawClient.connect(this.#url, { path: this.#charger_id });
  }

  /** Sends a text; there must be at most one valid answer to it, and the next CALL must be answered. */
  async sendText(text: string): Promise<void> {
    const client = await this.client();
    client.sendText(text);
    const answers = await this.#answersBeforeSentinel(client);
    assert(answers.length <= 1, `Answered twice: ${JSON.stringify(answers)}`);
    for (const answer of answers) assertAnswer(answer, text);
  }

  /** Sends frames byte by byte; the gateway may close. */
  async sendBytes(bytes: Uint8Array, options: { may_close: boolean }): Promise<void> {
    const client = await this.client();
    client.sendBytes(bytes);
    if (!options.may_close) return void await this.#answersBeforeSentinel(client);
    await client.closed;
    this.#client = undefined;
  }

  /** Sends a binary frame, which closes the socket. */
  async sendBinary(bytes: Uint8Array): Promise<void> {
    const client = await this.client();
    client.sendBinary(bytes);
    assertEquals((await client.closed).code, 1003);
    this.#client = undefined;
  }

  async #answersBeforeSentinel(client: RawClient): Promise<unknown[][]> {
    const sentinel = `sentinel ${++this.#sentinels}`;
    client.send([2, sentinel, "Heartbeat", {}]);
    const answers: unknown[][] = [];
    for (let frame = await client.next(); frame[1] !== sentinel; frame = await client.next()) {
      answers.push(frame);
    }
    return answers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.drop();
  }
}

/** Throws if a frame is no valid OCPP-J 1.6 answer to the sent text, read without NUL characters. */
function assertAnswer(answer: unknown[], raw: string): void {
  const [type, id] = answer;
  const sent = raw.replaceAll("\0", "");
  const text = `${JSON.stringify(answer).slice(0, 300)} to ${sent.slice(0, 300)}`;
  assert(
    sent.includes(typeof id === "string" ? id : String(id)) || isSent(id, sent),
    `An invented id: ${text}`,
  );
  if (type === 3) return assertResult(answer, sent, text);
  const [, , code, description, details] = answer;
  assertEquals([type, answer.length], [4, 5], text);
  assert((ERROR_CODES as readonly unknown[]).includes(code), text);
  assert(code !== "InternalError", `Our bug: ${text}`);
  assert(typeof description === "string" && description.length <= 255, text);
  assert(typeof details === "object" && details !== null && !Array.isArray(details), text);
}

function assertResult(answer: unknown[], sent: string, text: string): void {
  const action = String(JSON.parse(sent)[2]);
  assertEquals(answer.length, 3, text);
  assert(RESPONSES.get(action)?.check(answer[2]), text);
  assertValid(`${action}.conf`, answer[2]);
}

/** Compares parsed ids: the answer may use other escapes than the text. */
function isSent(id: unknown, sent: string): boolean {
  try {
    const parsed = JSON.parse(sent);
    return Array.isArray(parsed) && parsed[1] === id;
  } catch {
    return false;
  }
}
