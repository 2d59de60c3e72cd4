// Login sessions of browsers. The cookie holds 256 random bits; only their hash is stored.
import { node } from "../../node.ts";
import { StorageError } from "../../store/kv/commits.ts";
import type { LoginSession, Store, User } from "../../store/store.ts";
import type { Peer } from "./identity.ts";

const DAY = 86_400_000;
const TOUCH_EVERY = 3_600_000;
const MAX_PER_USER = 50;
const PROOF_MS = 5 * 60_000;

/** The login sessions of all users. They survive a restart. */
export class LoginSessions {
  readonly #store: Store;
  readonly #now: () => number;
  /** Times of the newest proof of the password, ms, by session. They are lost in a restart. */
  readonly #proofs = new Map<string, number>();

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Begins a session; returns the cookie's value. The login is its first proof of the password. */
  async begin(user: User, { address }: Peer, agent: string): Promise<string> {
    this.#sweep(user.name);
    const secret = node("crypto").randomBytes(32).toString("base64url");
    const now = this.#now();
    const session = {
      session_id: digestOf(secret),
      user: user.name,
      created_at: iso(now),
      last_used: iso(now),
      expires_at: this.#expiry(now, now),
      address,
      agent: agent.slice(0, 200),
    };
    await this.#store.login_sessions.put(session).catch((error) => {
      if (!(error instanceof StorageError)) throw error;
      this.#store.login_sessions.keepInMemory(session); // without a working disk an operator can still log in
    });
    this.prove(session.session_id);
    return secret;
  }

  /** Returns the session of a cookie, or null. Using it postpones its expiry. */
  find(secret: string): LoginSession | null {
    const session = this.#store.login_sessions.get(digestOf(secret));
    const user = session && this.#store.users.get(session.user);
    if (!user || user.disabled) return null;
    const now = this.#now();
    if (this.#isOver(session, now)) return null;
    if (Math.abs(now - Date.parse(session.last_used)) > TOUCH_EVERY) this.#touch(session, now);
    return session;
  }

  /** Returns true for a session that exists and has not expired. */
  isGood(session_id: string): boolean {
    const session = this.#store.login_sessions.get(session_id);
    return session !== undefined && !this.#isOver(session, this.#now());
  }

  /** Ends a session. */
  async end(session_id: string): Promise<void> {
    this.#proofs.delete(session_id);
    await this.#store.login_sessions.delete(session_id);
  }

  /** Notes that the password was given in a session. Returns the time until which that counts, ms since 1970. */
  prove(session_id: string): number {
    const now = this.#now();
    this.#proofs.set(session_id, now);
    return now + PROOF_MS;
  }

  /** Returns true if the password was given in the last five minutes. */
  isProven(session_id: string): boolean {
    const age = this.#now() - (this.#proofs.get(session_id) ?? -Infinity);
    return age >= 0 && age < PROOF_MS;
  }

  /** Returns the time at which a session ends however much it is used, ISO 8601. */
  endOf({ created_at }: LoginSession): string {
    return iso(this.#end(created_at));
  }

  /** Ends all sessions of a user except one. */
  async endAll(user: string, except?: string): Promise<void> {
    const theirs = this.of(user).filter(({ session_id }) => session_id !== except);
    await Promise.all(theirs.map(({ session_id }) => this.end(session_id)));
  }

  /** Returns the sessions of a user, or of all, that have not expired, newest first. */
  of(user?: string): LoginSession[] {
    const sessions = [...this.#store.login_sessions.values()].filter((session) =>
      (user === undefined || session.user === user) && !this.#isOver(session, this.#now())
    );
    return sessions.sort((a, b) => a.created_at < b.created_at ? 1 : -1);
  }

  #touch(session: LoginSession, now: number): void {
    const created = Date.parse(session.created_at);
    const touched = { ...session, last_used: iso(now), expires_at: this.#expiry(now, created) };
    this.#store.login_sessions.put(touched, { deferred: true }).catch(() => {}); // then the old expiry stays
  }

  /** Deletes expired sessions, and the oldest ones of a user who has too many. */
  #sweep(user: string): void {
    const now = this.#now();
    const expired = [...this.#store.login_sessions.values()].filter((session) => this.#isOver(session, now));
    const surplus = this.of(user).slice(MAX_PER_USER - 1);
    for (const { session_id } of [...expired, ...surplus]) this.end(session_id).catch(() => {});
  }

  #isOver({ expires_at, created_at }: LoginSession, now: number): boolean {
    return Math.min(Date.parse(expires_at), this.#end(created_at)) <= now;
  }

  #expiry(now: number, created: number): string {
    return iso(Math.min(now + this.#store.settings.session_days * DAY, this.#end(iso(created))));
  }

  #end(created_at: string): number {
    return Date.parse(created_at) + this.#store.settings.session_max_days * DAY;
  }
}

/** Returns the SHA-256 digest as hex. Secrets of 256 random bits need no slow hash. */
export function digestOf(secret: string): string {
  return node("crypto").createHash("sha256").update(secret).digest("hex");
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
