// The rule for a password that comes by the environment; REST has the same in its schemas and in `Auth`.
import { MAX_PASSWORD, MIN_PASSWORD } from "./password.ts";

/** Returns what is wrong with a new password, to follow its name, or null. The list of common ones is loaded when it is needed. */
export async function passwordProblem(password: string): Promise<string | null> {
  if (password.length < MIN_PASSWORD || password.length > MAX_PASSWORD) {
    return `must have ${MIN_PASSWORD} to ${MAX_PASSWORD} characters`;
  }
  return await isCommonPassword(password)
    ? "is one of the 10,000 most common passwords: choose another"
    : null;
}

/** Returns true for one of the 10,000 most common passwords. */
export async function isCommonPassword(password: string): Promise<boolean> {
  const { isCommon } = await import("./common_passwords.ts");
  return isCommon(password);
}
