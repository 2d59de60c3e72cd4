// The dialog that asks for the password again, before users, tokens and the like are changed.
import { render } from "preact";
import { useState } from "preact/hooks";
import { ApiError, call } from "../api.ts";
import { messages } from "../i18n.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { CodeField, problemOf } from "./code_field.tsx";
import { Dialog } from "./dialog.tsx";
import { Field } from "./parts.tsx";

const t = messages(SHELL);

/** Asks for the password, over whatever dialog is open. Returns true once the gateway has accepted it, false if the user gives up. */
export async function confirmPassword(): Promise<boolean> {
  const host = document.createElement("div");
  document.body.append(host);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  render(<ConfirmDialog done={resolve} />, host);
  const confirmed = await promise;
  render(null, host);
  host.remove();
  return confirmed;
}

function ConfirmDialog({ done }: { done: (confirmed: boolean) => void }) {
  const [problem, setProblem] = useState<{ text: string; code: boolean }>({ text: "", code: false });
  const run = async ({ password = "", code }: Record<string, string>) => {
    try {
      await call("POST", "/login/confirm", { password, ...(code ? { code } : {}) });
      done(true);
    } catch (error) {
      setProblem({
        text: problemOf(error),
        code: problem.code || (error instanceof ApiError && error.body.code === "code_required"),
      });
    }
  };
  return (
    <Dialog
      title={t("confirm_password")}
      close={() => done(false)}
      submit={{ label: t("confirm"), run: (fields) => void run(fields) }}
    >
      <p>{t("confirm_text")}</p>
      <Field label={t("password")}>
        <input name="password" type="password" required autocomplete="current-password" autofocus />
      </Field>
      {problem.code && <CodeField />}
      {problem.text && <p class="answer tone-red" role="alert">{problem.text}</p>}
    </Dialog>
  );
}
