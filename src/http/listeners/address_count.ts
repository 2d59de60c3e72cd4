// Open connections or requests of a listener, in all and by address.

/** Greatest numbers, in all and of one address. */
export interface MostOpen {
  all: number;
  of_address: number;
}

/** Requests at once, without handshakes of chargers: each may hold 200 kB over TLS. */
export const MAX_REQUESTS: MostOpen = { all: 256, of_address: 64 };

/** Counts connections or requests while they are open. */
export class AddressCount {
  #all = 0;
  readonly #by_address = new Map<string, number>();

  /** Tells whether as many are open as are allowed, in all or of an address. */
  isFull(address: string, { all, of_address }: MostOpen): boolean {
    return this.#all >= all || (this.#by_address.get(address) ?? 0) >= of_address;
  }

  /** Counts one. Returns the function that ends its count; calling it again does nothing. */
  enter(address: string): () => void {
    this.#all++;
    this.#by_address.set(address, (this.#by_address.get(address) ?? 0) + 1);
    let inside = true;
    return () => {
      if (inside) this.#leave(address);
      inside = false;
    };
  }

  #leave(address: string): void {
    this.#all--;
    const left = this.#by_address.get(address)! - 1;
    if (left > 0) this.#by_address.set(address, left);
    else this.#by_address.delete(address);
  }
}
