// Open connections or requests of a listener, in all and by address.

/** A connection, or a response. */
interface Closing {
  once(event: "close", listener: () => void): unknown;
}

/** Counts connections or requests until they close, or are counted no more. */
export class AddressCount {
  #all = 0;
  readonly #by_address = new Map<string, number>();
  readonly #leave = new WeakMap<Closing, () => void>();

  /** Tells whether as many are open as are allowed, in all or of an address. */
  isFull(address: string, { all, of_address }: { all: number; of_address: number }): boolean {
    return this.#all >= all || (this.#by_address.get(address) ?? 0) >= of_address;
  }

  /** Counts one until it closes. */
  add(address: string, counted: Closing): void {
    this.#all++;
    this.#by_address.set(address, (this.#by_address.get(address) ?? 0) + 1);
    this.#leave.set(counted, () => this.#drop(address));
    counted.once("close", () => this.remove(counted));
  }

  /** Counts one no more, if it is counted. */
  remove(counted: Closing): void {
    this.#leave.get(counted)?.();
    this.#leave.delete(counted);
  }

  #drop(address: string): void {
    this.#all--;
    const left = this.#by_address.get(address)! - 1;
    if (left > 0) this.#by_address.set(address, left);
    else this.#by_address.delete(address);
  }
}
