// `ocpp-gateway reset-password`: sets a user's password on the machine itself. The gateway may be running.
import { BadUsage, readConfig } from "../config.ts";
import { leaveReset } from "../http/auth/password_reset.ts";
import { Passwords, randomPassword } from "../http/auth/password.ts";
import { passwordProblem } from "../http/auth/password_rule.ts";
import { type Option, parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { requireAccess } from "./data_dir.ts";

const OPTIONS: Record<string, Option> = {
  "data-dir": { type: "string", help: "data directory of the gateway" },
  "user": { type: "string", help: "name of the user (admin)" },
};

export const command: Command = { run: resetPassword };

/** Sets the password to OCPP_ADMIN_PASSWORD, or to a random one that is printed; it is never on a command line. */
async function resetPassword(args: string[]): Promise<number> {
  const given = parseArguments(args, { name: "reset-password", options: OPTIONS });
  if (!given) return 0;
  const { "data-dir": flag, user = "admin" } = given.values as Record<string, string | undefined>;
  const { data_dir, admin_password } = readConfig(flag === undefined ? [] : ["--data-dir", flag]);
  await requireAccess(data_dir, "reset the password");
  if (!await Deno.stat(data_dir).then(({ isDirectory }) => isDirectory, () => false)) {
    throw new Error(`Cannot reset the password: there is no data directory ${data_dir}`);
  }
  const problem = admin_password === null ? null : await passwordProblem(admin_password);
  if (problem !== null) throw new BadUsage(`OCPP_ADMIN_PASSWORD ${problem}`);
  const password = admin_password ?? randomPassword();
  await leaveReset(data_dir, { name: user, password: await new Passwords().hash(password) });
  console.log(
    admin_password === null
      ? `The password of ${user} is now: ${password}`
      : `The password of ${user} is now the value of OCPP_ADMIN_PASSWORD`,
  );
  return 0;
}
