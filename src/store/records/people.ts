// People and programs that use the gateway: users, login sessions, API tokens, and the audit log.

/** A role: `viewer` reads; `operator` also starts, stops, unlocks and manages tags; `admin` may do everything. */
export type Role = "viewer" | "operator" | "admin";

/** A user. */
export interface User {
  name: string;
  role: Role;
  /** scrypt parameters, salt and hash. */
  password: string;
  created_at: string;
  last_login: string | null;
}

/** A login session of a browser. */
export interface LoginSession {
  /** SHA-256 of the cookie, hex; the cookie itself is never stored. */
  session_id: string;
  user: string;
  created_at: string;
  last_used: string;
  expires_at: string;
  address: string;
  /** The browser's User-Agent. */
  agent: string;
}

/** An API token. */
export interface Token {
  token_id: string;
  label: string;
  role: Role;
  /** SHA-256 of the token, hex; the token itself is shown once and never stored. */
  hash: string;
  created_at: string;
  created_by: string;
  expires_at: string | null;
  last_used: string | null;
}

/** An entry of the audit log. */
export interface AuditEntry {
  sequence: number;
  at: string;
  /** The user's or the token's name; "" without login. */
  who: string;
  /** The means of authentication. */
  via: "session" | "basic" | "token" | "set-up" | "none";
  address: string;
  /** `create`, `change`, `delete`, `login` …, or the command's name. */
  action: string;
  /** The kind of object: `charger`, `rfid`, `settings` … */
  kind: string;
  /** The object's id; "" where there is only one. */
  id: string;
  /** The request's content, secrets masked. */
  details: unknown;
}
