// The newest public events with their ids, for streams that come back after an interruption.
import { type Event, type Events, PUBLIC } from "../../site/events.ts";

/** A public event with its place in the order of all. */
export interface NumberedEvent {
  /** Different in each process, so that no id of an earlier one is taken for one of this. */
  id: string;
  event: Event;
}

/** The bounds of what is kept. */
export interface RingBounds {
  events: number;
  /** Bytes of their JSON: less than a stream may have waiting. */
  bytes: number;
  /** Time after the last stream in which events are still kept, ms. */
  linger_ms: number;
}

const BOUNDS: RingBounds = { events: 5_000, bytes: 300_000, linger_ms: 300_000 };
const ID = /^([0-9a-f]{8})-(\d{1,15})$/;

/** The parts that the ring works with. */
export interface EventRingDeps {
  events: Events;
  bounds?: Partial<RingBounds>;
}

/** Keeps the newest events while there are streams, and for a while after the last one: nobody else needs them. */
export class EventRing {
  readonly #events: Events;
  readonly #bounds: RingBounds;
  readonly #epoch = crypto.randomUUID().slice(0, 8);
  readonly #listeners = new Set<(numbered: NumberedEvent) => void>();
  #kept: { number: number; event: Event; bytes: number }[] = [];
  #bytes = 0;
  #last = 0;
  #unsubscribe: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ events, bounds }: EventRingDeps) {
    this.#events = events;
    this.#bounds = { ...BOUNDS, ...bounds };
  }

  /** The id of the newest event; a stream that begins now has missed nothing after it. */
  get last_id(): string {
    return this.#idOf(this.#last);
  }

  /** Calls `listener` for each event from now on. Returns a function that unsubscribes it. */
  subscribe(listener: (numbered: NumberedEvent) => void): () => void {
    clearTimeout(this.#timer);
    this.#unsubscribe ??= this.#events.subscribe((event) => this.#take(event));
    this.#listeners.add(listener);
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#timer = setTimeout(() => this.#forget(), this.#bounds.linger_ms);
      Deno.unrefTimer(this.#timer);
    };
  }

  /** Returns the events after the one with an id, oldest first; null where some of them are no longer known. */
  after(id: string): NumberedEvent[] | null {
    const [, epoch, digits] = ID.exec(id) ?? [];
    const number = Number(digits);
    if (epoch !== this.#epoch || number > this.#last || this.#unsubscribe === null) return null;
    const first = this.#kept[0]?.number ?? this.#last + 1;
    if (number < first - 1) return null;
    return this.#kept.slice(number - first + 1).map(({ number, event }) => ({
      id: this.#idOf(number),
      event,
    }));
  }

  /** Stops at once; for the end of the gateway. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#forget();
  }

  #take(event: Event): void {
    if (PUBLIC[event.type]) this.#keep(event);
    const numbered = { id: this.last_id, event };
    for (const listener of [...this.#listeners]) listener(numbered);
  }

  #keep(event: Event): void {
    const bytes = JSON.stringify(event.data).length;
    this.#bytes += bytes;
    this.#kept.push({ number: ++this.#last, event, bytes });
    let surplus = 0;
    while (this.#kept.length - surplus > this.#bounds.events || this.#bytes > this.#bounds.bytes) {
      this.#bytes -= this.#kept[surplus++]!.bytes;
    }
    if (surplus > 0) this.#kept.splice(0, surplus);
  }

  /** Ends the keeping. Events are not seen from here on, so that no earlier id can be continued. */
  #forget(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#kept = [];
    this.#bytes = 0;
    this.#last++;
  }

  #idOf(number: number): string {
    return `${this.#epoch}-${number}`;
  }
}
