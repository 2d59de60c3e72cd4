// Liveness of chargers' sockets: a ping after a silence, and the end after a longer one.

/** A watched socket. */
export interface Watched {
  /** Time of the last frame of any kind, monotonic ms. */
  heard: number;
  ping(): void;
  drop(): void;
}

const PING_AFTER_MS = 30_000;
const DROP_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 5_000;

/** Pings silent sockets and drops dead ones. */
export class Liveness {
  readonly #watched = new Set<Watched>();
  #timer: ReturnType<typeof setInterval> | undefined;

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
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
      if (silent > DROP_AFTER_MS) socket.drop();
      else if (silent > PING_AFTER_MS) socket.ping();
    }
  }
}
