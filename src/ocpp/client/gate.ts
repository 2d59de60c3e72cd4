// A condition that can be awaited, and that comes and goes.

/** A promise that resolves while the gate is open and can be taken back by shutting it. */
export class Gate {
  #opening = Promise.withResolvers<void>();
  #open = false;

  /** Resolves when the gate is open; at once if it is. */
  get passed(): Promise<void> {
    return this.#opening.promise;
  }

  open(): void {
    this.#open = true;
    this.#opening.resolve();
  }

  shut(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#opening = Promise.withResolvers();
  }
}
