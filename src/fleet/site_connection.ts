// A site's connection at the fleet: one message after the other; nothing is acknowledged before it is durable.
import { Buffer } from "node:buffer";
// @ts-types="@types/ws"
import type { RawData, WebSocket as Socket } from "ws";
import { SITE_ID } from "../config.ts";
import { describeError, type Log } from "../log.ts";
import { type Batch, BatchError, decodeBatch } from "../store/changes/batch.ts";
import {
  type Download,
  type FleetMessage,
  type Hello,
  LINK_PROTOCOL,
  type Page,
  type RefusalCode,
} from "../store/changes/link_messages.ts";
import { sha256 } from "../store/changes/link_keys.ts";
import { SCHEMA } from "../store/site.ts";
import type { Enrolled, FleetEngine } from "./engine.ts";

/** The parts that a connection works with. */
export interface ConnectionDeps {
  engine: FleetEngine;
  log: Log;
  now: () => number;
  address: string;
}

/** A site that has said who it is. */
interface Known {
  site_id: string;
  key_hash: string;
  program: string;
  /** True: its values may be read, since it has come with a one-time code for that. */
  restoring: boolean;
}

const HELLO_MS = 10_000;
const MAX_WAITING = 4;
const PAGE_BYTES = 600_000;

/** A message that is refused; the connection ends. */
class Refusal extends Error {
  constructor(readonly code: RefusalCode, text: string) {
    super(text);
  }
}

/** The refusals of an enrolment. */
const ENROLMENT_REFUSALS: Partial<Record<Enrolled, () => Refusal>> = {
  wrong_code: () => new Refusal("wrong_code", "The code is wrong, used, too old, or another site's"),
  incomplete: () =>
    new Refusal("incomplete", "The site's last gateway had more to send when it was last heard"),
};

/** Serves one site. */
export class SiteConnection {
  readonly #socket: Socket;
  readonly #deps: ConnectionDeps;
  #site: Known | null = null;
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(socket: Socket, deps: ConnectionDeps) {
    this.#socket = socket;
    this.#deps = deps;
    const silent = setTimeout(() => socket.terminate(), HELLO_MS);
    socket.on("message", (data, is_binary) => {
      clearTimeout(silent);
      if (++this.#waiting > MAX_WAITING) return socket.terminate();
      this.#work = this.#work.then(() => this.#serve(bytesOf(data), is_binary)).finally(() =>
        this.#waiting--
      );
    });
    socket.on(
      "error",
      (error) =>
        deps.log.warn("A site's connection failed", { error: describeError(error), address: deps.address }),
    );
    socket.on("close", () => clearTimeout(silent));
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.#work;
  }

  async #serve(bytes: Uint8Array, is_binary: boolean): Promise<void> {
    try {
      if (!this.#site) await this.#welcome(bytes, is_binary);
      else if (is_binary) await this.#take(this.#site, await decodeBatch(bytes));
      else if (this.#site.restoring) this.#send(await this.#page(this.#site, bytes));
      else throw new Refusal("bad_message", "Only batches are expected after the first message");
    } catch (error) {
      this.#refuse(error);
    }
  }

  async #welcome(bytes: Uint8Array, is_binary: boolean): Promise<void> {
    const hello = is_binary ? null : helloIn(bytes);
    if (!hello) throw new Refusal("bad_message", "The first message must say who the site is");
    if (hello.protocol !== LINK_PROTOCOL) {
      throw new Refusal("newer_site", `Only version ${LINK_PROTOCOL} of the link is spoken here`);
    }
    const { engine, now } = this.#deps;
    const { site_id, program } = hello;
    const key_hash = await sha256(hello.key);
    if (hello.code !== undefined) {
      const complete_only = hello.restore === "complete";
      const enrolment = { site_id, key_hash, code_hash: await sha256(hello.code), now: now(), complete_only };
      const refusal = ENROLMENT_REFUSALS[await engine.enrol(enrolment)];
      if (refusal) throw refusal();
    } else if (!await engine.knows(site_id, key_hash)) {
      throw new Refusal("unknown_site", `Site ${site_id} is not enrolled with this key`);
    }
    this.#site = { site_id, key_hash, program, restoring: hello.restore !== undefined };
    this.#send({ type: "welcome", name: site_id });
  }

  /** Returns the next values of a site that is restored. */
  async #page({ site_id }: Known, bytes: Uint8Array): Promise<Page> {
    const after = afterIn(bytes);
    if (!after) throw new Refusal("bad_message", "The message is no request for values");
    const rows: Page["rows"] = [];
    let size = 0;
    for await (const { key, value } of this.#deps.engine.values(site_id, after)) {
      if (size > PAGE_BYTES) return { type: "page", rows, next: rows.at(-1)![0] };
      rows.push([key.toHex(), value.toBase64()]);
      size += key.length + value.length;
    }
    return { type: "page", rows, next: null };
  }

  async #take(site: Known, batch: Batch): Promise<void> {
    const { engine, log, now } = this.#deps;
    if (batch.schema > SCHEMA) {
      throw new Refusal(
        "newer_site",
        `The site's records have schema ${batch.schema}, this fleet knows ${SCHEMA}: update the fleet first`,
      );
    }
    const applied = await engine.apply(site.site_id, batch, { ...site, now: now() });
    if (applied === "fenced") {
      log.warn("Refused a batch of another gateway of the site", {
        site: site.site_id,
        address: this.#deps.address,
      });
      throw new Refusal("fenced", `Another gateway has sent as site ${site.site_id}`);
    }
    this.#send({ type: "ack", id: batch.id });
  }

  /** Says why, and closes. The errors of the database are the operator's to see, not the site's. */
  #refuse(error: unknown): void {
    const { log, address } = this.#deps;
    const about = { site: this.#site?.site_id, address };
    if (error instanceof Refusal) {
      log.warn("Refused a site", { ...about, code: error.code, error: error.message });
    } else if (error instanceof BatchError) log.warn("Refused a batch", { ...about, error: error.message });
    else log.error("The fleet's database failed", { ...about, error: describeError(error) });
    const refused: [RefusalCode, string] = error instanceof Refusal
      ? [error.code, error.message]
      : error instanceof BatchError
      ? ["bad_message", error.message]
      : ["unavailable", "The fleet's database does not store anything now"];
    this.#send({ type: "refused", code: refused[0], text: refused[1] });
    this.#socket.close(1008);
  }

  #send(message: FleetMessage): void {
    this.#socket.send(JSON.stringify(message), () => {});
  }
}

/** Reads a site's first message; null: it is none. */
function helloIn(bytes: Uint8Array): Hello | null {
  try {
    const hello = JSON.parse(new TextDecoder().decode(bytes)) as Hello;
    const texts = [hello.site_id, hello.key, hello.program].every((one) =>
      typeof one === "string" && one.length <= 200
    );
    const code = hello.code === undefined || (typeof hello.code === "string" && hello.code.length <= 100);
    const whole = hello.type === "hello" && texts && code && SITE_ID.test(hello.site_id);
    return whole && hello.key.length >= 32 ? hello : null;
  } catch {
    return null;
  }
}

/** Reads a request for values; null: it is none. */
function afterIn(bytes: Uint8Array): Uint8Array | null {
  try {
    const { type, after } = JSON.parse(new TextDecoder().decode(bytes)) as Download;
    return type === "download" ? Uint8Array.fromHex(after) : null;
  } catch {
    return null;
  }
}

function bytesOf(data: RawData): Uint8Array {
  const buffer = Array.isArray(data)
    ? Buffer.concat(data)
    : data instanceof ArrayBuffer
    ? Buffer.from(data)
    : data;
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
