// Authentication: session cookies, Basic credentials and API tokens.
import { Buffer } from "node:buffer";
import { createHmac, randomBytes } from "node:crypto";
import type { Log } from "../../log.ts";
import type { Role, Store, Token, User } from "../../store/store.ts";
import { RateLimiter } from "../../site/security/rate_limiter.ts";
import { cookieOf } from "./cookie.ts";
import { HttpError } from "../http_error.ts";
import type { Identity, Peer } from "./identity.ts";
import { Passwords } from "./password.ts";
import { applyReset } from "./password_reset.ts";
import { digestOf, LoginSessions } from "./login_sessions.ts";

/** The first user's name. */
export const ADMIN = "admin";

const REMEMBERED = 100;
const TRIES_OF_AN_ADDRESS = 10; // times those of an account

/** The parts that credentials are checked with. */
export interface AuthDeps {
  store: Store;
  log: Log;
  now: () => number;
  /** The folder where `reset-password` leaves its file; null: none. */
  data_dir: string | null;
  /** The scrypt cost N of new hashes; default 32,768. */
  password_cost?: number;
}

/** Checks credentials against the store. */
export class Auth {
  readonly passwords: Passwords;
  readonly login_sessions: LoginSessions;
  readonly #deps: AuthDeps;
  readonly #accounts: RateLimiter;
  readonly #addresses: RateLimiter;
  readonly #secret = randomBytes(32);
  /** Keyed digests of recently verified credentials, with the hash that they matched: scrypt takes 90 ms, and scripts ask often. */
  readonly #right = new Map<string, string>();
  readonly #checking = new Map<string, Promise<User | null>>();

