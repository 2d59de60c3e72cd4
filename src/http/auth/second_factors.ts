// Second factors of users: codes of an authenticator app, and recovery codes.
import type { Log } from "../../log.ts";
import { StorageError } from "../../store/kv/commits.ts";
import type { SecondFactor, Store, User } from "../../store/store.ts";
import { RateLimiter, type RateLimits } from "../../site/security/rate_limiter.ts";
import { HttpError } from "../http_error.ts";
import { digestOf } from "./login_sessions.ts";
import { lockedFor } from "./locked.ts";
import { randomLetters } from "./password.ts";
import { newSecret, secretUri, stepOf } from "./totp.ts";

const RECOVERY_CODES = 10;
const LETTERS = 16; // 80 bits: a fast hash suffices
const PENDING_MS = 600_000;

/** The parts that second factors are checked with. */
export interface SecondFactorDeps {
  store: Store;
  log: Log;
  /** ms since 1970. */
  now: () => number;
}

/** A secret that was shown and not yet confirmed by a code. */
interface Pending {
  secret: string;
  /** ms since 1970. */
  until: number;
}

/** Sets second factors up, and checks codes. */
export class SecondFactors {
  readonly #deps: SecondFactorDeps;
  /** Wrong codes by user: whoever gets this far knows the password, from whatever address. */
  readonly #tries: RateLimiter;
  readonly #pending = new Map<string, Pending>();

  constructor(deps: SecondFactorDeps, limits: () => RateLimits) {
    this.#deps = deps;
    this.#tries = new RateLimiter(limits);
  }

  /** Begins the set-up: returns a new secret, which is stored once `finish` gets a code of it within ten minutes. */
  begin({ name, second_factor }: User): { secret: string; uri: string } {
    if (second_factor) throw new HttpError("state_forbids", "The second factor is already on");
    const { store, now } = this.#deps;
    const secret = newSecret();
    this.#pending.set(name, { secret, until: now() + PENDING_MS });
    return {
      secret,
      uri: secretUri(secret, { account: name, issuer: store.settings.name || "OCPP gateway" }),
    };
  }

  /** Turns the second factor on. Returns the recovery codes, of which only hashes are stored. Throws HttpError. */
  async finish(user: User, code: string): Promise<string[]> {
    const { secret, until } = this.#pending.get(user.name) ?? { secret: "", until: 0 };
    if (until <= this.#deps.now()) {
      throw new HttpError(
        "state_forbids",
        "The set-up of the second factor was not begun, or is older than ten minutes",
      );
    }
    this.#count(user.name);
    const last_step = stepOf(secret, digitsOf(code), this.#deps.now());
    if (last_step === null) throw wrongCode();
    this.#tries.clear(user.name);
    this.#pending.delete(user.name);
    return await this.#withNewCodes(user, { secret, last_step });
  }

  /** Replaces the recovery codes, and returns them. Throws HttpError 409 without a second factor. */
  async renewCodes(user: User): Promise<string[]> {
    if (!user.second_factor) throw new HttpError("state_forbids", "The second factor is off");
    return await this.#withNewCodes(user, user.second_factor);
  }

  /** Takes the second factor off. */
  async remove({ name }: User): Promise<void> {
    const { users } = this.#deps.store;
    const { second_factor, ...user } = users.get(name)!;
    if (second_factor) await users.put(user);
  }

  /** Checks a code of a user whose password was right; a code is good once. Throws HttpError 403 and 429. */
  async check(user: User, code: string | undefined): Promise<void> {
    const factor = user.second_factor;
    if (!factor) return;
    if (code === undefined || code.trim() === "") {
      throw new HttpError("code_required", "Enter the code of your authenticator app, or a recovery code");
    }
    this.#count(user.name);
    const used = this.#use(factor, code);
    if (!used) throw wrongCode();
    this.#tries.clear(user.name);
    await this.#keep(user, used);
  }

  /** Returns the second factor after the use of a code; null: the code is wrong or was used before. */
  #use(factor: SecondFactor, code: string): SecondFactor | null {
    const step = stepOf(factor.secret, digitsOf(code), this.#deps.now());
    if (step !== null) return step > factor.last_step ? { ...factor, last_step: step } : null;
    const hash = digestOf(lettersOf(code));
    const recovery = factor.recovery.filter((one) => one !== hash);
    return recovery.length < factor.recovery.length ? { ...factor, recovery } : null;
  }

  async #withNewCodes({ name }: User, factor: Omit<SecondFactor, "recovery">): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, () => randomLetters(LETTERS));
    const { users } = this.#deps.store;
    await users.put({ ...users.get(name)!, second_factor: { ...factor, recovery: codes.map(digestOf) } });
    return codes.map((code) => code.replaceAll(/(.{4})(?=.)/g, "$1-"));
  }

  /** Stores that a code was used. Without a working disk it is kept in memory, so that an operator can still log in. */
  async #keep({ name }: User, second_factor: SecondFactor): Promise<void> {
    const { users } = this.#deps.store;
    const changed = { ...users.get(name)!, second_factor };
    await users.put(changed).catch((error) => {
      if (!(error instanceof StorageError)) throw error;
      users.keepInMemory(changed);
    });
  }

  /** Counts a try. Throws HttpError 429 after too many wrong ones. */
  #count(name: string): void {
    const wait = this.#tries.retryAfter(name);
    if (wait > 0) throw lockedFor(wait);
    if (!this.#tries.count(name)) return;
    this.#deps.log.warn("Locked a second factor after too many wrong codes", { name });
  }
}

function wrongCode(): HttpError {
  return new HttpError("wrong_code", "The code is wrong, or was used before: wait for the next one");
}

function digitsOf(code: string): string {
  return code.replaceAll(/\s/g, "");
}

function lettersOf(code: string): string {
  return code.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
