// The couriers of receivers of one kind.
import type { Courier } from "./courier.ts";

/** Couriers by their receiver's id; each is made when it is first asked for. */
export class Couriers {
  readonly #make: (id: string) => Courier;
  readonly #couriers = new Map<string, Courier>();

  constructor(make: (id: string) => Courier) {
    this.#make = make;
  }

  /** Returns a receiver's courier. */
  of(id: string): Courier {
    let courier = this.#couriers.get(id);
    if (!courier) this.#couriers.set(id, courier = this.#make(id));
    return courier;
  }

  /** Ends a receiver's courier; what waits stays stored. */
  async end(id: string): Promise<void> {
    const courier = this.#couriers.get(id);
    this.#couriers.delete(id);
    await courier?.stop();
  }

  /** Ends all. */
  async stop(): Promise<void> {
    await Promise.all([...this.#couriers.values()].map((courier) => courier.stop()));
    this.#couriers.clear();
  }
}
