// What changed, told to whoever listens: SSE, commissioning, tests.

/** One change, in the shape that REST has for it. */
export interface Event {
  type: string;
  charger_id?: string;
  data: unknown;
}

/** A listener; what it throws is told to `onError`, never to the teller. */
export type Listener = (event: Event) => void;

/** The event bus: synchronous, in memory. */
export class Events {
  readonly #listeners = new Set<Listener>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void = () => {}) {
    this.#onError = onError;
  }

  /** Whether anybody listens: spares the making of events that nobody wants. */
  get wanted(): boolean {
    return this.#listeners.size > 0;
  }

  /** Calls `listener` for each event until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells of a change. `data` is only made when somebody listens. */
  emit(type: string, charger_id: string | undefined, data: () => unknown): void {
    if (!this.wanted) return;
    const event: Event = { type, ...(charger_id === undefined ? {} : { charger_id }), data: data() };
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
