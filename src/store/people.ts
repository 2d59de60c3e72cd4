// The records of people and programs that ask: users, their sessions, API tokens, and what they did.

/** What somebody may do: see; see and start, stop, unlock and keep the tags; everything. */
export type Role = "viewer" | "operator" | "admin";

/** A person. */
export interface User {
  name: string;
  role: Role;
  /** scrypt parameters, salt and hash. */
  password: string;
  created_at: string;
  last_login: string | null;
}

/** A browser that is logged in. */
export interface LoginSession {
  /** SHA-256 of the cookie, hex: the cookie itself is never kept. */
  session_id: string;
  user: string;
  created_at: string;
  last_used: string;
  expires_at: string;
  address: string;
  /** What the browser calls itself. */
  agent: string;
}

/** An API token for a program. */
export interface Token {
  token_id: string;
  label: string;
  role: Role;
  /** SHA-256 of the token, hex: the token itself is shown once and never kept. */
  hash: string;
  created_at: string;
  created_by: string;
  expires_at: string | null;
  last_used: string | null;
}

/** Something that somebody did. */
export interface AuditEntry {
  sequence: number;
  at: string;
  /** The user's or the token's name; "" where nobody was logged in. */
  who: string;
  /** How it was known who asked. */
  via: "session" | "basic" | "token" | "set-up" | "none";
  address: string;
  /** `create`, `change`, `delete`, `login` …, or the command's name. */
  action: string;
  /** What it was done to: `charger`, `rfid`, `settings` … */
  kind: string;
  /** Which one; "" where there is only one. */
  id: string;
  /** What was asked for, with its secrets masked. */
  details: unknown;
}

/** A client certificate that is good no longer. */
export interface Revocation {
  /** SHA-256 of the certificate, or its serial number: hex in lower case without colons. */
  certificate: string;
  charger_id: string | null;
  reason: string;
  revoked_at: string;
}
