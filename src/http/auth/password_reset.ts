// Password resets: `ocpp-gateway reset-password` leaves a file in the data directory, to which only the operator of the machine can write.
import type { Store, User } from "../../store/store.ts";
import type { LoginSessions } from "./login_sessions.ts";

const FILE = "reset-password.json";

/** The contents of the file; `password` is a hash. */
interface Reset {
  name: string;
  password: string;
}

/** Writes the file with a user's new password hash. The gateway applies it at the next login or start. */
export async function leaveReset(data_dir: string, reset: Reset): Promise<void> {
  const path = `${data_dir}/${FILE}`;
  await Deno.writeTextFile(`${path}.new`, JSON.stringify(reset), { mode: 0o600 });
  const [folder, file] = await Promise.all([Deno.stat(data_dir), Deno.stat(`${path}.new`)]);
  if (folder.uid !== null && folder.uid !== file.uid) await Deno.chown(`${path}.new`, folder.uid, folder.gid);
  await Deno.rename(`${path}.new`, path);
}

/** Applies and deletes the file: sets the password and takes the second factor off; a user of an unknown name is created as an admin. Returns true if there was a file. */
export async function applyReset(data_dir: string, store: Store, sessions: LoginSessions): Promise<boolean> {
  const path = `${data_dir}/${FILE}`;
  if (!await Deno.rename(path, `${path}.taken`).then(() => true, () => false)) return false;
  const text = await Deno.readTextFile(`${path}.taken`);
  await Deno.remove(`${path}.taken`);
  const { name, password } = JSON.parse(text) as Reset;
  if (typeof name !== "string" || !password?.startsWith("scrypt$")) return false;
  await store.users.put({ ...userFor(name, store), password });
  await sessions.endAll(name);
  return true;
}

/** Returns the user, enabled and without second factor, or a new admin. */
function userFor(name: string, { users }: Store): Omit<User, "password"> {
  const { second_factor: _factor, disabled: _disabled, ...user } = users.get(name) ??
    { name, role: "admin" as const, created_at: new Date().toISOString(), last_login: null };
  return user;
}
