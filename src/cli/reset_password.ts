// `ocpp-gateway reset-password`: for who has lost it, on the machine itself. The gateway may run or not.
import { readConfig } from "../config.ts";
import { leaveReset } from "../http/auth/password_reset.ts";
import { Passwords, randomPassword } from "../http/auth/password.ts";
import { type Option, readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { refuseStranger } from "./data_dir.ts";

const OPTIONS: Record<string, Option> = {
  "data-dir": { type: "string", help: "the gateway's data dir" },
  "user": { type: "string", help: "whose password (admin)" },
};

export const command: Command = {
  name: "reset-password",
  summary: "give a user a new password, also while the gateway runs",
  run: resetPassword,
};

/** The password is OCPP_ADMIN_PASSWORD, or a random one that is printed; never on a command line. */
async function resetPassword(args: string[]): Promise<number> {
  const given = readArguments(args, { name: "reset-password", options: OPTIONS });
  if (!given) return 0;
  const { "data-dir": flag, user = "admin" } = given.values as Record<string, string | undefined>;
  const { data_dir, admin_password } = readConfig(flag === undefined ? [] : ["--data-dir", flag]);
  await refuseStranger(data_dir, "reset the password");
  if (!await Deno.stat(data_dir).then(({ isDirectory }) => isDirectory, () => false)) {
    throw new Error(`Cannot reset the password: there is no data dir ${data_dir}`);
  }
  const password = admin_password ?? randomPassword();
  await leaveReset(data_dir, { name: user, password: await new Passwords().hash(password) });
  console.log(
    admin_password === null
      ? `The password of ${user} is now: ${password}`
      : `The password of ${user} is OCPP_ADMIN_PASSWORD's`,
  );
  return 0;
}
