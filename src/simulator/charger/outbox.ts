// Messages about transactions: sent in the order they came about, kept while offline, tried again when refused (OCPP 1.6 §3.7).
import { CallFailed } from "../../ocpp/error.ts";
import type { Clock, Timer } from "../clock.ts";
import { Gate } from "../gate.ts";

/** A message that must not be lost. */
export interface QueuedMessage {
  action: "StartTransaction" | "StopTransaction" | "MeterValues";
  /** Made when it is sent: a transaction's id may only be known then. */
  payload(): object;
  answered?(answer: unknown): void;
  /** Every attempt was refused; it is given up. */
  refused?(error: unknown): void;
}

/** What an outbox works with. */
export interface OutboxOptions {
  clock: Clock;
  /** Whether messages may be sent now. */
  ready(): boolean;
  send(action: QueuedMessage["action"], payload: object): Promise<unknown>;
  /** TransactionMessageAttempts and TransactionMessageRetryInterval (s). */
  attempts(): number;
  retry_s(): number;
  onError(error: unknown): void;
}

/** A message that is not to be sent at all. */
export class HeldBack extends Error {
  override readonly name = "HeldBack";
}

/** A queue that is emptied from the front, one message at a time. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #letters: QueuedMessage[] = [];
  #sending = false;
  #tries = 0;
  #retry: Timer | null = null;
  readonly #emptied = new Gate();

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#emptied.open();
  }

  /** Messages that wait, the one under way included. */
  get length(): number {
    return this.#letters.length;
  }

  /** Resolves when nothing waits any more. */
  get emptied(): Promise<void> {
    return this.#emptied.passed;
  }

  put(letter: QueuedMessage): void {
    this.#letters.push(letter);
    this.#emptied.shut();
    this.pump();
  }

  /** Sends what waits, if it may be sent. */
  pump(): void {
    if (this.#sending || this.#retry || !this.#letters.length || !this.#options.ready()) return;
    this.#options.clock.during(this.#sendFirst());
  }

  /** Forgets everything, as a charger does that keeps nothing over a power cut. */
  clear(): void {
    this.#letters.length = 0;
    this.#settled();
  }

  /** Nothing more is sent until pump(). */
  pause(): void {
    this.#retry?.cancel();
    this.#retry = null;
  }

  async #sendFirst(): Promise<void> {
    const letter = this.#letters[0]!;
    this.#sending = true;
    const then = await this.#attempt(letter);
    this.#sending = false;
    try {
      then?.();
    } catch (error) {
      this.#options.onError(error);
    }
    this.pump();
  }

  /** Sends a message once; resolves with what follows when it is done with, undefined when it stays. */
  async #attempt(letter: QueuedMessage): Promise<(() => void) | undefined> {
    try {
      const answer = await this.#options.send(letter.action, letter.payload());
      this.#remove(letter);
      return () => letter.answered?.(answer);
    } catch (error) {
      if (!this.#isGivenUp(error)) return;
      this.#remove(letter);
      return () => letter.refused?.(error);
    }
  }

  #remove(letter: QueuedMessage): void {
    if (this.#letters[0] === letter) this.#letters.shift();
    this.#tries = 0;
    this.#settled();
  }

  #settled(): void {
    if (!this.#letters.length) this.#emptied.open();
  }

  /** A lost connection is no attempt; a refusal or silence is, and the wait grows with each (OCPP 1.6 §9.1.30). */
  #isGivenUp(error: unknown): boolean {
    if (error instanceof HeldBack) return true;
    if (error instanceof CallFailed && error.reason === "closed") return false;
    if (++this.#tries >= Math.max(1, this.#options.attempts())) return true;
    this.#retry = this.#options.clock.after(this.#options.retry_s() * this.#tries * 1000, () => {
      this.#retry = null;
      this.pump();
    });
    return false;
  }
}
