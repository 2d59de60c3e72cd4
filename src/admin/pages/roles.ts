// The roles that pages need.
import type { Role } from "../../store/store.ts";
import { can } from "../api.ts";

/** The pages that need a role above viewer. */
const ROLES: Record<string, Role> = {
  waiting: "operator",
  standards: "operator",
  simulators: "admin",
  webhooks: "admin",
  users: "admin",
};

/** Returns true if the user's role may see a page. */
export function mayOpen(page: string): boolean {
  return can(ROLES[page] ?? "viewer");
}
