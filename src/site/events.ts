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
  /** Listeners with the types that they want; null: all. */
  readonly #listeners = new Map<Listener, ReadonlySet<string> | null>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void = () => {}) {
    this.#onError = onError;
  }

  /** Calls `listener` for each event, or each of some types, until the returned function is called. */
  subscribe(listener: Listener, types?: readonly string[]): () => void {
    this.#listeners.set(listener, types ? new Set(types) : null);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells of a change. Hot: `data` is only made when somebody wants it. */
  emit(type: string, charger_id: string | undefined, data: () => unknown): void {
    let event: Event | undefined;
    for (const [listener, types] of this.#listeners) {
      if (types !== null && !types.has(type)) continue;
      event ??= { type, ...(charger_id === undefined ? {} : { charger_id }), data: data() };
      this.#tell(listener, event);
    }
  }

  #tell(listener: Listener, event: Event): void {
    try {
      listener(event);
    } catch (error) {
      this.#onError(error);
    }
  }
}
