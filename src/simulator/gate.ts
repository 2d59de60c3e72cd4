// Something to wait for that can come, go and come again.

/** A gate: who waits passes when it is open. */
export class Gate {
  #opening = Promise.withResolvers<void>();
  #open = false;

  /** Resolves when the gate is open, at once if it is. */
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
