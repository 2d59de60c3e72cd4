// The login.
import { useState } from "preact/hooks";
import { ApiError } from "../api.ts";
import { CodeField, problemOf } from "../components/code_field.tsx";
import { Field, fieldsOf } from "../components/parts.tsx";
import { messages } from "../i18n.ts";
import { logIn } from "../login.ts";
import { SHELL } from "../../i18n/admin/shell.ts";

const t = messages(SHELL);

/** Shows the login form; it asks for a code once the gateway has asked for one. */
export function Login() {
  const [problem, setProblem] = useState("");
  const [coded, setCoded] = useState(false);
  const [busy, setBusy] = useState(false);
  const run = async (fields: Record<string, string>) => {
    setBusy(true);
    try {
      await logIn(fields);
    } catch (error) {
      setProblem(problemOf(error));
      if (error instanceof ApiError && error.body.code === "code_required") setCoded(true);
      setBusy(false);
    }
  };
  return (
    <main class="login">
      <form onSubmit={(event) => void run(fieldsOf(event))}>
        <img src="/static/icon.svg" alt="" />
        <h1>{t("gateway")}</h1>
        <Field label={t("user")}>
          <input name="user" defaultValue="admin" autocomplete="username" required />
        </Field>
        <Field label={t("password")}>
          <input name="password" type="password" autocomplete="current-password" required autofocus />
        </Field>
        {coded && <CodeField />}
        {problem && <p class="answer tone-red" role="alert">{problem}</p>}
        <button type="submit" class="btn primary" disabled={busy}>{t("log_in")}</button>
        <p class="small soft">{t("forgotten")}</p>
      </form>
    </main>
  );
}
