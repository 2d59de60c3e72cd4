// Who asks, and where from.
import type { Context } from "hono";
import type { Role } from "../../store/store.ts";
import { HttpError } from "../http_error.ts";

/** Who a request comes from. */
export interface Identity {
  /** The user's name, or the token's label. */
  name: string;
  role: Role;
  via: "session" | "basic" | "token";
  /** The session that the cookie belongs to. */
  session_id?: string;
}

/** What a listener tells of a request beside the request itself. */
export interface Peer {
  address: string;
  /** Whether it came over TLS. */
  secure: boolean;
}

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** Whether a role may do what needs `needed`. */
export function mayDo(role: Role, needed: Role): boolean {
  return RANK[role] >= RANK[needed];
}

/** Where a request comes from; a request made without a listener comes from nowhere. */
export function peerOf(c: Context): Peer {
  const { address = "unknown", secure = false } = (c.env ?? {}) as Partial<Peer>;
  return { address, secure };
}

/** Who asks, once the guard has let the request through. */
export function identityOf(c: Context): Identity {
  return c.get("identity") as Identity;
}

/** Throws HttpError 403 when who asks has a lesser role. */
export function requireRole(c: Context, needed: Role): void {
  const { role } = identityOf(c);
  if (mayDo(role, needed)) return;
  throw new HttpError("role_required", `This requires the role ${needed}; your role is ${role}`, {
    values: { needed, role },
  });
}

/** Whether who asks is logged in, on public pages too. */
export function identityOrNull(c: Context): Identity | null {
  return c.get("identity") as Identity | undefined ?? null;
}
