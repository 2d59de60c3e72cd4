// Limits of charger connections, in all and per address, and short bans of addresses.
import type { Settings } from "../../store/store.ts";
import { RateLimiter } from "../../site/security/rate_limiter.ts";

/** The settings that limit connections. */
export type SocketLimits = Pick<
  Settings,
  | "max_sockets"
  | "max_sockets_per_address"
  | "max_refusals_per_minute"
  | "max_wrong_keys_per_minute"
  | "max_takeovers_per_minute"
>;

const MINUTE = 60_000;
const MAX_HELD = 10_000;

/** Counts the sockets of chargers on all listeners, and refuses more than the limits allow. */
export class ConnectionLimits {
  readonly #limits: () => SocketLimits;
  readonly #now: () => number;
  readonly #by_address = new Map<string, number>();
  readonly #held = new Map<string, number>();
  /** Refused handshakes by address. */
  readonly refusals: RateLimiter;
  /** Wrong keys by charger and address. */
  readonly wrong_keys: RateLimiter;
  /** Connections that replaced an open one, by charger and address. */
  readonly takeovers: RateLimiter;
  #sockets = 0;

  /** `now`: monotonic ms. */
  constructor(limits: () => SocketLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
    const perMinute = (tries: () => number) =>
      new RateLimiter(() => ({ tries: tries(), lock_ms: MINUTE }), now);
    this.refusals = perMinute(() => limits().max_refusals_per_minute);
    this.wrong_keys = perMinute(() => limits().max_wrong_keys_per_minute);
    this.takeovers = perMinute(() => limits().max_takeovers_per_minute);
  }

  /** Returns the reason why an address may not open another socket, or null. */
  refusal(address: string): string | null {
    const { max_sockets, max_sockets_per_address } = this.#limits();
    if ((this.#held.get(address) ?? -Infinity) > this.#now()) return "This address is held off for a minute";
    if (this.#sockets >= max_sockets) return "There are too many connections";
    if ((this.#by_address.get(address) ?? 0) >= max_sockets_per_address) {
      return "There are too many connections from this address";
    }
    return null;
  }

  /** Counts a new socket. Returns the function that ends its count; calling it again does nothing. */
  enter(address: string): () => void {
    this.#sockets++;
    this.#by_address.set(address, (this.#by_address.get(address) ?? 0) + 1);
    let inside = true;
    return () => {
      if (inside) this.#leave(address);
      inside = false;
    };
  }

  /** Counts a connection from an address that replaces a charger's open one. */
  countTakeover(charger_id: string, address: string): void {
    this.takeovers.count(`${charger_id}\0${address}`);
  }

  /** Returns true if an address has replaced a charger's connection too often. */
  takesOver(charger_id: string, address: string): boolean {
    return this.takeovers.retryAfter(`${charger_id}\0${address}`) > 0;
  }

  /** Refuses all connections of an address for a minute. */
  ban(address: string): void {
    if (this.#held.size >= MAX_HELD) this.#held.clear();
    this.#held.set(address, this.#now() + MINUTE);
  }

  #leave(address: string): void {
    this.#sockets--;
    const left = (this.#by_address.get(address) ?? 1) - 1;
    if (left > 0) this.#by_address.set(address, left);
    else this.#by_address.delete(address);
  }
}
