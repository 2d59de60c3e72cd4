// The input of a second factor's code, and the errors of logins.
import { ApiError } from "../api.ts";
import { messages } from "../i18n.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { Field } from "./parts.tsx";

const t = messages(SHELL);

/** Shows the input, with the focus in it. */
export function CodeField() {
  return (
    <Field label={t("code")} hint={t("code_hint")}>
      <input name="code" required autocomplete="one-time-code" autocapitalize="none" ref={focus} />
    </Field>
  );
}

function focus(input: HTMLInputElement | null): void {
  input?.focus();
}

/** Returns the sentence for a login or confirmation that failed; empty where it only asks for the code. */
export function problemOf(error: unknown): string {
  if (!(error instanceof ApiError)) return t("unreachable");
  const { code } = error.body;
  if (code === "code_required") return "";
  return code === "wrong_code" || code === "wrong_login" || code === "wrong_password"
    ? t(code)
    : error.message;
}
