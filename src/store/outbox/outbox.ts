// The outbox: messages to receivers outside, stored until they are delivered, in order for each destination.
import { fromBytes, toBytes } from "../kv/codec.ts";
import type { Commits } from "../kv/commits.ts";
import { type DamageReport, readOr, type StoredValue } from "../kv/damage.ts";
import type { TableDeps } from "../kv/declaration.ts";
import type { Keys } from "../kv/keys.ts";
import { deleteMutation, type Mutation } from "../kv/mutation.ts";
import type { Delivery } from "../records/outputs.ts";
import { DestinationQueue, isExpendable, OUTBOX_BOUNDS, type OutboxState } from "./destination_queue.ts";
import { Tellers, type Telling } from "./tellers.ts";

/** A message to a destination. */
export type Message = Pick<Delivery, "destination" | "type" | "at" | "body">;

const DELETED_AT_ONCE = 500;

/** Messages by destination. Only their outlines are in memory. */
export class Outbox {
  readonly #commits: Commits;
  readonly #kv: Deno.Kv;
  readonly #prefix: readonly string[];
  readonly #damaged: DamageReport | undefined;
  readonly #queues = new Map<string, DestinationQueue>();
  /** Messages with an uncommitted write, by destination and sequence. */
  readonly #pending = new Map<string, Delivery>();
  #last = 0;
  bounds = OUTBOX_BOUNDS;
  /** Those whose messages are stored with what they tell of. */
  readonly tellers = new Tellers();

  constructor({ commits, read, damaged }: TableDeps, keys: Keys<"outbox">) {
    this.#damaged = damaged;
    this.#commits = commits;
    this.#kv = read;
    this.#prefix = keys.outbox;
  }

  /** Loads the outlines of all messages. */
  async load(): Promise<void> {
    const prefix = [...this.#prefix];
    for await (const entry of this.#kv.list<Uint8Array>({ prefix }, { batchSize: 500 })) {
      this.#last = Math.max(this.#last, Number(entry.key.at(-1)));
      const delivery = this.#read(entry);
      if (!delivery) continue;
      const { destination, sequence, state, type, at } = delivery;
      const queue = this.#queue(destination);
      if (state === "waiting") queue.add({ sequence, type, at, bytes: entry.value.length });
      else queue.addDone(sequence);
    }
  }

  /**
   * Adds a message, in the commit of the records that are written in the same turn of the event loop. Where there is no
   * room, the least informative of the oldest messages go.
   */
  async add(message: Message): Promise<void> {
    const telling = this.stage([message]);
    try {
      await this.#commits.put(telling.mutations, { deferred: isExpendable(message.type) });
    } catch (error) {
      telling.failed();
      throw error;
    }
    telling.stored();
  }

  /** Adds messages that the caller commits with its own records. */
  stage(messages: readonly Message[]): Telling {
    const staged = messages.map((message) => this.#stage(message));
    const settle = (is_stored: boolean) => () => {
      for (const { queue, sequence } of staged) queue.settle(sequence, is_stored);
    };
    const mutations = staged.flatMap((each) => each.mutations);
    return { mutations, stored: settle(true), failed: settle(false) };
  }

  #stage(message: Message) {
    const delivery = this.#deliveryOf(message);
    const { destination, sequence, type, at } = delivery;
    const queue = this.#queue(destination);
    const value = toBytes(delivery);
    queue.stage({ sequence, type, at, bytes: value.length });
    const removed = queue.makeRoom(this.bounds, Date.parse(at));
    const mutations = [
      { key: this.#keyOf(destination, sequence), value },
      ...this.#deleting(destination, removed),
    ];
    return { queue, sequence, mutations };
  }

  #deliveryOf(message: Message): Delivery {
    return {
      ...message,
      sequence: ++this.#last,
      message_id: `msg_${crypto.randomUUID()}`,
      state: "waiting",
      attempts: 0,
      last_attempt_at: null,
      last_status: null,
      last_error: null,
    };
  }

  /** Stores the outcome of an attempt; beyond the bound the oldest finished messages are deleted. */
  async update(delivery: Delivery): Promise<void> {
    const { destination, sequence, state } = delivery;
    const too_many = state === "waiting" ? [] : this.#queue(destination).finish(sequence, this.bounds.done);
    const key = `${destination}/${sequence}`;
    this.#pending.set(key, delivery);
    try {
      await this.#commits.put([
        { key: this.#keyOf(destination, sequence), value: toBytes(delivery) },
        ...this.#deleting(destination, too_many),
      ], { deferred: true });
    } finally {
      if (this.#pending.get(key) === delivery) this.#pending.delete(key);
    }
  }

  /** Returns the oldest message that waits; none while that one is not committed. */
  async next(destination: string): Promise<Delivery | undefined> {
    const queue = this.#queue(destination);
    for (const sequence of queue.committed()) {
      const delivery = await this.get(destination, sequence);
      if (delivery || queue.has(sequence)) return delivery;
    }
  }

  /** Returns a message. */
  async get(destination: string, sequence: number): Promise<Delivery | undefined> {
    const pending = this.#pending.get(`${destination}/${sequence}`);
    if (pending) return pending;
    const entry = await this.#kv.get<Uint8Array>(this.#keyOf(destination, sequence));
    if (entry.value === null) return undefined;
    const delivery = this.#read(entry);
    if (!delivery) this.#queue(destination).remove(sequence);
    return delivery;
  }

  /** Returns a stored message; one that cannot be read is reported and left out. */
  #read(entry: StoredValue): Delivery | undefined {
    return readOr(entry, { read: fromBytes<Delivery>, fallback: undefined, damaged: this.#damaged });
  }

  /** Iterates over the messages of a destination before `cursor`, newest first. */
  async *newest(destination: string, cursor = Infinity): AsyncGenerator<Delivery> {
    const sequences = this.#queue(destination).sequences().filter((sequence) => sequence < cursor);
    for (const sequence of sequences.sort((a, b) => b - a)) {
      const delivery = await this.get(destination, sequence);
      if (delivery) yield delivery;
    }
  }

  /** Returns the figures of a destination. */
  state(destination: string): OutboxState {
    return this.#queue(destination).state;
  }

  /** Deletes all messages of a destination. */
  async forget(destination: string): Promise<void> {
    const changes = this.#deleting(destination, this.#queue(destination).sequences());
    this.#queues.delete(destination);
    for (let at = 0; at < changes.length; at += DELETED_AT_ONCE) {
      await this.#commits.put(changes.slice(at, at + DELETED_AT_ONCE));
    }
  }

  #queue(destination: string): DestinationQueue {
    let queue = this.#queues.get(destination);
    if (!queue) this.#queues.set(destination, queue = new DestinationQueue());
    return queue;
  }

  #keyOf(destination: string, sequence: number): Deno.KvKey {
    return [...this.#prefix, destination, sequence];
  }

  #deleting(destination: string, sequences: readonly number[]): Mutation[] {
    return sequences.map((sequence) => deleteMutation(this.#keyOf(destination, sequence)));
  }
}
