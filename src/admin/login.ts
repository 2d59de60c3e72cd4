// Logging in and out.
import { signal } from "@preact/signals";
import type { Role } from "../store/store.ts";
import { ApiError, call, get, session } from "./api.ts";

/** True while the gateway has no admin password. */
export const set_up_needed = signal(false);

/** Loads the login session of this browser. */
export async function findSession(): Promise<void> {
  try {
    session.value = named(await get("/ocpp/session/"));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 403) set_up_needed.value = (await get("/ocpp/setup/")).needed;
    session.value = null;
  }
}

/** Logs in by cookie, with `user`, `password` and, if the gateway has asked for it, `code`. Throws ApiError. */
export async function logIn(fields: Record<string, string>): Promise<void> {
  session.value = named(await call("POST", "/login", fields));
}

/** Logs out. */
export async function logOut(): Promise<void> {
  await call("POST", "/logout", {}).catch(() => {});
  session.value = null;
}

function named({ user, role }: { user: string; role: Role }): { name: string; role: Role } {
  return { name: user, role };
}

/** Sets the gateway up and logs in. Throws ApiError. */
export async function setUp(answers: Record<string, unknown>): Promise<void> {
  session.value = named(await call("POST", "/ocpp/setup/", answers));
  set_up_needed.value = false;
}
