// Liveness of chargers' sockets: a ping after a silence, and the end after a longer one.

/** A watched socket. */
export interface Watched {
  /** Time of the last frame of any kind, monotonic ms. */
  heard: number;
  ping(): void;
  drop(): void;
}

const LOOKS = 12; // while a socket is silent, until it is dropped

/** Pings silent sockets at half of a time, and drops them at its end. */
export class Liveness {
  readonly #drop_ms: number;
  readonly #watched = new Set<Watched>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `idle_seconds`: the silence after which a socket is dropped. */
  constructor(idle_seconds: number) {
    this.#drop_ms = idle_seconds * 1000;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), this.#drop_ms / LOOKS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Watches a socket until the returned function is called. */
  watch(socket: Watched): () => void {
    this.#watched.add(socket);
    return () => void this.#watched.delete(socket);
  }

  #look(): void {
    const now = performance.now();
    for (const socket of this.#watched) {
      const silent = now - socket.heard;
      if (silent > this.#drop_ms) socket.drop();
      else if (silent > this.#drop_ms / 2) socket.ping();
    }
  }
}
