// Roles of commands. The role of a request is its route's.
import type { Role } from "../../store/store.ts";

/** The commands that an operator may send: start, stop, unlock. */
const OPERATORS_COMMANDS = new Set([
  "remote_start",
  "remote_start_transaction",
  "remote_stop",
  "remote_stop_transaction",
  "unlock_connector",
]);

/** Returns the role that a command needs, by its name in REST. */
export function roleForCommand(name: string): Role {
  return OPERATORS_COMMANDS.has(name) ? "operator" : "admin";
}
