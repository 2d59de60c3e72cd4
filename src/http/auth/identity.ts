// The sender of a request: identity, role, address.
import type { Context } from "hono";
import type { Role } from "../../store/store.ts";
import { HttpError } from "../http_error.ts";

/** An authenticated sender. */
export interface Identity {
  /** The user's name, or the token's label. */
  name: string;
  role: Role;
  /** The user: of a token, the one who made it. */
  user: string;
  via: "session" | "basic" | "token";
  /** The login session of the cookie. */
  session_id?: string;
  token_id?: string;
}

/** The connection of a request. */
export interface Peer {
  address: string;
  /** True: over TLS. */
  secure: boolean;
}

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** Returns true if a role includes the rights of `needed`. */
export function mayDo(role: Role, needed: Role): boolean {
  return RANK[role] >= RANK[needed];
}

/** Returns the lower one of two roles. */
export function lowerRole(a: Role, b: Role): Role {
  return mayDo(a, b) ? b : a;
}

/** Returns the connection of a request; `unknown` for a request that came by no listener. */
export function peerOf(c: Context): Peer {
  const { address = "unknown", secure = false } = (c.env ?? {}) as Partial<Peer>;
  return { address, secure };
}

/** Returns the sender of a request that was authenticated. */
export function identityOf(c: Context): Identity {
  return c.get("identity") as Identity;
}

/** Throws HttpError 403 if the sender's role is lower than `needed`. */
export function requireRole(c: Context, needed: Role): void {
  const { role } = identityOf(c);
  if (mayDo(role, needed)) return;
  throw new HttpError("role_required", `This requires the role ${needed}; your role is ${role}`, {
    values: { needed, role },
  });
}

/** Returns the sender of a request, or null before authentication. */
export function identityOrNull(c: Context): Identity | null {
  return c.get("identity") as Identity | undefined ?? null;
}
