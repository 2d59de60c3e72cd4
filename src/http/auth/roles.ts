// Which role a request needs. What is not named here: seeing needs a viewer, changing an admin.
import type { Role } from "../../store/store.ts";

const RULES: [methods: string, path: RegExp, role: Role][] = [
  ["*", /^\/ocpp\/(session|sessions)(\/|$)/, "viewer"], // one's own
  ["*", /^\/ocpp\/(users|tokens|backups|restore|support|revocations)(\/|$)/, "admin"],
  ["GET", /^\/ocpp\/chargers\/[^/]+\/(files|configuration)(\/|$)/, "operator"],
  ["GET", /^\/ocpp\/(waiting|audit|files)(\/|$)/, "operator"],
  ["POST", /^\/ocpp\/chargers\/[^/]+\/action$/, "operator"], // which commands: OPERATORS_COMMANDS
  ["POST", /^\/ocpp\/transactions\/[^/]+\/close$/, "operator"],
  ["POST PATCH DELETE", /^\/ocpp\/rfids(\/|$)/, "operator"],
];

/** The commands that an operator may send: start, stop, unlock. */
const OPERATORS_COMMANDS = new Set([
  "remote_start",
  "remote_start_transaction",
  "remote_stop",
  "remote_stop_transaction",
  "unlock_connector",
]);

/** The role that a request needs. */
export function roleFor(method: string, path: string): Role {
  const verb = method === "HEAD" ? "GET" : method;
  const bare = path.replace(/\/+$/, "");
  const rule = RULES.find(([methods, pattern]) =>
    (methods === "*" || methods.split(" ").includes(verb)) && pattern.test(bare)
  );
  return rule?.[2] ?? (verb === "GET" ? "viewer" : "admin");
}

/** The role that a command needs, by its name in REST. */
export function roleForCommand(name: string): Role {
  return OPERATORS_COMMANDS.has(name) ? "operator" : "admin";
}
