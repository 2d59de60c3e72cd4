// The outbox: messages to receivers outside, stored until they are delivered, in order for each destination.
import { fromBytes, toBytes } from "./kv/codec.ts";
import type { Commits } from "./kv/commits.ts";
import { type DamageReport, readOr, type StoredValue } from "./kv/damage.ts";
import type { TableDeps } from "./kv/declaration.ts";
import type { Keys } from "./kv/keys.ts";
import { deleteMutation, type Mutation } from "./kv/mutation.ts";
import type { Delivery } from "./records/outputs.ts";

/** The bounds of one destination. */
export interface OutboxBounds {
  /** Messages that wait. */
  waiting: number;
  /** Bytes of those. */
  bytes: number;
  /** Age of those, ms: nobody acts on what is older. */
  age_ms: number;
  /** Messages that are kept after the last attempt on them. */
  done: number;
}

/** The bounds unless a test has others. */
export const OUTBOX_BOUNDS: OutboxBounds = {
  waiting: 10_000,
  bytes: 8_000_000,
  age_ms: 30 * 86_400_000,
  done: 200,
};

/** Events that say little beside those that follow them: they go first where there is no room. */
const EXPENDABLE = ["meter", "charger", "connector", "configuration", "settings"];

/** A stored message as memory knows it. */
interface Entry {
  sequence: number;
  type: string;
  bytes: number;
  at: string;
}

/** The messages of one destination. */
class Queue {
  readonly waiting = new Map<number, Entry>();
  /** Sequences of those whose commit is under way. */
  readonly uncommitted = new Set<number>();
  readonly done: number[] = [];
  bytes = 0;
  dropped = 0;

  add(entry: Entry): void {
    this.waiting.set(entry.sequence, entry);
    this.bytes += entry.bytes;
  }

  remove(sequence: number): void {
    this.bytes -= this.waiting.get(sequence)?.bytes ?? 0;
    this.waiting.delete(sequence);
  }

  oldest(): Entry | undefined {
    return this.waiting.values().next().value;
  }

  /** Returns the least informative of the oldest messages. */
  leastWanted(): Entry {
    const entries = [...this.waiting.values()];
    for (const type of EXPENDABLE) {
      const found = entries.find((entry) => entry.type === type);
      if (found) return found;
    }
    return entries[0]!;
  }
}

/** A message to a destination. */
export type Message = Pick<Delivery, "destination" | "type" | "at" | "body">;

/** An event that is told outside. */
export interface Told {
  type: string;
  charger_id?: string;
  data: () => object;
}

/** Messages that are put into another commit: its caller says how that ended. */
export interface Telling {
  mutations: Mutation[];
  stored(): void;
  failed(): void;
}

/** Knows who is told of an event. */
export interface Teller {
  messagesOf(told: Told): Message[];
  /** Called when a message to a destination is committed. */
  onStored(destination: string): void;
}

const NOTHING_TOLD: Telling = { mutations: [], stored: () => {}, failed: () => {} };

/** Figures of a destination. */
export interface OutboxState {
  waiting: number;
  bytes: number;
  /** The time of the oldest message that waits; null: none does. */
  oldest: string | null;
  /** Messages that were given up for want of room since the start. */
  dropped: number;
}