  constructor(deps: AuthDeps) {
    const { store, now } = deps;
    this.#deps = deps;
    this.passwords = new Passwords(deps.password_cost);
    this.login_sessions = new LoginSessions(store, now);
    const lock_ms = () => store.settings.login_lock_minutes * 60_000;
    this.#accounts = new RateLimiter(() => ({ tries: store.settings.login_tries, lock_ms: lock_ms() }));
    this.#addresses = new RateLimiter(() => ({
      tries: store.settings.login_tries * TRIES_OF_AN_ADDRESS,
      lock_ms: lock_ms(),
    }));
  }

  /** Creates the admin if there is no user yet and a password is given. */
  async firstStart(password: string | null): Promise<void> {
    if (password === null || this.#deps.store.users.size > 0) return;
    await this.createUser(ADMIN, "admin", password);
  }

  /** Creates a user. */
  async createUser(name: string, role: Role, password: string): Promise<User> {
    const user = {
      name,
      role,
      password: await this.passwords.hash(password),
      created_at: this.#iso(),
      last_login: null,
    };
    await this.#deps.store.users.put(user);
    return user;
  }

  /** Sets a user's password and ends their login sessions, but for `except`. */
  async setPassword(user: User, password: string, except?: string): Promise<User> {
    const changed = { ...user, password: await this.passwords.hash(password) };
    await this.#deps.store.users.put(changed);
    await this.login_sessions.endAll(user.name, except);
    return changed;
  }

  /** Returns the identity that the headers prove; null: none. Throws HttpError 429 after too many wrong tries. */
  async authenticate(headers: Headers, peer: Peer): Promise<Identity | null> {
    const authorization = headers.get("authorization");
    const basic = basicOf(authorization);
    if (basic) return identityOf(await this.checkPassword(basic.name, basic.password, peer), "basic");
    const bearer = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? "")?.[1];
    if (bearer !== undefined) return this.#byToken(bearer, peer);
    const cookie = cookieOf(headers.get("cookie"), peer);
    const session = cookie === null ? null : this.login_sessions.find(cookie);
    const user = session && this.#deps.store.users.get(session.user);
    return user ? { ...identityOf(user, "session")!, session_id: session.session_id } : null;
  }

  /** Returns the user of a name and password; null: they are wrong, which counts as a try. Throws HttpError 429. */
  async checkPassword(name: string, password: string, { address }: Peer): Promise<User | null> {
    const key = `${address}\0${name.slice(0, 100)}`;
    const digest = createHmac("sha256", this.#secret).update(`${name}\0${password}`).digest("base64");
    const known = this.#deps.store.users.get(name);
    if (known && this.#wait(key, address) === 0 && this.#right.get(digest) === known.password) return known;
    await this.#refuseLocked(key, address);
    const user = this.#deps.store.users.get(name);
    const flight = `${address}\0${digest}`; // equal credentials in parallel are one try
    let check = this.#checking.get(flight);
    if (!check) {
      check = this.#try(key, address, user, password, digest)
        .finally(() => this.#checking.delete(flight));
      this.#checking.set(flight, check);
    }
    return await check;
  }

  async #try(
    key: string,
    address: string,
    user: User | undefined,
    password: string,
    digest: string,
  ): Promise<User | null> {
    this.#count(key, address);
    try {
      const right = user
        ? await this.passwords.matches(password, user.password)
        : await this.passwords.waste(password);
      if (!user || !right) return null;
    } catch (error) {
      this.#takeBack(key, address); // nothing was checked
      throw error;
    }
    this.#accounts.clear(key);
    this.#addresses.takeBack(address);
    if (this.#right.size >= REMEMBERED) this.#right.clear();
    this.#right.set(digest, user.password);
    return user;
  }

  #byToken(secret: string, { address }: Peer): Identity | null {
    const wait = this.#addresses.retryAfter(address);
    if (wait > 0) throw locked(wait);
    const token = this.#tokenOf(secret);
    if (!token) {
      this.#addresses.count(address);
      return null;
    }
    this.#used(token);
    return { name: token.label, role: token.role, via: "token" };
  }

  #tokenOf(secret: string): Token | null {
    const hash = digestOf(secret);
    for (const token of this.#deps.store.tokens.values()) {
      if (token.hash !== hash) continue;
      return token.expires_at === null || Date.parse(token.expires_at) > this.#deps.now() ? token : null;
    }
    return null;
  }

  /** Stores the token's last use, at most once a minute. */
  #used(token: Token): void {
    const now = this.#deps.now();
    if (Math.abs(now - Date.parse(token.last_used ?? "1970-01-01")) < 60_000) return;
    this.#deps.store.tokens.put({ ...token, last_used: this.#iso() }, { deferred: true }).catch(() => {});
  }

  async #refuseLocked(key: string, address: string): Promise<void> {
    const { data_dir, store } = this.#deps;
    if (data_dir && await applyReset(data_dir, store, this.login_sessions)) this.#accounts.clear(key);
    const wait = this.#wait(key, address);
    if (wait > 0) throw locked(wait);
  }

  #wait(key: string, address: string): number {
    return Math.max(this.#accounts.retryAfter(key), this.#addresses.retryAfter(address));
  }

  #count(key: string, address: string): void {
    this.#addresses.count(address);
    if (!this.#accounts.count(key)) return;
    const name = key.slice(key.indexOf("\0") + 1);
    this.#deps.log.warn("Locked an account after too many failed logins", { name, address });
  }

  #takeBack(key: string, address: string): void {
    this.#accounts.takeBack(key);
    this.#addresses.takeBack(address);
  }

  #iso(): string {
    return new Date(this.#deps.now()).toISOString();
  }
}

function identityOf(user: User | null, via: "basic" | "session"): Identity | null {
  return user && { name: user.name, role: user.role, via };
}

function locked(seconds: number): HttpError {
  const minutes = Math.ceil(seconds / 60);
  const text = `Too many wrong tries: try again in ${minutes} minute${minutes === 1 ? "" : "s"}`;
  return new HttpError("too_many_tries", text, { retry_after: seconds, values: { minutes } });
}

function basicOf(header: string | null): { name: string; password: string } | null {
  const match = /^Basic\s+([A-Za-z0-9+/=]{1,1000})\s*$/i.exec(header ?? "");
  if (!match) return null;
  const text = Buffer.from(match[1]!, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? null : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}
