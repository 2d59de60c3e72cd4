// The waiting room: recent connection attempts of chargers with their outcomes. In memory, bounded.
import type { Denial, UpgradeRequest } from "./handshake.ts";

/** The attempts of one charger id from one address. */
export interface ConnectionAttempt {
  knock_id: string;
  /** Null: the path has none. */
  charger_id: string | null;
  path: string;
  address: string;
  secure: boolean;
  /** The subprotocols offered, as received. */
  protocols: string | null;
  credentials: "none" | "basic" | "certificate" | "other";
  user_agent: string | null;
  accepted: boolean;
  /** The HTTP status of the answer; 101: accepted. */
  status: number;
  reason: string;
  first_at: string;
  last_at: string;
  count: number;
}

const MAX_TEXT = 200;
const SHARE = 4; // an address may fill a quarter of the room

/** Keeps the newest attempts. */
export class WaitingRoom {
  readonly #size: () => number;
  readonly #now: () => number;
  /** Oldest first. */
  readonly #accepted = new Map<string, ConnectionAttempt>();
  readonly #refused = new Map<string, ConnectionAttempt>();
  #last_id = 0;

  /** `size`: the entries kept of refused attempts, and as many of accepted ones. */
  constructor(size: () => number, now: () => number) {
    this.#size = size;
    this.#now = now;
  }

  /** Keeps an attempt; `denial` null: it was accepted. */
  keep(request: UpgradeRequest, charger_id: string | null, denial: Denial | null): void {
    const key = `${charger_id ?? cut(request.path)}\0${request.remote_address}`;
    const room = denial ? this.#refused : this.#accepted;
    const before = room.get(key);
    if (!denial) this.#refused.delete(key); // no longer refused
    room.delete(key);
    if (room.size >= this.#size()) this.#makeRoom(room, request.remote_address);
    const at = new Date(this.#now()).toISOString();
    room.set(key, {
      knock_id: before?.knock_id ?? String(++this.#last_id),
      ...describe(request, charger_id),
      accepted: denial === null,
      status: denial?.status ?? 101,
      reason: denial?.reason ?? "Let in",
      first_at: before?.first_at ?? at,
      last_at: at,
      count: (before?.count ?? 0) + 1,
    });
  }

  /** Returns the attempts, newest first. */
  list(): ConnectionAttempt[] {
    const all = [...this.#accepted.values(), ...this.#refused.values()];
    return all.sort((a, b) =>
      a.last_at < b.last_at ? 1 : a.last_at > b.last_at ? -1 : Number(b.knock_id) - Number(a.knock_id)
    );
  }

  /** Returns an attempt by its id. */
  get(knock_id: string): ConnectionAttempt | undefined {
    return this.list().find((knock) => knock.knock_id === knock_id);
  }

  /** Forgets an attempt. */
  forget(knock_id: string): void {
    for (const room of [this.#accepted, this.#refused]) {
      for (const [key, knock] of room) if (knock.knock_id === knock_id) room.delete(key);
    }
  }

  /** Drops the oldest entry of an address that fills more than its share, else the oldest of all. */
  #makeRoom(room: Map<string, ConnectionAttempt>, address: string): void {
    const share = this.#size() / SHARE;
    let own = 0;
    let victim: string | undefined;
    for (const [key, knock] of room) {
      if (knock.address !== address) continue;
      victim ??= key;
      if (++own > share) break;
    }
    room.delete(own > share ? victim! : room.keys().next().value!);
    while (room.size >= this.#size()) room.delete(room.keys().next().value!);
  }
}

function describe(request: UpgradeRequest, charger_id: string | null) {
  const agent = request.header("user-agent");
  const protocols = request.header("sec-websocket-protocol");
  return {
    charger_id,
    path: cut(request.path),
    address: request.remote_address,
    secure: request.secure,
    protocols: protocols === null ? null : cut(protocols),
    credentials: credentialsOf(request),
    user_agent: agent === null ? null : cut(agent),
  };
}

function credentialsOf({ header, certificate }: UpgradeRequest): ConnectionAttempt["credentials"] {
  if (certificate) return "certificate";
  const authorization = header("authorization");
  if (authorization === null) return "none";
  return /^basic\s/i.test(authorization) ? "basic" : "other";
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
