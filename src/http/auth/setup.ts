// Set-up at the first start: while there is no user, the one-time code that the program prints authorizes it.
import { node } from "../../node.ts";
import type { Settings } from "../../store/store.ts";
import { RateLimiter } from "../../site/security/rate_limiter.ts";
import { ADMIN, type Auth, type AuthDeps } from "./auth.ts";
import { HttpError } from "../http_error.ts";
import type { Peer } from "./identity.ts";
import { randomLetters } from "./password.ts";

/** The input of set-up. */
export interface SetupAnswers {
  code: string;
  password: string;
  language?: Settings["language"];
  name?: string;
  time_zone?: string;
  latitude?: number | null;
  longitude?: number | null;
}

const LETTERS = 10; // 50 bits

/** Sets the gateway up, once. */
export class Setup {
  readonly #deps: AuthDeps;
  readonly #auth: Auth;
  readonly #tries: RateLimiter;
  readonly #code = randomLetters(LETTERS);
  #under_way = false;

  constructor(deps: AuthDeps, auth: Auth) {
    const { store } = deps;
    this.#deps = deps;
    this.#auth = auth;
    this.#tries = new RateLimiter(() => ({
      tries: store.settings.login_tries,
      lock_ms: store.settings.login_lock_minutes * 60_000,
    }));
  }

  /** Tells whether there is no user yet, and none is being created. A damaged user is one: nobody else is let in instead. */
  needed(): boolean {
    const { users, damages } = this.#deps.store;
    return users.size === 0 && !damages.isIn("user") && this.#auth.first_stored === null;
  }

  /** The code to print; null after set-up. */
  get code(): string | null {
    return this.needed() ? this.#code.replaceAll(/(.{5})(?=.)/g, "$1-") : null;
  }

  /** Creates the admin and stores the settings. Returns the cookie of the admin's session. Throws HttpError 403, 409, 429. */
  async finish({ code, password, ...site }: SetupAnswers, peer: Peer, agent: string): Promise<string> {
    if (!this.needed() || this.#under_way) {
      throw new HttpError("already_set_up", "The gateway is already set up");
    }
    this.#check(code, peer);
    this.#under_way = true;
    try {
      await this.#deps.store.changeSettings(site);
      const user = await this.#auth.createUser(ADMIN, "admin", password);
      return await this.#auth.login_sessions.begin(user, peer, agent);
    } finally {
      this.#under_way = false;
    }
  }

  /** Checks the code for an action before set-up. Throws HttpError 403, 409, 429. */
  admit(code: string, peer: Peer): void {
    if (!this.needed() || this.#under_way) {
      throw new HttpError("already_set_up", "The gateway is already set up");
    }
    this.#check(code, peer);
  }

  /** Checks the code. An address is locked after too many wrong ones; against many addresses stand its 50 bits. */
  #check(code: string, { address }: Peer): void {
    const wait = this.#tries.retryAfter(address);
    if (wait > 0) {
      throw new HttpError("too_many_tries", "Too many wrong codes: try again later", { retry_after: wait });
    }
    if (isSame(code.toLowerCase().replaceAll(/[^a-z0-9]/g, ""), this.#code)) return;
    this.#tries.count(address);
    throw new HttpError(
      "wrong_setup_code",
      "The setup code is wrong: the gateway printed it when it started",
    );
  }
}

function isSame(given: string, code: string): boolean {
  return given.length === code.length &&
    node("crypto").timingSafeEqual(new TextEncoder().encode(given), new TextEncoder().encode(code));
}
