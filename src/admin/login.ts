// Logging in and out: a cookie session where the gateway has them, HTTP Basic where it has not.
import { signal } from "@preact/signals";
import { ApiError, call, get, session, useBasic } from "./api.ts";

/** Whether nobody has set the gateway up yet. */
export const set_up_needed = signal(false);

/** Asks who is logged in. */
export async function findSession(): Promise<void> {
  try {
    session.value = named(await get<Record<string, unknown>>("/ocpp/session/"));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 403) set_up_needed.value = (await get<{ needed: boolean }>("/ocpp/setup/")).needed;
    session.value = null;
  }
}

/** Logs in. Throws ApiError when user or password are wrong. */
export async function logIn(user: string, password: string): Promise<void> {
  try {
    const answer = await call<Record<string, unknown>>("POST", "/login", { user, password });
    session.value = named({ name: user, ...answer });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    await logInBasic(user, password);
  }
}

async function logInBasic(user: string, password: string): Promise<void> {
  useBasic(user, password);
  try {
    await get("/ocpp/settings/");
    session.value = { name: user };
  } catch (error) {
    useBasic(user, null);
    throw error;
  }
}

/** Logs out. */
export async function logOut(): Promise<void> {
  await call("POST", "/logout", {}).catch(() => {});
  useBasic("", null);
  session.value = null;
}

function named(answer: Record<string, unknown> | undefined): { name: string; role?: string } {
  const { name, user, role } = answer ?? {};
  const who = String(
    typeof user === "object" && user ? (user as { name?: string }).name : name ?? user ?? "admin",
  );
  return typeof role === "string" ? { name: who, role } : { name: who };
}

/** Sets the gateway up, and logs in. Throws ApiError. */
export async function setUp(answers: Record<string, unknown>): Promise<void> {
  session.value = named(await call<Record<string, unknown>>("POST", "/ocpp/setup/", answers));
  set_up_needed.value = false;
}
