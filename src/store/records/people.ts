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
  /** True: the user cannot log in, and the user's API tokens are refused. */
  disabled?: boolean;
  /** Present: a login needs a code as well. */
  second_factor?: SecondFactor;
}

/** The second factor of a user: time-based one-time passwords (RFC 6238), and codes for the loss of the phone. */
export interface SecondFactor {
  /** The shared secret, base32. */
  secret: string;
  /** The time step of the newest code that was used: neither it nor an earlier one is accepted again. */
  last_step: number;
  /** SHA-256 of the unused recovery codes, hex. */
  recovery: string[];
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
  /** The user who made it, in person or by another token. The token is good only while this user may log in. */
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
