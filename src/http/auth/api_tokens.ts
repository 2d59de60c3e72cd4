// API tokens of programs. A token holds 256 random bits; only their hash is stored.
import { node } from "../../node.ts";
import type { Role, Store, Token } from "../../store/store.ts";
import { type Identity, lowerRole } from "./identity.ts";
import { digestOf } from "./login_sessions.ts";

const TOUCH_EVERY = 60_000;

/** The properties of a new token. */
export interface NewToken {
  label: string;
  role: Role;
  /** The user who makes it. */
  created_by: string;
  expires_at: string | null;
}

/** The API tokens of all users. */
export class ApiTokens {
  readonly #store: Store;
  readonly #now: () => number;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Creates a token; returns its record, and the secret, which is not stored. */
  async create(made: NewToken): Promise<{ token: Token; secret: string }> {
    const secret = `ogw_${node("crypto").randomBytes(32).toString("base64url")}`;
    const token: Token = {
      token_id: node("crypto").randomBytes(6).toString("hex"),
      ...made,
      hash: digestOf(secret),
      created_at: new Date(this.#now()).toISOString(),
      last_used: null,
    };
    await this.#store.tokens.put(token);
    return { token, secret };
  }

  /** Returns the identity of a secret; null: there is no such token, it has expired, or its maker may not log in any more. */
  find(secret: string): Identity | null {
    const hash = digestOf(secret);
    const token = [...this.#store.tokens.values()].find((one) => one.hash === hash);
    const maker = token && this.#store.users.get(token.created_by);
    if (!maker || maker.disabled || !this.isGood(token)) return null;
    this.#touch(token);
    const { label, role, token_id } = token;
    return { name: label, user: maker.name, role: lowerRole(role, maker.role), via: "token", token_id };
  }

  /** Deletes all tokens that a user has made. */
  async endAll(user: string): Promise<void> {
    const theirs = this.#store.tokens.all().filter(({ created_by }) => created_by === user);
    await Promise.all(theirs.map(({ token_id }) => this.#store.tokens.delete(token_id)));
  }

  /** Returns true for a token that exists and has not expired. */
  isGood(token: Token | undefined): boolean {
    return token !== undefined && (token.expires_at === null || Date.parse(token.expires_at) > this.#now());
  }

  /** Stores the token's last use, at most once a minute. */
  #touch(token: Token): void {
    const now = this.#now();
    if (Math.abs(now - Date.parse(token.last_used ?? "1970-01-01")) < TOUCH_EVERY) return;
    const last_used = new Date(now).toISOString();
    this.#store.tokens.put({ ...token, last_used }, { deferred: true }).catch(() => {}); // the next use tries again
  }
}