/** Messages by destination. Only their outlines are in memory. */
export class Outbox {
  readonly #commits: Commits;
  readonly #kv: Deno.Kv;
  readonly #prefix: readonly string[];
  readonly #damaged: DamageReport | undefined;
  readonly #queues = new Map<string, Queue>();
  /** Messages with an uncommitted write, by destination and sequence. */
  readonly #pending = new Map<string, Delivery>();
  #last = 0;
  bounds = OUTBOX_BOUNDS;
  /** Set by the webhooks while they run. */
  teller: Teller | null = null;

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
      else queue.done.push(sequence);
    }
  }

  /**
   * Adds a message, in the commit of the records that are written in the same turn of the event loop. Where there is no
   * room, the least informative of the oldest messages go.
   */
  async add(message: Message): Promise<void> {
    const telling = this.#stage([message]);
    try {
      await this.#commits.put(telling.mutations, { deferred: EXPENDABLE.includes(message.type) });
    } catch (error) {
      telling.failed();
      throw error;
    }
    telling.stored();
  }

  /** Returns the messages on an event, for the commit of the records that it tells of. */
  telling(told: Told): Telling {
    const { teller } = this;
    const messages = teller?.messagesOf(told) ?? [];
    if (messages.length === 0) return NOTHING_TOLD;
    const staged = this.#stage(messages);
    const stored = () => {
      staged.stored();
      for (const { destination } of messages) teller!.onStored(destination);
    };
    return { ...staged, stored };
  }

  /** Queues messages, which wait for their commit. */
  #stage(messages: readonly Message[]): Telling {
    const deliveries = messages.map((message) => this.#deliveryOf(message));
    const mutations: Mutation[] = [];
    for (const delivery of deliveries) {
      const { destination, sequence, type, at } = delivery;
      const queue = this.#queue(destination);
      const value = toBytes(delivery);
      queue.add({ sequence, type, at, bytes: value.length });
      queue.uncommitted.add(sequence);
      mutations.push(
        { key: this.#keyOf(destination, sequence), value },
        ...this.#makeRoom(destination, queue, Date.parse(at)),
      );
    }
    const settle = (isStored: boolean) => {
      for (const { destination, sequence } of deliveries) {
        const queue = this.#queue(destination);
        queue.uncommitted.delete(sequence);
        if (!isStored) queue.remove(sequence);
      }
    };
    return { mutations, stored: () => settle(true), failed: () => settle(false) };
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
  update(delivery: Delivery): Promise<void> {
    const { destination, sequence, state } = delivery;
    const queue = this.#queue(destination);
    const changes: Mutation[] = [{ key: this.#keyOf(destination, sequence), value: toBytes(delivery) }];
    if (state !== "waiting" && queue.waiting.has(sequence)) {
      queue.remove(sequence);
      queue.done.push(sequence);
      for (const old of queue.done.splice(0, Math.max(0, queue.done.length - this.bounds.done))) {
        changes.push(deleteMutation(this.#keyOf(destination, old)));
      }
    }
    return this.#write(delivery, changes, true);
  }

  /** Returns the oldest message that waits; none while that one is not committed. */
  async next(destination: string): Promise<Delivery | undefined> {
    const { waiting, uncommitted } = this.#queue(destination);
    for (const sequence of waiting.keys()) {
      if (uncommitted.has(sequence)) return;
      const delivery = await this.get(destination, sequence);
      if (delivery || waiting.has(sequence)) return delivery;
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
  async *newest(destination: string, cursor?: number): AsyncGenerator<Delivery> {
    const { waiting, done } = this.#queue(destination);
    const sequences = [...waiting.keys(), ...done].filter((sequence) => sequence < (cursor ?? Infinity));
    for (const sequence of sequences.sort((a, b) => b - a)) {
      const delivery = await this.get(destination, sequence);
      if (delivery) yield delivery;
    }
  }

  /** Returns the figures of a destination. */
  state(destination: string): OutboxState {
    const queue = this.#queue(destination);
    const { waiting, bytes, dropped } = queue;
    return { waiting: waiting.size, bytes, oldest: queue.oldest()?.at ?? null, dropped };
  }

  /** Deletes all messages of a destination. */
  async forget(destination: string): Promise<void> {
    const { waiting, done } = this.#queue(destination);
    this.#queues.delete(destination);
    const keys = [...waiting.keys(), ...done].map((sequence) => this.#keyOf(destination, sequence));
    for (let at = 0; at < keys.length; at += 500) {
      await this.#commits.put(keys.slice(at, at + 500).map(deleteMutation));
    }
  }

  #queue(destination: string): Queue {
    let queue = this.#queues.get(destination);
    if (!queue) this.#queues.set(destination, queue = new Queue());
    return queue;
  }

  #keyOf(destination: string, sequence: number): Deno.KvKey {
    return [...this.#prefix, destination, sequence];
  }

  /** `now`: ms since 1970. */
  #makeRoom(destination: string, queue: Queue, now: number): Mutation[] {
    const { waiting, bytes, age_ms } = this.bounds;
    const changes: Mutation[] = [];
    for (;;) {
      const oldest = queue.oldest();
      const is_old = oldest !== undefined && now - Date.parse(oldest.at) > age_ms;
      if (!is_old && queue.waiting.size <= waiting && queue.bytes <= bytes) return changes;
      const { sequence } = is_old ? oldest : queue.leastWanted();
      queue.remove(sequence);
      queue.dropped++;
      changes.push(deleteMutation(this.#keyOf(destination, sequence)));
    }
  }

  async #write(delivery: Delivery, changes: Mutation[], deferred: boolean): Promise<void> {
    const key = `${delivery.destination}/${delivery.sequence}`;
    this.#pending.set(key, delivery);
    try {
      await this.#commits.put(changes, { deferred });
    } finally {
      if (this.#pending.get(key) === delivery) this.#pending.delete(key);
    }
  }
}
