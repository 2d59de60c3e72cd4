// Which resources this gateway has: pages of those that it has not stay out of the navigation.
import { signal } from "@preact/signals";
import { has } from "./api.ts";

/** Resources that not every gateway has, by page. */
export const DOORS = {
  commissioning: "/ocpp/commissioning/",
  simulators: "/ocpp/simulators/",
  waiting: "/ocpp/waiting/",
  users: "/ocpp/users/",
  tokens: "/ocpp/tokens/",
  audit: "/ocpp/audit/",
  system: "/ocpp/system/",
  backups: "/ocpp/backups/",
} as const;

/** The name of such a resource. */
export type Door = keyof typeof DOORS;

/** Those that are there. */
export const open_doors = signal<ReadonlySet<string>>(new Set());

/** Asks for each of them once. */
export async function findDoors(): Promise<void> {
  const names = Object.keys(DOORS) as Door[];
  const found = await Promise.all(names.map((name) => has(`${DOORS[name]}?limit=1`)));
  open_doors.value = new Set(names.filter((_, index) => found[index]));
}
