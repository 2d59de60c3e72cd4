// Who is asking: the one function that tells an operator from a stranger.
import { Buffer } from "node:buffer";
import { createHmac, randomBytes } from "node:crypto";
import type { Store } from "../store/store.ts";
import { hashPassword, passwordMatches, randomPassword } from "./password.ts";

/** Who a request comes from. */
export interface Operator {
  name: string;
}

const ADMIN = "admin";
const REMEMBERED = 100;

/** Checks credentials against the store. */
export class Auth {
  readonly #store: Store;
  readonly #secret = randomBytes(32);
  /** Credentials that were right a moment ago, as keyed digests: scrypt takes 90 ms, scripts ask often. */
  readonly #right = new Map<string, string>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Makes the admin at the first start; returns the password when one had to be made up. */
  async firstStart(password: string | null): Promise<string | null> {
    if (this.#store.admins.size > 0) return null;
    const chosen = password ?? randomPassword();
    await this.setPassword(ADMIN, chosen);
    return password === null ? chosen : null;
  }

  /** Sets a person's password. */
  async setPassword(name: string, password: string): Promise<void> {
    await this.#store.admins.put({ name, password: await hashPassword(password) });
    this.#right.clear();
  }

  /** Who sent these headers; null for a stranger. */
  async operatorOf(headers: Headers): Promise<Operator | null> {
    const credentials = basicOf(headers.get("authorization"));
    return credentials && await this.#check(credentials.name, credentials.password);
  }

  async #check(name: string, password: string): Promise<Operator | null> {
    const admin = this.#store.admins.get(name);
    if (!admin) return null;
    const digest = createHmac("sha256", this.#secret).update(`${name}\0${password}`).digest("base64");
    if (this.#right.get(digest) === admin.password) return { name };
    if (!await passwordMatches(password, admin.password)) return null;
    if (this.#right.size >= REMEMBERED) this.#right.clear();
    this.#right.set(digest, admin.password);
    return { name };
  }
}

function basicOf(header: string | null): { name: string; password: string } | null {
  const match = /^Basic\s+([A-Za-z0-9+/=]+)\s*$/i.exec(header ?? "");
  if (!match) return null;
  const text = Buffer.from(match[1]!, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? null : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}
