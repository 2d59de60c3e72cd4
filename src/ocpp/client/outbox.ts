// The queue of transaction messages: sent in order, kept while offline, repeated when refused (OCPP 1.6 §3.7).
import { CallFailed } from "../error.ts";
import type { Clock, Timer } from "./clock.ts";
import { Gate } from "./gate.ts";

/** A message that must not be lost. */
export interface QueuedMessage {
  action: string;
  /** Returns the payload; called for each attempt, since a transaction's id may be known only then. */
  payload(): object;
  /** Called with the payload of the CALLRESULT. */
  answered?(answer: unknown): void;
  /** Called when the message is given up: every attempt was refused. */
  refused?(error: unknown): void;
}

/** The surroundings of an outbox: its time, its way out, and its configuration. */
export interface OutboxDeps {
  clock: Clock;
  /** Returns true while messages may be sent. */
  ready(): boolean;
  /** Resolves with the answer. Rejects with CallFailed `closed` when the connection was lost, with Suppressed to drop the message. */
  send(action: string, payload: object): Promise<unknown>;
  /** TransactionMessageAttempts. */
  attempts(): number;
  /** TransactionMessageRetryInterval, s. */
  retry_s(): number;
  /** `answered` or `refused` of a message has thrown. */
  onError(error: unknown): void;
}

/** A message that is deliberately not sent, and not tried again. */
export class Suppressed extends Error {
  override readonly name = "Suppressed";
}

/** A queue that is sent from the front, one message at a time. */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #messages: QueuedMessage[] = [];
  #sending = false;
  #tries = 0;
  #retry: Timer | null = null;
  readonly #emptied = new Gate();

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
    this.#emptied.open();
  }

  /** Number of queued messages, the one under way included. */
  get length(): number {
    return this.#messages.length;
  }

  /** Resolves when the queue is empty. */
  get emptied(): Promise<void> {
    return this.#emptied.passed;
  }

  /** Adds a message and sends it as soon as those before it are done. */
  put(message: QueuedMessage): void {
    this.#messages.push(message);
    this.#emptied.shut();
    this.pump();
  }

  /** Sends queued messages, if they may be sent. */
  pump(): void {
    if (this.#sending || this.#retry || !this.#messages.length || !this.#deps.ready()) return;
    this.#deps.clock.during(this.#sendFirst());
  }

  /** Drops all messages, as a charger does that keeps nothing through a power cut. */
  clear(): void {
    this.#messages.length = 0;
    this.#openIfEmpty();
  }

  /** Cancels the next attempt; nothing is sent until pump(). */
  pause(): void {
    this.#retry?.cancel();
    this.#retry = null;
  }

  async #sendFirst(): Promise<void> {
    const message = this.#messages[0]!;
    this.#sending = true;
    const done = await this.#attempt(message);
    this.#sending = false;
    try {
      done?.();
    } catch (error) {
      this.#deps.onError(error);
    }
    this.pump();
  }

  /** Sends a message once; resolves with the callback to run when it is done with, undefined when it stays. */
  async #attempt(message: QueuedMessage): Promise<(() => void) | undefined> {
    try {
      const answer = await this.#deps.send(message.action, message.payload());
      this.#remove(message);
      return () => message.answered?.(answer);
    } catch (error) {
      if (!this.#isGivenUp(error)) return;
      this.#remove(message);
      return () => message.refused?.(error);
    }
  }

  #remove(message: QueuedMessage): void {
    if (this.#messages[0] === message) this.#messages.shift();
    this.#tries = 0;
    this.#openIfEmpty();
  }

  #openIfEmpty(): void {
    if (!this.#messages.length) this.#emptied.open();
  }

  /** A lost connection is no attempt; a refusal or a timeout is, and the wait grows with each (OCPP 1.6 §9.1.30). */
  #isGivenUp(error: unknown): boolean {
    if (error instanceof Suppressed) return true;
    if (error instanceof CallFailed && error.reason === "closed") return false;
    if (++this.#tries >= Math.max(1, this.#deps.attempts())) return true;
    this.#retry = this.#deps.clock.after(this.#deps.retry_s() * this.#tries * 1000, () => {
      this.#retry = null;
      this.pump();
    });
    return false;
  }
}
