// Authentication: session cookies, Basic credentials and API tokens.
import { node } from "../../node.ts";
import { BadUsage } from "../../config.ts";
import { StorageError } from "../../store/kv/commits.ts";
import { describeError, type Log } from "../../log.ts";
import { RateLimiter } from "../../site/security/rate_limiter.ts";
import type { Role, Store, User } from "../../store/store.ts";
import { cookieOf } from "./cookie.ts";
import { HttpError } from "../http_error.ts";
import { ApiTokens } from "./api_tokens.ts";
import { type Identity, mayDo, type Peer } from "./identity.ts";
import { Passwords } from "./password.ts";
import { isCommonPassword, passwordProblem } from "./password_rule.ts";
import { lockedFor } from "./locked.ts";
import { applyReset } from "./password_reset.ts";
import { LoginSessions } from "./login_sessions.ts";
import { TagMask } from "./tag_mask.ts";
import { SecondFactors } from "./second_factors.ts";

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
  readonly tokens: ApiTokens;
  readonly tag_mask = new TagMask();
  readonly second_factors: SecondFactors;
  readonly #deps: AuthDeps;
  readonly #accounts: RateLimiter;
  readonly #addresses: RateLimiter;
  /** Wrong tokens by address. They are counted apart, since nobody guesses 256 bits: a misconfigured program must not lock out people. */
  readonly #wrong_tokens: RateLimiter;
  readonly #secret = crypto.getRandomValues(new Uint8Array(32));
  /** Keyed digests of recently verified credentials, with the hash that they matched: scrypt takes 0.3 s, and scripts ask often. */
  readonly #right = new Map<string, string>();
  readonly #checking = new Map<string, Promise<User | null>>();
  /** The admin of the first start, until it is stored. */
  #first: { password: string; stored: PromiseWithResolvers<void> } | null = null;

  constructor(deps: AuthDeps) {
    const { store, now } = deps;
    this.#deps = deps;
    this.passwords = new Passwords(deps.password_cost);
    this.login_sessions = new LoginSessions(store, now);
    this.tokens = new ApiTokens(store, now);
    const limits = (factor: number) => () => ({
      tries: store.settings.login_tries * factor,
      lock_ms: store.settings.login_lock_minutes * 60_000,
    });
    this.second_factors = new SecondFactors(deps, limits(1));
    this.#accounts = new RateLimiter(limits(1));
    this.#addresses = new RateLimiter(limits(TRIES_OF_AN_ADDRESS));
    this.#wrong_tokens = new RateLimiter(limits(TRIES_OF_AN_ADDRESS));
  }

  /** Decides if the admin is to be created: there is no user yet and a password is given. Throws BadUsage for one that REST would refuse. */
  async firstStart(password: string | null): Promise<void> {
    if (password === null || this.#deps.store.users.size > 0) return;
    const problem = await passwordProblem(password);
    if (problem !== null) throw new BadUsage(`OCPP_ADMIN_PASSWORD ${problem}`);
    this.#first = { password, stored: Promise.withResolvers() };
  }

  /** Begins to create the admin of the first start. Its hash takes longer than the whole start, so chargers do not wait for it. */
  createFirst(): void {
    if (!this.#first) return;
    const { password, stored } = this.#first;
    this.createUser(ADMIN, "admin", password)
      .catch((error) => this.#deps.log.error("Cannot create the admin", { error: describeError(error) }))
      .finally(() => (this.#first = null, stored.resolve()));
  }

  /** Resolves once the admin of the first start is stored; null: none is to be. */
  get first_stored(): Promise<void> | null {
    return this.#first?.stored.promise ?? null;
  }

  /** Creates a user. Tokens of an earlier user of that name end. Throws HttpError 400 for a common password. */
  async createUser(name: string, role: Role, password: string): Promise<User> {
    await refuseCommon(password);
    await this.tokens.endAll(name);
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
    await refuseCommon(password);
    const hash = await this.passwords.hash(password);
    const changed = { ...this.#deps.store.users.get(user.name) ?? user, password: hash };
    await this.#deps.store.users.put(changed);
    await this.login_sessions.endAll(user.name, except);
    return changed;
  }

  /** Deletes a user, with the user's login sessions and tokens. */
  async deleteUser({ name }: User): Promise<void> {
    await Promise.all([this.login_sessions.endAll(name), this.tokens.endAll(name)]);
    await this.#deps.store.users.delete(name);
  }

  /**
   * Returns the identity that the headers prove; null: none. Throws HttpError 429 after too many wrong tries, 403 for
   * the password of a user with a second factor, which HTTP Basic cannot send.
   */
  async authenticate(headers: Headers, peer: Peer): Promise<Identity | null> {
    const authorization = headers.get("authorization");
    const basic = basicOf(authorization);
    if (basic) return this.#byBasic(await this.checkPassword(basic.name, basic.password, peer));
    const bearer = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? "")?.[1];
    if (bearer !== undefined) return this.#byToken(bearer, peer);
    const cookie = cookieOf(headers.get("cookie"), peer);
    const session = cookie === null ? null : this.login_sessions.find(cookie);
    const user = session && this.#deps.store.users.get(session.user);
    return user ? { ...identityOf(user, "session")!, session_id: session.session_id } : null;
  }

  /** Returns true while an identity that was proven is still good, for answers that go on for long. */
  isCurrent({ user: name, role, via, session_id = "", token_id = "" }: Identity): boolean {
    const { users, tokens } = this.#deps.store;
    const user = users.get(name);
    if (!user || user.disabled || !mayDo(user.role, role)) return false;
    if (via === "token") return this.tokens.isGood(tokens.get(token_id));
    return via === "basic" || this.login_sessions.isGood(session_id);
  }

  /** Returns the user of a name and password; null: they are wrong, which counts as a try. Throws HttpError 429. */
  async checkPassword(name: string, password: string, { address }: Peer): Promise<User | null> {
    const key = `${address}\0${name.slice(0, 100)}`;
    const digest = node("crypto").createHmac("sha256", this.#secret).update(`${name}\0${password}`).digest(
      "base64",
    );
    const known = this.#deps.store.users.get(name);
    const remembered = known && !known.disabled && this.#right.get(digest) === known.password;
    if (remembered && this.#wait(key, address) === 0) return known;
    await this.#applyReset(key);
    const wait = this.#wait(key, address);
    if (wait > 0) throw lockedFor(wait); // nothing is awaited between this and the count
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
      if (!user || !right || user.disabled) return null;
    } catch (error) {
      this.#takeBack(key, address); // nothing was checked
      throw error;
    }
    this.#accounts.clear(key);
    this.#addresses.takeBack(address);
    if (this.#right.size >= REMEMBERED) this.#right.clear();
    const current = await this.#renewed(user, password);
    this.#right.set(digest, current.password);
    return current;
  }

  /** Returns a user whose password was right, hashed again if the hash is of an older cost. */
  async #renewed(user: User, password: string): Promise<User> {
    const { users } = this.#deps.store;
    if (!this.passwords.isOutdated(user.password)) return users.get(user.name) ?? user;
    const hash = await this.passwords.hash(password);
    const newest = users.get(user.name);
    if (newest?.password !== user.password) return newest ?? user;
    const renewed = { ...newest, password: hash };
    await users.put(renewed).catch((error) => {
      if (!(error instanceof StorageError)) throw error;
    });
    return users.get(user.name) ?? user;
  }

  #byBasic(user: User | null): Identity | null {
    if (!user?.second_factor) return identityOf(user, "basic");
    throw new HttpError(
      "basic_not_possible",
      `${user.name} logs in with a second factor, which HTTP Basic cannot send: use an API token`,
    );
  }

  #byToken(secret: string, { address }: Peer): Identity | null {
    const identity = this.tokens.find(secret); // before the locks: they are for wrong secrets only
    if (identity) return identity;
    const wait = Math.max(this.#addresses.retryAfter(address), this.#wrong_tokens.retryAfter(address));
    if (wait > 0) throw lockedFor(wait);
    this.#wrong_tokens.count(address);
    return null;
  }

  async #applyReset(key: string): Promise<void> {
    const { data_dir, store } = this.#deps;
    if (data_dir && await applyReset(data_dir, store, this.login_sessions)) this.#accounts.clear(key);
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

/** Throws HttpError 400 for one of the 10,000 most common passwords. */
async function refuseCommon(password: string): Promise<void> {
  if (!await isCommonPassword(password)) return;
  throw new HttpError(
    "common_password",
    "This password is one of the 10,000 most common ones: choose another",
  );
}

function identityOf(user: User | null, via: "basic" | "session"): Identity | null {
  return user && { name: user.name, user: user.name, role: user.role, via };
}

function basicOf(header: string | null): { name: string; password: string } | null {
  const match = /^Basic\s+([A-Za-z0-9+/=]{1,1000})\s*$/i.exec(header ?? "");
  if (!match) return null;
  const text = node("buffer").Buffer.from(match[1]!, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? null : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}
