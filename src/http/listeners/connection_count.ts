// TCP connections of a listener, in all and by address.
import type { Socket } from "node:net";

/** Counts TCP connections. */
export class ConnectionCount {
  #all = 0;
  readonly #by_address = new Map<string, number>();

  /** All open connections. */
  get all(): number {
    return this.#all;
  }

  /** Returns the open connections of an address. */
  of(address: string): number {
    return this.#by_address.get(address) ?? 0;
  }

  /** Counts a connection until it closes. */
  add(address: string, socket: Socket): void {
    this.#all++;
    this.#by_address.set(address, this.of(address) + 1);
    socket.once("close", () => {
      this.#all--;
      const left = this.of(address) - 1;
      if (left > 0) this.#by_address.set(address, left);
      else this.#by_address.delete(address);
    });
  }
}
